"""OpenAI's audio API under /v1, with what whisper-api-server.md and openai-tts.md add to it."""

from starlette.routing import Route

from frontend.api.openai import captioned_speech, captions, models, speech, transcriptions, voices
from frontend.envelopes import OpenAIErrorEnvelope
from frontend.family import Family

_ROUTES = [*transcriptions.ROUTES, *speech.ROUTES, *captions.ROUTES, *voices.ROUTES, *models.ROUTES]
_UNVERSIONED = ("/audio/", "/models")
"""What clients call whose base URL lacks /v1."""
_GROQ = "/openai/v1/"
"""Where Groq's SDK expects OpenAI's API."""
_WHISPER_CPP = "/inference"
_KOKORO_FASTAPI = "/dev/"


def _alias(route: Route, path: str) -> Route:
    return Route(path, route.endpoint, methods=route.methods)


FAMILY = Family(
    "OpenAI",
    prefixes=("/v1/", *_UNVERSIONED, _GROQ, _WHISPER_CPP, _KOKORO_FASTAPI),
    routes=[*_ROUTES, *captioned_speech.ROUTES],
    aliases=[
        *(_alias(route, route.path.replace("/v1/", _GROQ, 1)) for route in _ROUTES),
        *(
            _alias(route, path)
            for route in _ROUTES
            if (path := route.path.removeprefix("/v1")).startswith(_UNVERSIONED)
        ),
        _alias(transcriptions.ROUTES[0], _WHISPER_CPP),
    ],
    envelope=OpenAIErrorEnvelope,
)

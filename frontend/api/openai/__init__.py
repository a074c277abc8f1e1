"""OpenAI's audio API under /v1, with what whisper-api-server.md and openai-tts.md add to it."""

from frontend.api.openai import captions, models, speech, transcriptions, voices
from frontend.envelopes import OpenAIErrorEnvelope
from frontend.family import Family

FAMILY = Family(
    "OpenAI",
    prefixes=("/v1/",),
    routes=[*transcriptions.ROUTES, *speech.ROUTES, *captions.ROUTES, *voices.ROUTES, *models.ROUTES],
    envelope=OpenAIErrorEnvelope,
)

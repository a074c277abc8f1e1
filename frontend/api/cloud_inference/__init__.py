"""The cloud inference server's API under /api/v1 (cloud-inference-server.md)."""

from frontend.api.cloud_inference import live, speech_to_speech, text_to_speech, transcribe
from frontend.envelopes import ErrorEnvelope
from frontend.family import Family

FAMILY = Family(
    "Cloud inference server",
    prefixes=("/api/v1/",),
    routes=[*transcribe.ROUTES, *text_to_speech.ROUTES, *speech_to_speech.ROUTES, *live.ROUTES],
    envelope=ErrorEnvelope,
)

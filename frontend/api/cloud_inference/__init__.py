"""The cloud inference server's API under /api/v1 (cloud-inference-server.md)."""

from frontend.api.cloud_inference import live, speech_to_speech, text_to_speech, transcribe

ROUTES = [*transcribe.ROUTES, *text_to_speech.ROUTES, *speech_to_speech.ROUTES, *live.ROUTES]

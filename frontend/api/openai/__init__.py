"""OpenAI's audio API under /v1, with what whisper-api-server.md and openai-tts.md add to it."""

from frontend.api.openai import captions, models, speech, transcriptions, voices

ROUTES = [*transcriptions.ROUTES, *speech.ROUTES, *captions.ROUTES, *voices.ROUTES, *models.ROUTES]

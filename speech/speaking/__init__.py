"""Text to speech: Kokoro, from texts to sound. Never imports hearing."""

"""Text to speech with Kokoro, from text to audio. Never imports speech.hearing."""

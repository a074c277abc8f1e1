"""Speech to text with Whisper, from audio to events. Never imports speech.speaking."""

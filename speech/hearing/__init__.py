"""Speech to text: Whisper, from sound to events. Never imports speaking."""

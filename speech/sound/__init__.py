"""Audio files and live audio to mono float32 samples, and back."""

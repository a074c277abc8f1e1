"""Bytes of any media to mono float32 and back."""

"""Whisper: weights to verified ONNX engines."""

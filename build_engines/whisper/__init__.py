"""Whisper: from weights to verified ONNX engines."""

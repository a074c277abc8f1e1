"""Kokoro-82M: weights to verified ONNX engines, and its voices."""

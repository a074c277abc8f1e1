"""Kokoro-82M: from weights to verified ONNX engines and described voices."""

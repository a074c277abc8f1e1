"""Triton model `transcribe`: speech to text. What it takes and gives is in speech/contract.py."""

from speech.serving.transcribe import TranscribeModel as TritonPythonModel

__all__ = ["TritonPythonModel"]

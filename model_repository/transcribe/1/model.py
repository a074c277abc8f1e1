"""The Triton model `transcribe`: speech to text. Its inputs and outputs are in speech/contract.py."""

from speech.serving.transcribe import TranscribeModel as TritonPythonModel

__all__ = ["TritonPythonModel"]

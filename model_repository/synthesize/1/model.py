"""Triton model `synthesize`: text to speech. What it takes and gives is in speech/contract.py."""

from speech.serving.synthesize import SynthesizeModel as TritonPythonModel

__all__ = ["TritonPythonModel"]

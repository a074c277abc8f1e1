"""The Triton model `synthesize`: text to speech. Its inputs and outputs are in speech/contract.py."""

from speech.serving.synthesize import SynthesizeModel as TritonPythonModel

__all__ = ["TritonPythonModel"]

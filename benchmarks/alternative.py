"""What a user would build without our speech to speech: wait for the end of speech, transcribe all of it with
faster-whisper, then synthesize the whole text with kokoro-onnx.

The weights are the same as ours, decoding is greedy as ours, and each of the two runs in its own process.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile

from benchmarks import provision
from benchmarks.speakers import Speaker, peer
from benchmarks.talkers import GAP_S, VOICE
from benchmarks.transcribe import faster_whisper
from benchmarks.utterances import RATE_HZ, Float, Utterance, room
from speech.speaking.voices import ALIASES
from speech.types import LiveOptions


@dataclass(frozen=True)
class Answer:
    """The answer to an utterance."""

    utterance: Utterance
    final_s: float
    """Seconds from the end of speech to the text."""
    first_audio_s: float
    """Seconds from the end of speech to the first audio."""
    text: str


class Alternative:
    """faster-whisper and kokoro-onnx, one after the other.

    In its favour, the end of speech is detected exactly and at no cost, `endpoint_silence_s` after the last sample.
    """

    name = "alternative"

    def __init__(self, transcribe: Callable[[Path], str], speaker: Speaker) -> None:
        self._transcribe = transcribe
        self._speaker = speaker

    async def talk(self, utterances: Sequence[Utterance], live: LiveOptions, delay_s: float = 0) -> list[Answer]:
        """Answer the utterances, at the same pace as on a connection to our server."""
        await asyncio.sleep(delay_s)
        answers = []
        silence_s = live.endpoint_silence_s
        for utterance in utterances:
            await asyncio.sleep(utterance.seconds + silence_s)
            pcm = np.concatenate([utterance.pcm, room(round(silence_s * RATE_HZ))])
            text, final_s, first_audio_s = await asyncio.to_thread(self.convert, pcm)
            answers.append(Answer(utterance, silence_s + final_s, silence_s + first_audio_s, text))
            await asyncio.sleep(GAP_S)
        return answers

    def convert(self, pcm: Float) -> tuple[str, float, float]:
        """The text of `pcm`, and the seconds until the text and until the audio (all of it at once) are ready."""
        with tempfile.NamedTemporaryFile(suffix=".wav") as file:
            soundfile.write(file.name, pcm, RATE_HZ)
            began = time.perf_counter()
            text = self._transcribe(Path(file.name)).strip()
        final_s = time.perf_counter() - began
        return text, final_s, final_s + self._speaker.speak(text, VOICE, stream=False).first_s


@contextmanager
def alternative() -> Iterator[Alternative]:
    """The alternative, running until the end of the block."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        files = provision.kokoro_files([ALIASES[VOICE]], folder)
        command = [provision.python(), str(provision.PEERS / "speak_kokoro_onnx.py"), *map(str, files)]
        speaker = stack.enter_context(peer("kokoro-onnx", command))
        yield Alternative(stack.enter_context(faster_whisper(beams=1)).transcribe, speaker)

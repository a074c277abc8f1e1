"""What a user would build instead of speech to speech: wait for the end, have faster-whisper transcribe the whole, then
have kokoro-onnx say the whole. The same weights; each in a process of its own; greedy, as ours is.
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
    """Seconds from the end of speech to the text and to the first audio, and the text."""

    utterance: Utterance
    final_s: float
    first_audio_s: float
    text: str


class Alternative:
    """Its endpoint decision costs nothing and is exact: `endpoint_silence_s` after the last sample of speech."""

    name = "alternative"

    def __init__(self, transcribe: Callable[[Path], str], speaker: Speaker) -> None:
        self._transcribe = transcribe
        self._speaker = speaker

    async def talk(self, utterances: Sequence[Utterance], live: LiveOptions, delay_s: float = 0) -> list[Answer]:
        """The same turns at the same pace as on a connection to ours."""
        await asyncio.sleep(delay_s)
        answers = []
        silence_s = live.endpoint_silence_s
        for utterance in utterances:
            await asyncio.sleep(utterance.seconds + silence_s)
            heard = np.concatenate([utterance.pcm, room(round(silence_s * RATE_HZ))])
            text, final_s, first_audio_s = await asyncio.to_thread(self.convert, heard)
            answers.append(Answer(utterance, silence_s + final_s, silence_s + first_audio_s, text))
            await asyncio.sleep(GAP_S)
        return answers

    def convert(self, pcm: Float) -> tuple[str, float, float]:
        """The text, and the seconds from now to it and to the first audio, which is all of it."""
        with tempfile.NamedTemporaryFile(suffix=".wav") as file:
            soundfile.write(file.name, pcm, RATE_HZ)
            began = time.perf_counter()
            text = self._transcribe(Path(file.name)).strip()
        final_s = time.perf_counter() - began
        return text, final_s, final_s + self._speaker.speak(text, VOICE, stream=False).first_s


@contextmanager
def alternative() -> Iterator[Alternative]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        files = provision.kokoro_files([ALIASES[VOICE]], folder)
        command = [provision.python(), str(provision.PEERS / "speak_kokoro_onnx.py"), *map(str, files)]
        speaker = stack.enter_context(peer("kokoro-onnx", command))
        yield Alternative(stack.enter_context(faster_whisper(beams=1)).transcribe, speaker)

"""The buffer of a stream's audio."""

import numpy as np

from speech.hearing.audio_buffer import AudioBuffer


def buffer() -> AudioBuffer:
    """Chunks of 3, 0, 4 and 2 samples; each sample's value is its position."""
    audio = AudioBuffer()
    for start, stop in ((0, 3), (3, 3), (3, 7), (7, 9)):
        audio.push(np.arange(start, stop, dtype=np.float32))
    return audio


def test_audio_is_copied_across_chunks() -> None:
    assert buffer().copy(2, 8).tolist() == [2, 3, 4, 5, 6, 7]
    assert buffer().end == len(buffer()) == 9


def test_whole_chunks_are_dropped_and_positions_stay() -> None:
    audio = buffer()
    audio.drop(5)
    assert len(audio) == 6
    assert audio.copy(5, 9).tolist() == [5, 6, 7, 8]
    audio.drop(9)
    assert (len(audio), audio.end) == (0, 9)


def test_a_copy_holds_only_what_is_there() -> None:
    audio = buffer()
    audio.drop(3)
    assert audio.copy(1, 20).tolist() == [3, 4, 5, 6, 7, 8]

"""The figures of the benchmark of speech, computed from recorded answers. No server and no peer runs."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from benchmarks.report import goals, report
from benchmarks.round_trip import Heard, compare, error_rates, round_trip, wrong
from benchmarks.sentences import SENTENCES, TIMED, Sentence
from benchmarks.speakers import Speech, peer
from benchmarks.synthesize import first_audio, speed

PEER = """
import json, sys
print(json.dumps({"ready": True}), flush=True)
for line in sys.stdin:
    asked = json.loads(line)
    if asked["text"] == "fail":
        print(json.dumps({"id": asked["id"], "error": "no"}), flush=True)
        continue
    for word in asked["text"].split():
        print(json.dumps({"id": asked["id"], "samples": 2400, "rate": 24000}), flush=True)
    print(json.dumps({"id": asked["id"], "done": True}), flush=True)
"""


class Clockwork:
    """A speaker with fixed times: 0.4 s of audio for each word, in two pieces, at the real-time factor `rtf`."""

    def __init__(self, name: str, rtf: float) -> None:
        self.name, self._rtf = name, rtf

    def speak(self, text: str, voice: str, stream: bool) -> Speech:
        audio_s = 0.4 * len(text.split())
        half = audio_s / 2
        return Speech(((self._rtf * half, half), (self._rtf * audio_s, half)), self._rtf * audio_s)

    def wav(self, text: str, voice: str) -> bytes:
        return f"{voice}|{text}".encode()


class Ear:
    """A listener that understands everything except the last word of the voice `mumble`."""

    def hear(self, wav: bytes) -> str:
        voice, _, text = wav.decode().partition("|")
        return text.rpartition(" ")[0] if voice == "mumble" else text


def test_slack_is_the_smallest_lead_over_the_player() -> None:
    # The player starts at 1.0 s and needs the second piece at 1.5 s and the third at 2.0 s.
    assert Speech(((1.0, 0.5), (1.2, 0.5), (1.9, 0.5)), 2.0).slack_s == pytest.approx(0.1)
    assert Speech(((1.0, 0.5), (1.6, 0.5)), 1.6).slack_s == pytest.approx(-0.1)
    assert Speech(((1.0, 0.5),), 1.0).slack_s == float("inf")


def test_texts_have_the_right_number_and_length() -> None:
    assert {len(text.split()) for text in TIMED[5]} == {5}
    assert {words: len(texts) for words, texts in TIMED.items()} == {5: 4, 20: 4, 60: 4}
    assert all(len(text.split()) == words for words, texts in TIMED.items() for text in texts)
    assert len({sentence.text for sentence in SENTENCES}) >= 60
    assert sum(len(sentence.text.split()) for sentence in SENTENCES) >= 600


def test_any_correct_spelling_counts_as_correct() -> None:
    sentence = Sentence("It costs $3.50 now.", ("It costs three fifty now.",))
    assert compare(sentence, "It costs three fifty now")[1] == 0
    assert compare(sentence, "It costs $3.50 now!")[1] == 0
    assert compare(sentence, "It costs $3.50")[1:] == (1, "now>")


@pytest.mark.parametrize("sentence", SENTENCES, ids=lambda sentence: sentence.text[:30])
def test_other_spellings_differ_from_the_sentence(sentence: Sentence) -> None:
    for written in sentence.also:
        assert compare(Sentence(sentence.text), written)[1] > 0


def test_error_rates_are_of_words_by_voice() -> None:
    heard = round_trip(Clockwork("tritone", 1), Ear(), [Sentence("we walked home together")], ("alloy", "mumble"), 2)
    rates = {row["voice"]: row["wer_percent"] for row in error_rates(heard)}
    assert rates == {"alloy": 0, "mumble": 25, "all": 12.5}
    assert [(row["voice"], row["changes"]) for row in wrong(heard)] == [("mumble", "together>")]


def test_shares_are_ours_over_theirs_and_goals_read_them() -> None:
    speakers = [Clockwork("tritone", 0.1), Clockwork("kokoro-onnx", 0.2), Clockwork("piper", 0.05)]
    result = {
        "speed": speed(speakers, "alloy", rounds=2, texts=2),
        "first_audio": first_audio(speakers, "alloy", rounds=2, texts=2),
        "round_trip": error_rates([Heard("tritone", "alloy", "a", "a", 100, 3, "")]),
        "wrong": [],
    }
    whole = {row["who"]: row for row in result["speed"] if row["words"] == "all"}
    assert whole["kokoro-onnx"]["rtf"] == pytest.approx(0.2)
    assert whole["kokoro-onnx"]["rtf_share"] == 0.5
    assert whole["piper"]["rtf_share"] == 2
    assert [line.startswith("met") for line in goals(result)] == [True, False, True, False]
    assert "| 60 | 4 | kokoro-onnx | 2.40 s | 2.40 s | 0.50 | 2 |  |" in report(result, worst=3)
    json.dumps(result)


def test_a_peer_answers_several_at_once_and_says_when_it_fails(tmp_path: Path) -> None:
    script = tmp_path / "peer.py"
    script.write_text(PEER)
    with peer("echo", [sys.executable, str(script)]) as speaker:
        assert speaker.speak("one two three", "alloy", stream=True).audio_s == pytest.approx(0.3)
        with pytest.raises(RuntimeError, match="echo failed at 'fail'"):
            speaker.speak("fail", "alloy", stream=True)

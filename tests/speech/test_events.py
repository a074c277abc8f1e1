"""Events are written to JSON and read back, and their names are spelled in one file only."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import numpy as np
import pytest

from speech.events import ALL_EVENTS, Audio, Done, Failure, Final, Segment, UnknownEvent, Word, from_client, from_json

ROOT = Path(__file__).parents[2]
NAMES = {event.type for event in ALL_EVENTS}
WORD = Word(word=" Hi", start=0.0, end=0.5, probability=0.9)
SEGMENT = Segment(
    id=0,
    seek=0,
    start=0.0,
    end=0.5,
    text=" Hi",
    tokens=(50364, 2421, 50389),
    temperature=0.0,
    avg_logprob=-0.2,
    compression_ratio=0.8,
    no_speech_prob=0.01,
    language="en",
    words=(WORD,),
)


def test_a_segment_is_read_back() -> None:
    assert from_json(SEGMENT.to_json()) == SEGMENT
    assert json.loads(SEGMENT.to_json())["type"] == "segment"


def test_unknown_fields_of_a_newer_server_are_kept() -> None:
    newer = json.loads(SEGMENT.to_json()) | {"speaker": "A"}
    newer["words"][0]["speaker"] = "A"
    for read in (from_json, from_client):
        assert json.loads(read(json.dumps(newer)).to_json()) == newer
    assert from_json(json.dumps(newer)).get("speaker") == "A"


def test_unknown_events_of_a_newer_server_are_kept() -> None:
    text = '{"type": "speaker_changed", "speaker": "B"}'
    event = from_json(text)
    assert isinstance(event, UnknownEvent) and event.type == "speaker_changed"
    assert json.loads(event.to_json()) == json.loads(text)


def test_samples_are_left_out_of_the_json() -> None:
    event = Audio(id=0, start=0.0, pcm=np.ones(3, np.float32))
    assert json.loads(event.to_json()) == {"type": "audio", "id": 0, "start": 0.0}


def test_missing_figures_are_left_out() -> None:
    event = Final(id=1, start=0.0, end=1.0, language=None, text="")
    expected = {"type": "final", "id": 1, "start": 0.0, "end": 1.0, "language": None, "text": "", "words": []}
    assert json.loads(event.to_json()) == expected
    assert json.loads(Failure(code="x", message="y", param=None).to_json())["param"] is None


@pytest.mark.parametrize("text", ["", "[]", '"final"', '{"a": 1}', '{"type": 5}', "[" * 100_000])
def test_json_without_a_type_is_refused(text: str) -> None:
    for read in (from_json, from_client):
        with pytest.raises(ValueError):
            read(text)


def test_a_known_event_with_other_fields_is_kept_as_an_unknown_one() -> None:
    text = '{"type": "final", "id": 7}'
    with pytest.raises(ValueError, match="Final"):
        from_json(text)
    event = from_client(text)
    assert (event.type, event.get("id"), event.to_json()) == ("final", 7, text)
    assert not isinstance(event, Final)


def test_types_are_unique() -> None:
    assert len(NAMES) == len(ALL_EVENTS)


SPELLED_ELSEWHERE = {
    ("frontend/streams.py", "error"): "OpenAI's server-sent event of the same name",
    ("frontend/live/sockets.py", "error"): "the WebSocket's envelope of an error, in the shape of its API family",
}
"""Strings that equal the name of an event, but mean something else."""


def spelled(tree: ast.AST) -> set[str]:
    """Names of events that a module spells as strings.

    An ambiguous name counts only as a type, as in `x.type == "final"` and `{"type": "done"}`. Other names always count.
    """
    found: set[object] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            operands = [node.left, *node.comparators]
            if any(isinstance(one, ast.Attribute) and one.attr == "type" for one in operands) or any(
                isinstance(one, ast.Subscript) and getattr(one.slice, "value", None) == "type" for one in operands
            ):
                found |= {part.value for one in operands for part in ast.walk(one) if isinstance(part, ast.Constant)}
        elif isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                if isinstance(key, ast.Constant) and key.value == "type" and isinstance(value, ast.Constant):
                    found.add(value.value)
        elif isinstance(node, ast.Constant) and node.value in NAMES - AMBIGUOUS:
            found.add(node.value)
    return {name for name in NAMES if name in found}


AMBIGUOUS = {"segment", "audio", "models", "error", "done", "final", "partial", "progress"}
"""Names of events that are also names of parameters, fields and the like."""


@pytest.mark.parametrize("folder", ["speech", "frontend", "tritone", "model_repository"])
def test_names_of_events_are_spelled_in_one_file(folder: str) -> None:
    strays = {
        (str(file.relative_to(ROOT)), name)
        for file in sorted((ROOT / folder).rglob("*.py"))
        if file != ROOT / "speech" / "events.py"
        for name in spelled(ast.parse(file.read_text()))
    }
    assert strays - SPELLED_ELSEWHERE.keys() == set(), "use the classes of speech/events.py"


def test_the_search_finds_names() -> None:
    code = 'if event.type == "final" or event["type"] in ("done",): send({"type": "segment"}, "audio_done", "audio")'
    assert spelled(ast.parse(code)) == {"final", "done", "segment", "audio_done"}


def test_whole_numbers_are_read_as_floats() -> None:
    event = from_json('{"type":"done","language":"en","language_probability":1,"duration":2,"model":"m","task":"t"}')
    assert event == Done(language="en", language_probability=1.0, duration=2.0, model="m", task="t")

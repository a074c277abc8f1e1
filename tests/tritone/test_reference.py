"""The printed parts of docs/ are what the code says now."""

from __future__ import annotations

from pathlib import Path

import pytest

from speech.events import ALL_EVENTS, Event
from tritone import reference


@pytest.mark.parametrize("page", sorted(reference.pages()), ids=lambda page: page.name)
def test_a_page_is_up_to_date(page: Path) -> None:
    assert page.read_text("utf-8") == reference.pages()[page], f"{page.name} is stale; run: python -m tritone.reference"


@pytest.mark.parametrize("kind", ALL_EVENTS, ids=lambda kind: kind.type)
def test_every_field_of_an_event_is_documented(kind: type[Event]) -> None:
    assert reference.field_docs(kind).keys() >= {one.name for one in kind.json_fields()}
    assert kind.__doc__


def test_the_reference_names_tensors_parameters_and_events() -> None:
    text = reference.model_reference() + reference.event_reference()
    for name in ("AUDIO_IN", "endpoint_silence_s", "no_speech_prob", "speech_started", "text_start"):
        assert f"`{name}`" in text or f"## {name}" in text

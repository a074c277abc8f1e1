"""Replies to requests of `synthesize` that record what is sent."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from speech.errors import SpeechError
from speech.events import Audio, Event
from speech.speaking.text_queue import SynthesisReply


@dataclass(frozen=True)
class Response:
    """A response to the request `name`."""

    index: int
    name: str
    event: dict[str, Any]
    samples: int


@dataclass
class RecordedReplies:
    """The responses to all requests of a test, in the order in which they were sent."""

    responses: list[Response] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)
    failed: dict[str, SpeechError] = field(default_factory=dict)
    cancelled: set[str] = field(default_factory=set)
    """Names of requests whose client has gone."""

    def reply(self, name: str) -> SynthesisReply:
        """The reply to a request; its name tells the requests of a test apart."""
        return _Reply(self, name)

    @property
    def types(self) -> list[tuple[str, str]]:
        """The name of each response's request, and its event's type."""
        return [(response.name, response.event["type"]) for response in self.responses]


@dataclass
class _Reply:
    replies: RecordedReplies
    name: str

    def send(self, index: int, event: Event) -> None:
        samples = len(event.pcm) if isinstance(event, Audio) else 0
        response = Response(index, self.name, {"type": event.type, **event.to_dict()}, samples)
        self.replies.responses.append(response)

    def fail(self, error: SpeechError) -> None:
        self.replies.failed[self.name] = error

    def close(self) -> None:
        self.replies.closed.append(self.name)

    def is_cancelled(self) -> bool:
        return self.name in self.replies.cancelled

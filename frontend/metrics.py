"""Counters and histograms of what the server does, for Prometheus."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from starlette.types import Scope

from speech.contract import Model
from speech.events import Audio, AudioDone, Done, Event, Segment

UNKNOWN_ROUTE = "unknown"
"""The label of all paths that no route has, so that clients cannot make labels."""
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800)
_FACTORS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 5)


class Metrics:
    """All metrics of one frontend. Times are wall-clock seconds; `model` is the served model's name."""

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        self.requests = Counter("tritone_requests", "HTTP requests", ["method", "route", "status"], registry=registry)
        self.request_seconds = Histogram(
            "tritone_request_seconds",
            "From the start of a request to the end of its answer",
            ["route"],
            buckets=_SECONDS,
            registry=registry,
        )
        self.sockets = Gauge("tritone_websockets", "Open WebSockets", registry=registry)
        self.running = Gauge("tritone_requests_running", "Requests that have a place", registry=registry)
        self.waiting = Gauge("tritone_requests_waiting", "Requests that wait for a place", registry=registry)
        self.audio_in = Counter(
            "tritone_audio_in_seconds", "Seconds of audio transcribed", ["model"], registry=registry
        )
        self.audio_out = Counter(
            "tritone_audio_out_seconds", "Seconds of speech synthesized", ["model"], registry=registry
        )
        self.first_text = Histogram(
            "tritone_first_text_seconds",
            "From the start of the work to the first text of a transcript",
            ["model"],
            buckets=_SECONDS,
            registry=registry,
        )
        self.first_audio = Histogram(
            "tritone_first_audio_seconds",
            "From the start of the work to the first audio of speech",
            ["model"],
            buckets=_SECONDS,
            registry=registry,
        )
        self.real_time_factor = Histogram(
            "tritone_real_time_factor",
            "Seconds of work for each second of audio, of files and of texts",
            ["model"],
            buckets=_FACTORS,
            registry=registry,
        )

    def count_request(self, scope: Scope, status: int, elapsed_s: float) -> None:
        """Count an HTTP request that was answered."""
        route = getattr(scope.get("route"), "path_format", UNKNOWN_ROUTE)
        self.requests.labels(scope["method"], route, status).inc()
        self.request_seconds.labels(route).observe(elapsed_s)

    def count(self, model: Model, event: Event) -> None:
        """Count the audio that the model has worked on, when the event says how much it was."""
        if isinstance(event, Done):
            self.audio_in.labels(model.name).inc(event.duration)
        elif isinstance(event, AudioDone):
            self.audio_out.labels(model.name).inc(event.duration or 0.0)

    def time(self, model: Model, event: Event, is_first: bool, elapsed_s: float) -> None:
        """Measure the answer of a model to a file or a text: its first result, and how long all of it took."""
        if is_first and isinstance(event, Segment):
            self.first_text.labels(model.name).observe(elapsed_s)
        elif is_first and isinstance(event, Audio):
            self.first_audio.labels(model.name).observe(elapsed_s)
        elif isinstance(event, model.last_events) and isinstance(event, Done | AudioDone) and event.duration:
            self.real_time_factor.labels(model.name).observe(elapsed_s / event.duration)

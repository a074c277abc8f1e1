"""The objects that live as long as the application; endpoints find them in `request.state`."""

from __future__ import annotations

from typing import TypedDict

from frontend.gate import Gate
from frontend.live.sockets import Sockets
from frontend.metrics import Metrics
from frontend.requests.body import Bodies
from frontend.service import Service
from frontend.triton import Triton


class AppState(TypedDict):
    """Made when the application starts, because the gRPC connection belongs to the running event loop."""

    triton: Triton
    service: Service
    bodies: Bodies
    sockets: Sockets
    gate: Gate
    metrics: Metrics
    open_metrics: bool
    send_timeout_s: float
    started: float  # time.time()

"""What lives as long as the application; endpoints find it in `request.state`."""

from __future__ import annotations

from typing import TypedDict

from frontend.live.sockets import Sockets
from frontend.requests.uploads import Uploads
from frontend.service import Service
from frontend.triton import Triton


class AppState(TypedDict):
    """Made when the application starts, since the gRPC connection belongs to the running event loop."""

    triton: Triton
    service: Service
    uploads: Uploads
    sockets: Sockets
    send_timeout_s: float
    started: float  # time.time()

"""Ports of this machine: find a free one, or claim a given one."""

from __future__ import annotations

import socket


class PortBusyError(Exception):
    """Another process listens on the port."""


def claim(host: str, port: int) -> socket.socket:
    """A socket that listens on `host:port` (0 is any free port); clients wait until their connection is accepted."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    claimed = socket.socket(family, socket.SOCK_STREAM)
    claimed.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        claimed.bind((host, port))
        claimed.listen()  # after bind alone another process could bind it too
    except OSError as error:
        claimed.close()
        raise PortBusyError(f"cannot listen on {host}:{port} ({error.strerror})") from error
    return claimed


def free_port(host: str, port: int = 0) -> int:
    """`port`, or any free port for 0; PortBusyError if it is taken."""
    with claim(host, port) as claimed:
        number: int = claimed.getsockname()[1]
        return number

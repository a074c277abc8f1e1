"""Ports of this machine: find a free one, claim a given one, name a busy one."""

from __future__ import annotations

import socket


class PortBusyError(Exception):
    """Somebody else listens where we should."""


def claim(host: str, port: int) -> socket.socket:
    """A socket that listens on `host:port` (port 0: any free one); clients wait until somebody accepts."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    claimed = socket.socket(family, socket.SOCK_STREAM)
    claimed.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        claimed.bind((host, port))
        claimed.listen()  # binding alone would let another process bind, too
    except OSError as error:
        claimed.close()
        raise PortBusyError(f"cannot listen on {host}:{port} ({error.strerror})") from error
    return claimed


def free_port(host: str, port: int = 0) -> int:
    """`port` if it is free, or any free one for 0; PortBusyError names it otherwise."""
    with claim(host, port) as claimed:
        number: int = claimed.getsockname()[1]
        return number

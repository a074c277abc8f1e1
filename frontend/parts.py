"""Large messages in parts. The time limit for sending applies to each part, so that it ends connections whose client
has stopped reading, but not those whose client reads slowly."""

from __future__ import annotations

from collections.abc import Iterator

PART_BYTES = 64 * 1024


def in_parts(data: bytes) -> Iterator[bytes]:
    """All of `data` in parts of at most PART_BYTES, none of them empty."""
    for start in range(0, len(data), PART_BYTES):
        yield data[start : start + PART_BYTES]

"""Large messages in parts. The time limit of a send is one for each part: it ends connections that are not read, and
not those that are read slowly."""

from __future__ import annotations

from collections.abc import Iterator

PART_BYTES = 64 * 1024


def in_parts(data: bytes) -> Iterator[bytes]:
    """All of `data` in parts of at most PART_BYTES, none of them empty."""
    for start in range(0, len(data), PART_BYTES):
        yield data[start : start + PART_BYTES]

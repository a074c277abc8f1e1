"""Rate limits: how many requests a client may send in a time."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import structlog
from limits import RateLimitItem
from limits.aio.storage import MemoryStorage, Storage
from limits.aio.strategies import MovingWindowRateLimiter
from limits.storage import storage_from_string
from pydantic import SecretStr

from speech.errors import RateLimited

log = structlog.get_logger()


@dataclass(frozen=True)
class Usage:
    """What is left of the limit that is nearest to its end."""

    limit: int
    remaining: int
    reset_s: int
    """Seconds until the limit is whole again."""

    HEADERS: ClassVar = ("x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset")

    def headers(self) -> dict[str, str]:
        values = (self.limit, self.remaining, self.reset_s)
        return {name: str(value) for name, value in zip(self.HEADERS, values, strict=True)}


class RateLimits:
    """Counts the requests of each client in moving windows: in Redis if there is one, so that several frontends share
    the counts. While Redis does not answer, this process counts alone."""

    def __init__(self, limits: Sequence[RateLimitItem], redis_url: SecretStr | None = None) -> None:
        self._limits = sorted(limits)
        self._alone = MovingWindowRateLimiter(MemoryStorage())
        self._shared = MovingWindowRateLimiter(_redis(redis_url)) if redis_url and limits else None

    async def hit(self, client: str) -> Usage | None:
        """Count a request of `client`; None without limits. Raises RateLimited, and counts nothing, above a limit."""
        if not self._limits:
            return None
        if self._shared is not None:
            try:
                return await self._hit(self._shared, client)
            except RateLimited:
                raise
            except Exception as error:  # Redis' and the network's, of many types
                log.warning("rate limits are not shared", error=repr(error))
        return await self._hit(self._alone, client)

    async def _hit(self, limiter: MovingWindowRateLimiter, client: str) -> Usage:
        for limit in self._limits:
            if not await limiter.test(limit, client):
                usage = await self._usage(limiter, limit, client)
                raise RateLimited(f"Rate limit exceeded: {limit}", retry_after_s=usage.reset_s)
        for limit in self._limits:
            await limiter.hit(limit, client)
        usages = [await self._usage(limiter, limit, client) for limit in self._limits]
        return min(usages, key=lambda usage: usage.remaining / usage.limit)

    async def _usage(self, limiter: MovingWindowRateLimiter, limit: RateLimitItem, client: str) -> Usage:
        reset_at, remaining = await limiter.get_window_stats(limit, client)
        return Usage(limit.amount, remaining, max(1, math.ceil(reset_at - time.time())))


def _redis(url: SecretStr) -> Storage:
    storage = storage_from_string(f"async+{url.get_secret_value()}", implementation="redispy")
    assert isinstance(storage, Storage)
    return storage

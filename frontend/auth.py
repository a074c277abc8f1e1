"""API keys: who may use the server, and which client a request belongs to."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Sequence

from pydantic import SecretStr
from starlette.datastructures import Headers, QueryParams
from starlette.types import Scope

from speech.errors import Unauthorized

_HASHED = re.compile(r"(?:(?P<name>[^:]+):)?sha256:(?P<digest>[0-9a-fA-F]{64})")
_SUBPROTOCOL = "openai-insecure-api-key."
"""How OpenAI's SDK sends the key from a browser, which cannot set headers of a WebSocket."""
_CLIENT = "tritone.client"


def client_of(scope: Scope) -> str:
    """The name of the key that the request was sent with; "" if the server has no keys."""
    name: str = scope.get(_CLIENT, "")
    return name


class ApiKeys:
    """The keys of API_KEY. Each is a key or `sha256:` and its hash in hexadecimal, and may have a name before it:
    `alice:key`. Raises ValueError for an empty key, and for a name that is given twice."""

    def __init__(self, entries: Sequence[SecretStr]) -> None:
        self._names: dict[bytes, str] = {}
        for entry in entries:
            name, digest = _parse(entry.get_secret_value())
            if name in self._names.values():
                raise ValueError(f"{name!r} is given twice; give each key a name of its own, as in alice:key")
            self._names[digest] = name

    def check(self, scope: Scope) -> None:
        """Find out who sent the request. Raises Unauthorized for a wrong key or none."""
        if not self._names:
            return
        key = _key(scope)
        if not key:
            raise Unauthorized("no API key; send it in the header Authorization: Bearer KEY")
        given = hashlib.sha256(key.encode()).digest()
        # Every key is compared, in constant time, so that the time says nothing about a key.
        found = [name for digest, name in self._names.items() if hmac.compare_digest(digest, given)]
        if not found:
            raise Unauthorized("this API key is not known; API_KEY of the server lists the keys")
        scope[_CLIENT] = found[0]


def subprotocol_of(scope: Scope) -> str | None:
    """The subprotocol to accept a WebSocket with. Browsers close it unless the server takes one that they offered."""
    offered: list[str] = scope.get("subprotocols", [])
    return next((name for name in offered if not name.startswith(_SUBPROTOCOL)), next(iter(offered), None))


def _parse(entry: str) -> tuple[str, bytes]:
    """The name and the SHA-256 of a key. Without a name, the name is made from the hash."""
    if hashed := _HASHED.fullmatch(entry):
        name, digest = hashed["name"] or "", bytes.fromhex(hashed["digest"])
    else:
        before, separator, after = entry.partition(":")
        name, key = (before, after) if separator else ("", entry)
        if not key or (separator and not name):
            raise ValueError("a key is empty; write key, name:key, or name:sha256:HASH, comma separated")
        digest = hashlib.sha256(key.encode()).digest()
    return name or f"key-{digest.hex()[:8]}", digest


def _key(scope: Scope) -> str:
    scheme, _, key = Headers(scope=scope).get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and key.strip():
        return key.strip()
    if scope["type"] != "websocket":
        return ""
    offered: list[str] = scope.get("subprotocols", [])
    in_protocol = (name.removeprefix(_SUBPROTOCOL) for name in offered if name.startswith(_SUBPROTOCOL))
    return next(in_protocol, "") or QueryParams(scope["query_string"]).get("api_key", "")

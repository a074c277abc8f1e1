"""What Triton requests carry, read and checked."""

from __future__ import annotations

import json
from typing import Any

import triton_python_backend_utils as pb
from numpy.typing import NDArray

from speech import contract
from speech.errors import BadParameter, TooLong
from speech.events import Event, from_client


def tensor(request: Any, name: str) -> NDArray[Any]:
    """The input `name` of a request, which has it."""
    array: NDArray[Any] = pb.get_input_tensor_by_name(request, name).as_numpy()
    return array


def optional_tensor(request: Any, name: str) -> NDArray[Any] | None:
    """The input `name` of a request; None if the client left it out."""
    given = pb.get_input_tensor_by_name(request, name)
    return None if given is None else given.as_numpy()


def parameters(request: Any) -> dict[str, Any]:
    """The request parameters, not yet checked."""
    given: dict[str, Any] = json.loads(request.parameters() or "{}")
    return given


def text_of(request: Any) -> str:
    """TEXT; TooLong if it is longer than one request may carry."""
    text = bytes(tensor(request, contract.TEXT).reshape(-1)[0]).decode(errors="replace")
    if len(text) > contract.MAX_TEXT:
        raise TooLong(f"TEXT has {len(text)} characters; at most {contract.MAX_TEXT} are said at once", contract.TEXT)
    return text


def event_of(request: Any) -> Event | None:
    """EVENT, or None without one; BadParameter if it is no JSON object with a type."""
    encoded = optional_tensor(request, contract.EVENT)
    if encoded is None:
        return None
    try:
        event = from_client(bytes(encoded.reshape(-1)[0]))
    except ValueError as error:
        raise BadParameter(f"EVENT is not an event in JSON: {error}", contract.EVENT) from None
    if not isinstance(event.get("language") or "", str):
        raise BadParameter("EVENT: language must be a string", contract.EVENT)
    return event

"""Reads and checks the tensors and parameters of Triton requests."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import numpy as np
import triton_python_backend_utils as pb
from numpy.typing import NDArray

from speech import contract
from speech.errors import BadParameter, TooLong
from speech.events import Event, from_client


@dataclass(frozen=True)
class AudioRequest:
    """A request of `transcribe`: a chunk of a sequence."""

    sequence: int
    """Id of the sequence."""
    audio: NDArray[np.float32]
    """float32 [samples], mono, 16 kHz; not yet checked."""
    is_first: bool
    """Whether the sequence starts with this chunk."""
    is_last: bool
    """Whether the sequence ends with this chunk."""
    parameters: dict[str, Any]
    """The request parameters, not yet checked."""
    sender: Any
    """Triton's response sender."""

    @staticmethod
    def read(request: Any) -> AudioRequest:
        """A Triton request as an AudioRequest."""
        return AudioRequest(
            sequence=int(tensor(request, contract.SEQUENCE_ID).reshape(-1)[0]),
            audio=np.array(tensor(request, contract.AUDIO), dtype=np.float32).reshape(-1),
            is_first=bool(tensor(request, contract.SEQUENCE_START).reshape(-1)[0]),
            is_last=bool(tensor(request, contract.SEQUENCE_END).reshape(-1)[0]),
            parameters=raw_parameters(request),
            sender=request.get_response_sender(),
        )


def tensor(request: Any, name: str) -> NDArray[Any]:
    """An input that every request has."""
    array: NDArray[Any] = pb.get_input_tensor_by_name(request, name).as_numpy()
    return array


def optional_tensor(request: Any, name: str) -> NDArray[Any] | None:
    """An optional input; None if the client left it out."""
    found = pb.get_input_tensor_by_name(request, name)
    return None if found is None else found.as_numpy()


def raw_parameters(request: Any) -> dict[str, Any]:
    """The request parameters, not yet checked."""
    parameters: dict[str, Any] = json.loads(request.parameters() or "{}")
    return parameters


def read_text(request: Any) -> str:
    """The input TEXT. Raises: TooLong if it has more than MAX_TEXT characters."""
    text = bytes(tensor(request, contract.TEXT).reshape(-1)[0]).decode(errors="replace")
    if len(text) > contract.MAX_TEXT:
        message = f"TEXT has {len(text)} characters; one request takes at most {contract.MAX_TEXT}"
        raise TooLong(message, contract.TEXT)
    return text


def read_event(request: Any) -> Event | None:
    """The input EVENT; None if the client left it out. Raises: BadParameter if it is not an event in JSON."""
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


def read_index(request: Any) -> int:
    """The input INDEX; 0 if the client left it out."""
    index = optional_tensor(request, contract.INDEX)
    return 0 if index is None else int(index.reshape(-1)[0])

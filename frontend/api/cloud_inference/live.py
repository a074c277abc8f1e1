"""The two WebSockets of the cloud inference server (cloud-inference-server.md)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace

from starlette.routing import WebSocketRoute

from frontend.audio_output import pieces
from frontend.live.barge_in import interruptible, repeat_heard
from frontend.live.exchange import END, answer_live, read_message
from frontend.live.sockets import Socket, SocketEndpoint
from frontend.openapi.operation import documented_socket
from frontend.requests.conversation import ConversationRequest, ListenRequest
from frontend.service import AudioChunks, Service
from speech.errors import BadParameter, DeadlineExceeded
from speech.events import Audio, AudioStarted, Done, Event, Final, Progress
from speech.types import SynthesizeOptions, TranscribeOptions

CONFIGURATION_TIMEOUT_S = 30.0
EXAMPLE = {"stt_model": "whisper-1", "tts_model": "tts-1", "voice": "alloy", "language": "en", "duration": 10}
_REPLIES = {"transcript": repeat_heard}
"""The functions that choose the answer, by the value of `reply`."""


@documented_socket(ListenRequest, "query")
async def stream_transcribe(socket: Socket) -> None:
    """Transcribe live speech.

    Send audio in binary messages. The server sends the text of each finished utterance as a text message, or with
    format=json each event.
    """
    wanted, service = ListenRequest.read(socket.query), socket.state["service"]
    options = await wanted.transcription_options(service)

    async def answer(sound: AudioChunks) -> None:
        async with aclosing(service.listen(sound, options, wanted.live(), wanted.duration)) as events:
            async for event in events:
                if wanted.format == "json" and not isinstance(event, Progress):
                    await socket.send(event.to_json(ascii_only=False))
                elif wanted.format == "text" and isinstance(event, Final) and event.text:
                    await socket.send(event.text)

    await answer_live(socket, wanted.encoding, wanted.sample_rate, answer)


@documented_socket(ConversationRequest, "first message", {"cloud-inference-server.md": EXAMPLE})
async def stream_speech_to_speech(socket: Socket) -> None:
    """Repeat live speech in another voice, while it is being spoken.

    Send the configuration as a text message, then audio in binary messages. The server sends events as JSON, and the
    converted audio as binary messages that make up one continuous file.
    """
    wanted = ConversationRequest.read(await _configuration(socket))
    service: Service = socket.state["service"]
    transcription = await wanted.transcription_options(service)
    synthesis = wanted.synthesis_options(await wanted.speech_model(service))

    async def answer(sound: AudioChunks) -> None:
        async with aclosing(_events(service, wanted, sound, transcription, synthesis)) as events:
            await _send(socket, events, wanted.response_format)

    await answer_live(socket, wanted.encoding, wanted.sample_rate, answer)


async def _configuration(socket: Socket) -> dict[str, object]:
    try:
        async with asyncio.timeout(CONFIGURATION_TIMEOUT_S):
            message = await socket.receive()
    except TimeoutError:
        raise DeadlineExceeded(f"no configuration within {CONFIGURATION_TIMEOUT_S:g} s") from None
    if not isinstance(message, str):
        raise BadParameter('the first message must be the configuration as text, as in {"voice": "alloy"}')
    fields = read_message(message)
    if fields.get("type") == END:
        raise BadParameter('the sound ends before its configuration; send that first, as in {"voice": "alloy"}', "type")
    return fields


def _events(
    service: Service,
    wanted: ConversationRequest,
    sound: AudioChunks,
    transcription: TranscribeOptions,
    synthesis: SynthesizeOptions,
) -> AsyncGenerator[Event, None]:
    if not wanted.interrupt:
        return service.converse_live(sound, transcription, synthesis, wanted.live(), wanted.duration)

    def say(text: str, language: str) -> AsyncGenerator[Event, None]:
        return service.synthesize(text, replace(synthesis, language=synthesis.language or language))

    heard = service.listen(sound, transcription, wanted.live(), wanted.duration)
    return interruptible(heard, _REPLIES[wanted.reply], say)


async def _send(socket: Socket, events: AsyncGenerator[Event, None], response_format: str) -> None:
    """Send each event as it comes, and the audio of an utterance between its `audio_started` and its `audio_done`."""
    speaking: int | None = None
    async with aclosing(pieces(events, response_format, last=Done)) as answers:
        async for event, data in answers:
            if isinstance(event, Audio) and event.utterance is not None and event.utterance != speaking:
                speaking = event.utterance
                await socket.send(AudioStarted(utterance=speaking, format=response_format).to_json(ascii_only=False))
            if data:
                await socket.send(data)
            if not isinstance(event, Audio | Progress):
                await socket.send(event.to_json(ascii_only=False))


ROUTES = [
    WebSocketRoute("/api/v1/stream-transcribe", SocketEndpoint(stream_transcribe)),
    WebSocketRoute("/api/v1/stream-speech-to-speech", SocketEndpoint(stream_speech_to_speech)),
]

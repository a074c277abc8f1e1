"""Speech through OpenAI's own SDK, in every format, whole and streamed."""

from __future__ import annotations

import base64
import io
import json
import struct
from pathlib import Path
from typing import Any

import httpx2
import numpy as np
import openai
import pytest
import soundfile

from tests.frontend.sound import CONTENT_TYPES, FORMATS, RATE_HZ, check_sound, decoded

TEXT = "The quick brown fox jumps over the lazy dog."
PATH = "/v1/audio/speech"
UNUSED = "x-tritone-unused-parameters"


@pytest.fixture(scope="module")
def duration_s(frontend_url: str) -> float:
    """Of TEXT as the default voice says it."""
    body = httpx2.post(f"{frontend_url}{PATH}/captions", json={"input": TEXT}, timeout=60).json()
    return float(body["duration"])


def post(url: str, **fields: Any) -> httpx2.Response:
    return httpx2.post(url + PATH, json={"input": "Hello.", **fields}, timeout=60)


@pytest.mark.parametrize("response_format", FORMATS)
def test_whole(client: openai.OpenAI, duration_s: float, response_format: Any) -> None:
    answer = client.audio.speech.create(model="tts-1", voice="default", input=TEXT, response_format=response_format)
    assert answer.response.headers["content-type"] == CONTENT_TYPES[response_format]
    assert int(answer.response.headers["content-length"]) == len(answer.content)
    assert UNUSED not in answer.response.headers
    check_sound(answer.content, response_format, duration_s)


@pytest.mark.parametrize("response_format", FORMATS)
def test_streaming_client(client: openai.OpenAI, duration_s: float, response_format: Any) -> None:
    """The SDK sends no `stream`, only a header of its own."""
    with client.audio.speech.with_streaming_response.create(
        model="tts-1", voice="default", input=TEXT, response_format=response_format
    ) as answer:
        assert "content-length" not in answer.headers
        assert answer.headers["content-type"] == CONTENT_TYPES[response_format]
        data = b"".join(answer.iter_bytes())
    check_sound(data, response_format, duration_s, streamed=True)


@pytest.mark.parametrize("response_format", ["wav", "mp3"])
def test_events(client: openai.OpenAI, duration_s: float, response_format: Any) -> None:
    with client.audio.speech.with_streaming_response.create(
        model="gpt-4o-mini-tts", voice="default", input=TEXT, response_format=response_format, stream_format="sse"
    ) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        *deltas, done = [json.loads(line.removeprefix("data: ")) for line in answer.iter_lines() if line]
    assert len(deltas) > 1
    assert all(delta.keys() == {"type", "audio"} and delta["type"] == "speech.audio.delta" for delta in deltas)
    data = b"".join(base64.b64decode(delta["audio"]) for delta in deltas)
    check_sound(data, response_format, duration_s, streamed=True)
    assert done.keys() == {"type", "usage"} and done["type"] == "speech.audio.done"
    usage = done["usage"]
    assert usage["input_tokens"] == len(TEXT)
    assert usage["output_tokens"] == pytest.approx(40 * duration_s, abs=1)
    assert usage["total_tokens"] == usage["input_tokens"] + usage["output_tokens"]


async def test_async_client_to_a_file(frontend_url: str, duration_s: float, tmp_path: Path) -> None:
    async with (
        openai.AsyncOpenAI(base_url=f"{frontend_url}/v1", api_key="none", max_retries=0) as client,
        client.audio.speech.with_streaming_response.create(
            model="tts-1", voice="default", input=TEXT, response_format="flac"
        ) as answer,
    ):
        await answer.stream_to_file(tmp_path / "speech.flac")
    check_sound((tmp_path / "speech.flac").read_bytes(), "flac", duration_s, streamed=True)


@pytest.mark.parametrize(
    ("fields", "streamed"),
    [
        ({}, False),
        ({"stream": False}, False),
        ({"stream": None}, False),
        ({"stream": True}, True),
        ({"stream_format": "audio"}, True),
        ({"stream_format": "audio", "stream": False}, False),
    ],
)
def test_who_gets_a_stream(frontend_url: str, fields: dict[str, Any], streamed: bool) -> None:
    answer = post(frontend_url, **fields)
    assert answer.headers["content-type"] == "audio/wav"
    assert ("content-length" in answer.headers) is not streamed
    assert (answer.headers.get("transfer-encoding") == "chunked") is streamed
    riff, data = struct.unpack_from("<4xI32xI", answer.content)
    assert len(answer.content) > 44
    sizes = (0xFFFFFFFF, 0xFFFFFFFF) if streamed else (len(answer.content) - 8, len(answer.content) - 44)
    assert (riff, data) == sizes
    assert soundfile.info(io.BytesIO(answer.content)).samplerate == RATE_HZ


@pytest.mark.parametrize(
    ("model", "content_type"),
    [("s1-mini", "audio/wav"), ("tts-1", "audio/mpeg"), ("gpt-4o-mini-tts", "audio/mpeg"), ("kokoro", "audio/mpeg")],
)
@pytest.mark.parametrize("stream", [False, True])
def test_the_default_format_follows_the_model(frontend_url: str, model: str, content_type: str, stream: bool) -> None:
    assert post(frontend_url, model=model, stream=stream).headers["content-type"] == content_type


def test_the_sdk_gets_mp3_by_default(client: openai.OpenAI, duration_s: float) -> None:
    answer = client.audio.speech.create(model="gpt-4o-mini-tts", voice="default", input=TEXT)
    assert answer.response.headers["content-type"] == "audio/mpeg"
    check_sound(answer.content, "mp3", duration_s)


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize(
    ("response_format", "rate_hz"), [("wav", 8_000), ("mp3", 8_000), ("mp3", 44_100), ("opus", 48_000)]
)
def test_sample_rate(frontend_url: str, duration_s: float, response_format: str, rate_hz: int, stream: bool) -> None:
    answer = post(frontend_url, input=TEXT, response_format=response_format, sample_rate=rate_hz, stream=stream)
    pcm, told_hz = soundfile.read(io.BytesIO(answer.content))
    assert told_hz == rate_hz
    frame_s = 1_152 / rate_hz if stream and response_format == "mp3" else 0
    assert -0.002 <= len(pcm) / rate_hz - duration_s <= frame_s + 0.002
    assert np.abs(pcm).max() > 0.05


def test_streamed_and_whole_files_have_the_same_samples(frontend_url: str) -> None:
    whole, streamed = (
        post(frontend_url, input=TEXT, response_format="pcm", sample_rate=16_000, stream=stream).content
        for stream in (False, True)
    )
    assert whole == streamed


def test_kokoro_fastapis_fields(frontend_url: str) -> None:
    """The request of its web player; what is not done is named, the rest is."""
    fields = {
        "model": "kokoro",
        "voice": "af_sky+af_bella",
        "response_format": "mp3",
        "download_format": "mp3",
        "stream": True,
        "speed": 1,
        "return_download_link": True,
        "lang_code": "b",
        "volume_multiplier": 2,
        "normalization_options": {"normalize": True, "unit_normalization": False},
        "allow_voice_tags": False,
    }
    answer = post(frontend_url, **fields)
    assert answer.status_code == 200, answer.text
    assert answer.headers[UNUSED] == "return_download_link, normalization_options"


def test_tags(frontend_url: str) -> None:
    def length(text: str, **fields: Any) -> int:
        return len(post(frontend_url, input=text, response_format="pcm", **fields).content) // 2

    plain = length("Good morning, everybody.")
    for stream in (False, True):
        paused = length("[pause:500ms]Good morning, everybody.[pause:1s]", stream=stream)
        assert paused - plain == pytest.approx(1.5 * RATE_HZ, abs=2)
    assert length("[rate:0.5]Good morning, everybody.") == length("Good morning, everybody.", speed=0.5)
    assert length("[pause:2s]") == round(2.2 * RATE_HZ)


def test_language_code_of_one_letter(frontend_url: str) -> None:
    by_letter = post(frontend_url, input="The tomato can dance.", voice="alloy", lang_code="b")
    assert (
        by_letter.content == post(frontend_url, input="The tomato can dance.", voice="alloy", language="en-gb").content
    )
    assert by_letter.content != post(frontend_url, input="The tomato can dance.", voice="alloy").content


def test_volume(frontend_url: str) -> None:
    normal, soft = (decoded(post(frontend_url, volume_multiplier=factor).content, "wav") for factor in (1, 0.5))
    assert np.allclose(soft, normal / 2, atol=2 / 32_768)


def test_events_even_without_stream(frontend_url: str) -> None:
    answer = post(frontend_url, stream=False, stream_format="sse")
    assert answer.headers["content-type"].startswith("text/event-stream")


def test_it_says_the_text(client: openai.OpenAI) -> None:
    said = client.audio.speech.create(model="tts-1", voice="alloy", input=TEXT, response_format="mp3")
    heard = client.audio.transcriptions.create(file=("a.mp3", said.content), model="whisper-1").text
    assert heard.strip(" .").lower() == TEXT.strip(" .").lower()


@pytest.mark.parametrize(
    "fields",
    [
        {"voice": {"id": "alloy"}},
        {"voice": "af_bella(2)+af_sky(1)"},
        {"model": "tts-1-hd"},
        {"model": "kokoro", "voice": "", "speed": None, "response_format": ""},
        {"user": "me", "unknown": {"a": [1]}},
        {"emotion": "sad", "language": "en-gb", "lead_in_s": 0, "trailing_silence_s": 1},
    ],
)
def test_accepted(frontend_url: str, fields: dict[str, Any]) -> None:
    answer = post(frontend_url, **fields)
    assert answer.status_code == 200, answer.text
    assert len(decoded(answer.content, "wav")) > RATE_HZ / 4


@pytest.mark.parametrize("text", ["...", "😀", "\u0000\u0007", "half an emoji \ud83d"])
def test_little_to_say(frontend_url: str, text: str) -> None:
    """A client that sends a chat sentence by sentence sends this too: silence, and no error."""
    answer = httpx2.post(frontend_url + PATH, content=json.dumps({"input": text}), timeout=60)
    assert answer.status_code == 200, answer.text
    assert len(decoded(answer.content, "wav")) >= 0.2 * RATE_HZ


def test_speed_and_silence(frontend_url: str) -> None:
    def length(**fields: Any) -> int:
        return len(decoded(post(frontend_url, response_format="pcm", input="Good morning.", **fields).content, "pcm"))

    plain = length()
    assert length(trailing_silence_s=1.2) - plain == pytest.approx(RATE_HZ, abs=2)
    assert length(speed=0.5) > 1.6 * plain
    assert length(speed=2) < 0.75 * plain  # the silence around it stays


@pytest.mark.parametrize(
    ("instructions", "header"), [("sad", None), ("Speak like a pirate.", "instructions"), ("", None)]
)
def test_instructions(frontend_url: str, instructions: str, header: str | None) -> None:
    for stream in (False, True):
        assert post(frontend_url, instructions=instructions, stream=stream).headers.get(UNUSED) == header


def test_instructions_that_name_an_emotion(frontend_url: str) -> None:
    by_name, by_field = post(frontend_url, instructions="Excited!"), post(frontend_url, emotion="excited")
    assert by_name.content == by_field.content != post(frontend_url).content


def test_extended(frontend_url: str) -> None:
    sampling = {"temperature": 0.7, "top_p": 0.8, "repetition_penalty": 1.1, "max_new_tokens": 1024}
    fields = {"input": TEXT, "chunk_length": 100, **sampling}
    answer = httpx2.post(f"{frontend_url}{PATH}/extended", json=fields, timeout=60)
    assert answer.status_code == 200
    assert answer.headers[UNUSED] == "temperature, top_p, repetition_penalty, max_new_tokens"
    plain = httpx2.post(f"{frontend_url}{PATH}/extended", json={"input": TEXT}, timeout=60)
    assert UNUSED not in plain.headers


SPEECH = [
    ({"input": None}, "input", "missing or empty; input must be a string of 1 to 4096"),
    ({"input": ""}, "input", "missing or empty"),
    ({"input": " \n"}, "input", "white space"),
    ({"input": "x" * 4097}, "input", "1 to 4096 characters; it has 4097"),
    ({"input": ["Hello"]}, "input", "string"),
    ({"voice": "af_hart"}, "voice", "did you mean 'af_heart'"),
    ({"voice": "nobody+af_heart"}, "voice", "GET /v1/voices"),
    ({"voice": "x" * 257}, "voice", "at most 256"),
    ({"voice": {"name": "alloy"}}, "voice", "string"),
    ({"voice": 7}, "voice", "string"),
    ({"response_format": "ogg"}, "response_format", "wav, mp3, opus, flac, aac, pcm"),
    ({"response_format": 3}, "response_format", "string"),
    ({"speed": 0.2}, "speed", "from 0.25 to 4; got 0.2"),
    ({"speed": 4.1}, "speed", "from 0.25 to 4"),
    ({"speed": "fast"}, "speed", "from 0.25 to 4"),
    ({"speed": True}, "speed", "from 0.25 to 4"),
    ({"instructions": "x" * 4097}, "instructions", "at most 4096 characters"),
    ({"stream": "perhaps"}, "stream", "true or false"),
    ({"stream_format": "mp3"}, "stream_format", "one of audio, sse"),
    ({"emotion": "furious"}, "emotion", "neutral, happy, sad, angry, excited, calm"),
    ({"language": "xx"}, "language", "'xx'"),
    ({"lead_in_s": 11}, "lead_in_s", "from 0 to 10"),
    ({"trailing_silence_s": -1}, "trailing_silence_s", "from 0 to 10"),
    ({"sample_rate": 4_000}, "sample_rate", "from 8000 to 48000"),
    ({"sample_rate": 44_100, "response_format": "opus"}, "sample_rate", "8000, 12000, 16000, 24000, 48000"),
    ({"volume_multiplier": 11}, "volume_multiplier", "from 0 to 10"),
    ({"lang_code": "q"}, "lang_code", "no language 'q'"),
    ({"input": "Wait [pause:11s] for it."}, "input", "at most 10 s"),
    ({"input": "Wait [pause:10s] for it. " * 7}, "input", "at most 60 s together"),
]
EXTENDED = [
    ({"temperature": 0}, "temperature", "from 0.1 to 1"),
    ({"temperature": 1.1}, "temperature", "from 0.1 to 1"),
    ({"top_p": 0.05}, "top_p", "from 0.1 to 1"),
    ({"repetition_penalty": 2.5}, "repetition_penalty", "from 0.9 to 2"),
    ({"max_new_tokens": 99}, "max_new_tokens", "whole number from 100 to 4096"),
    ({"max_new_tokens": 100.5}, "max_new_tokens", "whole number"),
    ({"chunk_length": 301}, "chunk_length", "whole number from 100 to 300"),
]


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize(
    ("path", "fields", "param", "message"),
    [
        *((PATH, *case) for case in SPEECH),
        *((f"{PATH}/extended", *case) for case in SPEECH[:6] + EXTENDED),
        *((f"{PATH}/captions", *case) for case in SPEECH[:6]),
    ],
)
def test_bad_parameter(
    frontend_url: str, path: str, fields: dict[str, Any], param: str, message: str, stream: bool
) -> None:
    answer = httpx2.post(frontend_url + path, json={"input": "Hello.", "stream": stream, **fields})
    error = answer.json()["error"]
    assert (answer.status_code, error["param"], error["code"]) == (400, param, "bad_parameter")
    assert message in error["message"]


def test_errors_through_the_sdk(client: openai.OpenAI) -> None:
    with pytest.raises(openai.NotFoundError, match="tts-1-hd") as caught:
        client.audio.speech.create(model="whisper-1", voice="alloy", input="Hello.")
    assert (caught.value.code, caught.value.param) == ("model_not_found", "model")
    with (
        pytest.raises(openai.BadRequestError, match="1 to 4096"),
        client.audio.speech.with_streaming_response.create(model="tts-1", voice="alloy", input=""),
    ):
        pass


@pytest.mark.parametrize(
    ("body", "status", "message"),
    [
        (b"", 400, "not JSON"),
        (b"input=Hello", 400, "not JSON"),
        (b"[]", 400, "a list"),
        (b"{" + b" " * 300_000 + b"}", 413, "262144 bytes"),
    ],
)
def test_bad_body(frontend_url: str, body: bytes, status: int, message: str) -> None:
    answer = httpx2.post(frontend_url + PATH, content=body)
    assert answer.status_code == status
    assert message in answer.json()["error"]["message"]


def test_the_longest_input_is_taken(frontend_url: str) -> None:
    """4,096 characters that cannot be said, each escaped as a pair."""
    answer = httpx2.post(frontend_url + PATH, content=json.dumps({"input": "😀" * 4096}), timeout=60)
    assert answer.status_code == 200

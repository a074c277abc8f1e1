"""LiveKit's agents speak and listen through us as they do through OpenAI."""

from __future__ import annotations

from livekit import rtc
from livekit.plugins.openai import STT, TTS
from openai import AsyncOpenAI


async def test_it_speaks_and_hears_the_same(frontend_url: str) -> None:
    async with AsyncOpenAI(base_url=f"{frontend_url}/v1", api_key="none", max_retries=0) as client:
        voice, ear = TTS(model="tts-1", voice="nova", client=client), STT(model="whisper-1", client=client)
        async with voice.synthesize("Good morning, everybody. The train is late.") as speech:
            frames: list[rtc.AudioFrame] = [part.frame async for part in speech]
        heard = (await ear.recognize(frames)).alternatives[0].text.lower()
    assert "good morning" in heard and "the train is late" in heard

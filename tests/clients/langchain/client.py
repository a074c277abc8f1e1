"""LangChain's parser of audio files, which uses OpenAI's SDK."""

from __future__ import annotations

from typing import Any

import imageio_ffmpeg
from calls import FOX, RECORDINGS, URL, call, main
from langchain_community.document_loaders.blob_loaders import Blob
from langchain_community.document_loaders.generic import GenericLoader
from langchain_community.document_loaders.parsers.audio import OpenAIWhisperParser
from pydub import AudioSegment

AudioSegment.converter = imageio_ffmpeg.get_ffmpeg_exe()  # the parser sends MP3


def parser(**options: Any) -> OpenAIWhisperParser:
    return OpenAIWhisperParser(api_key="none", base_url=f"{URL}/v1", **options)


def text(documents: Any) -> str:
    return "\n".join(document.page_content for document in documents)


@call("OpenAIWhisperParser")
def parse() -> str:
    return text(parser().lazy_parse(Blob.from_path(FOX)))


@call("OpenAIWhisperParser, gpt-4o-transcribe")
def parse_alias() -> str:
    return text(parser(model="gpt-4o-transcribe").lazy_parse(Blob.from_path(FOX)))


@call("OpenAIWhisperParser, srt")
def parse_srt() -> str:
    return text(parser(response_format="srt").lazy_parse(Blob.from_path(FOX)))


@call("GenericLoader.from_filesystem")
def load() -> str:
    return text(GenericLoader.from_filesystem(RECORDINGS, glob=FOX.name, parser=parser()).lazy_load())


main()

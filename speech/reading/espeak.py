"""Phonemes from espeak-ng, in IPA.

espeak keeps its voice and its buffers in global variables, so one lock guards every call of a process.
"""

from __future__ import annotations

import ctypes
import re
import threading
from functools import lru_cache

from speech.errors import EngineUnusable

VOICES = {"en-us": "en-us", "en-gb": "en", "es": "es", "fr": "fr", "hi": "hi", "it": "it", "pt-br": "pt-br"}
"""espeak's voice for each language."""

_LOCK = threading.Lock()
_RETRIEVAL, _DONT_EXIT = 0x02, 0x8000
_UTF8, _IPA, _TIE = 1, 0x02, 0x80
_LONGEST = 2_000
_SWITCH = re.compile(r"\([a-z^-]{2,24}\)")
"""espeak marks where it changes to another language's rules: '(en)'."""


def phonemes(text: str, language: str) -> str:
    """IPA of `text` without punctuation: words apart by a space, '^' between the letters of one sound."""
    clean = " ".join(text.replace("\0", " ").split())[:_LONGEST].encode("utf-8", "ignore")
    with _LOCK:
        library = _library()
        if library.espeak_SetVoiceByName(VOICES[language].encode()):
            raise EngineUnusable(f"espeak-ng has no voice '{VOICES[language]}'; reinstall espeakng-loader")
        rest = ctypes.c_char_p(clean)
        said: list[str] = []
        while rest.value:
            spoken = library.espeak_TextToPhonemes(ctypes.byref(rest), _UTF8, _IPA | _TIE | ord("^") << 8)
            said.append(spoken.decode("utf-8", "ignore"))
    return " ".join(_SWITCH.sub("", " ".join(said)).replace("-", "").split())


@lru_cache(maxsize=1)
def _library() -> ctypes.CDLL:
    try:
        import espeakng_loader
    except ImportError as error:
        raise EngineUnusable("phonemes need espeak-ng; run: pip install espeakng-loader") from error
    library = ctypes.CDLL(espeakng_loader.get_library_path())
    library.espeak_TextToPhonemes.restype = ctypes.c_char_p
    library.espeak_TextToPhonemes.argtypes = [ctypes.POINTER(ctypes.c_char_p), ctypes.c_int, ctypes.c_int]
    if library.espeak_Initialize(_RETRIEVAL, 0, espeakng_loader.get_data_path().encode(), _DONT_EXIT) < 0:
        raise EngineUnusable("espeak-ng cannot read its data; reinstall espeakng-loader")
    return library

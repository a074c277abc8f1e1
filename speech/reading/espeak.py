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
"""Name of espeak's voice for each language."""

_LOCK = threading.Lock()

# Constants of espeak-ng's speak_lib.h.
_AUDIO_OUTPUT_SYNCHRONOUS = 0x02
_INITIALIZE_DONT_EXIT = 0x8000
_CHARS_UTF8 = 1
_PHONEMES_IPA = 0x02
_PHONEMES_TIE = 0x80

_MAX_CHARACTERS = 2_000
"""Longer text is cut off."""
_LANGUAGE_SWITCH = re.compile(r"\([a-z^-]{2,24}\)")
"""The mark that espeak leaves where it changes to the rules of another language: '(en)'."""


def phonemes(text: str, language: str) -> str:
    """`text` in IPA, without punctuation: a space between words, '^' between the letters of one sound.

    Raises: EngineUnusable if espeak-ng is not installed, or incomplete.
    """
    clean = " ".join(text.replace("\0", " ").split())[:_MAX_CHARACTERS].encode("utf-8", "ignore")
    mode = _PHONEMES_IPA | _PHONEMES_TIE | ord("^") << 8
    with _LOCK:
        library = _library()
        if library.espeak_SetVoiceByName(VOICES[language].encode()):
            raise EngineUnusable(f"espeak-ng has no voice '{VOICES[language]}'; reinstall espeakng-loader")
        rest = ctypes.c_char_p(clean)  # espeak moves it past the clause that it has read
        clauses: list[str] = []
        while rest.value:
            clause = library.espeak_TextToPhonemes(ctypes.byref(rest), _CHARS_UTF8, mode)
            clauses.append(clause.decode("utf-8", "ignore"))
    return " ".join(_LANGUAGE_SWITCH.sub("", " ".join(clauses)).replace("-", "").split())


@lru_cache(maxsize=1)
def _library() -> ctypes.CDLL:
    try:
        import espeakng_loader
    except ImportError as error:
        raise EngineUnusable("phonemes need espeak-ng; run: pip install espeakng-loader") from error
    library = ctypes.CDLL(espeakng_loader.get_library_path())
    library.espeak_TextToPhonemes.restype = ctypes.c_char_p
    library.espeak_TextToPhonemes.argtypes = [ctypes.POINTER(ctypes.c_char_p), ctypes.c_int, ctypes.c_int]
    data = espeakng_loader.get_data_path().encode()
    if library.espeak_Initialize(_AUDIO_OUTPUT_SYNCHRONOUS, 0, data, _INITIALIZE_DONT_EXIT) < 0:
        raise EngineUnusable("espeak-ng cannot read its data; reinstall espeakng-loader")
    return library

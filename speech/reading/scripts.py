"""The language of a text, as far as its script tells it."""

from __future__ import annotations

import re

_HAN = "[\u3400-\u9fff]"
_KANA = "[\u3041-\u3096\u30a1-\u30fa]"
_DEVANAGARI = "[\u0904-\u0939\u0958-\u0961]"


def foreign_language(text: str, language: str) -> str:
    """The language of `text` if more than half of its letters are in a script that `language` does not use, else "".

    Returns "ja" (Han with kana), "zh" (Han alone) or "hi" (Devanagari); other scripts are not told apart.
    """
    letters = sum(map(str.isalpha, text))
    han, kana, devanagari = (len(re.findall(script, text)) for script in (_HAN, _KANA, _DEVANAGARI))
    if 2 * (han + kana) > letters:
        written = "ja" if kana or language == "ja" else "zh"
    elif 2 * devanagari > letters:
        written = "hi"
    else:
        return ""
    return written if written != language else ""

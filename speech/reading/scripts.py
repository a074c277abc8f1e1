"""What a text's script tells of its language."""

from __future__ import annotations

import re

_HAN, _KANA, _DEVANAGARI = "[\u3400-\u9fff]", "[\u3041-\u3096\u30a1-\u30fa]", "[\u0904-\u0939\u0958-\u0961]"


def foreign_language(text: str, language: str) -> str:
    """The language of `text` if most of its letters are of a script that `language` is not written in; else none."""
    letters = sum(map(str.isalpha, text))
    han, kana, devanagari = (len(re.findall(script, text)) for script in (_HAN, _KANA, _DEVANAGARI))
    if 2 * (han + kana) > letters:
        written = "ja" if kana or language == "ja" else "zh"
    elif 2 * devanagari > letters:
        written = "hi"
    else:
        return ""
    return written if written != language else ""

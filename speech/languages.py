"""Whisper's languages: their codes and English names (reference: openai/whisper, tokenizer.py)."""

from __future__ import annotations

import difflib
from collections.abc import Collection

from speech.errors import BadParameter
from speech.types import TranscribeOptions, split

NAMES = {
    "af": "afrikaans",
    "am": "amharic",
    "ar": "arabic",
    "as": "assamese",
    "az": "azerbaijani",
    "ba": "bashkir",
    "be": "belarusian",
    "bg": "bulgarian",
    "bn": "bengali",
    "bo": "tibetan",
    "br": "breton",
    "bs": "bosnian",
    "ca": "catalan",
    "cs": "czech",
    "cy": "welsh",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "et": "estonian",
    "eu": "basque",
    "fa": "persian",
    "fi": "finnish",
    "fo": "faroese",
    "fr": "french",
    "gl": "galician",
    "gu": "gujarati",
    "ha": "hausa",
    "haw": "hawaiian",
    "he": "hebrew",
    "hi": "hindi",
    "hr": "croatian",
    "ht": "haitian creole",
    "hu": "hungarian",
    "hy": "armenian",
    "id": "indonesian",
    "is": "icelandic",
    "it": "italian",
    "ja": "japanese",
    "jw": "javanese",
    "ka": "georgian",
    "kk": "kazakh",
    "km": "khmer",
    "kn": "kannada",
    "ko": "korean",
    "la": "latin",
    "lb": "luxembourgish",
    "ln": "lingala",
    "lo": "lao",
    "lt": "lithuanian",
    "lv": "latvian",
    "mg": "malagasy",
    "mi": "maori",
    "mk": "macedonian",
    "ml": "malayalam",
    "mn": "mongolian",
    "mr": "marathi",
    "ms": "malay",
    "mt": "maltese",
    "my": "myanmar",
    "ne": "nepali",
    "nl": "dutch",
    "nn": "nynorsk",
    "no": "norwegian",
    "oc": "occitan",
    "pa": "punjabi",
    "pl": "polish",
    "ps": "pashto",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sa": "sanskrit",
    "sd": "sindhi",
    "si": "sinhala",
    "sk": "slovak",
    "sl": "slovenian",
    "sn": "shona",
    "so": "somali",
    "sq": "albanian",
    "sr": "serbian",
    "su": "sundanese",
    "sv": "swedish",
    "sw": "swahili",
    "ta": "tamil",
    "te": "telugu",
    "tg": "tajik",
    "th": "thai",
    "tk": "turkmen",
    "tl": "tagalog",
    "tr": "turkish",
    "tt": "tatar",
    "uk": "ukrainian",
    "ur": "urdu",
    "uz": "uzbek",
    "vi": "vietnamese",
    "yi": "yiddish",
    "yo": "yoruba",
    "yue": "cantonese",
    "zh": "chinese",
}
"""English name of each ISO 639 code, as OpenAI's verbose_json gives it."""

_ALIASES = {
    "burmese": "my",
    "castilian": "es",
    "fil": "tl",
    "flemish": "nl",
    "haitian": "ht",
    "iw": "he",
    "jv": "jw",
    "letzeburgesch": "lb",
    "mandarin": "zh",
    "moldavian": "ro",
    "moldovan": "ro",
    "nb": "no",
    "panjabi": "pa",
    "pushto": "ps",
    "sinhalese": "si",
    "valencian": "ca",
}


def language_code(text: str, name: str = "language") -> str:
    """The code of a language as a client may write it: `en` for `en`, `EN`, `en-US` and `English`.

    Raises: BadParameter, about the parameter `name`, for a language that no Whisper model knows.
    """
    word = text.strip().lower()
    code = word.replace("_", "-").split("-")[0]
    if code in NAMES:
        return code
    codes = {name: code for code, name in NAMES.items()} | _ALIASES
    if word in codes:
        return codes[word]
    near = difflib.get_close_matches(word, codes, n=1)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    raise BadParameter(f"{name} must be an ISO 639-1 code such as 'en', or a name; got {text!r}{hint}", name)


def check_languages(options: TranscribeOptions, model: str, known: Collection[str]) -> None:
    """Raises: BadParameter if the model does not know a language, or if `language` is not among `languages`."""
    name = "language" if options.language else "languages"
    for code in options.possible_languages:
        if code not in known:
            allowed = ", ".join(sorted(known))
            raise BadParameter(f"model {model} has no language {code!r}; it has: {allowed}", name)
    if options.language and options.languages and options.language not in split(options.languages):
        wrong = f"language {options.language!r} is not among languages ({options.languages})"
        raise BadParameter(f"{wrong}; give one of the two", "languages")

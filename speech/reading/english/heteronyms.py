"""Parts of speech of the words whose pronunciation depends on it: read, wind, record, live, use ...

The lexicon has 790 such words, by Penn Treebank tags. The words around them decide in most cases, so a few word lists
replace a tagger (spaCy's models are not on the package index; TextBlob's pattern tagger is wrong on past-tense "read"
and on the verb "wind").

Known errors: a verb right after a subject that is a noun ("the results conflict"), "lead" the metal, "bass" the fish,
"row" the quarrel, and a past "read" in a sentence without any other sign of the past.
"""

from __future__ import annotations

from collections.abc import Sequence


def _set(words: str) -> frozenset[str]:
    """The words of a string, in small letters."""
    return frozenset(words.split())


_DETERMINERS = _set(
    "a an the this that these those my your his her its our their whose every each either neither some any no another "
    "one two three four five six seven eight nine ten hundred thousand first second third last next same other own "
    "new old big small good great strong little such what which"
)
_PREPOSITIONS = _set(
    "of in on at by for with from about into over under after before between through during without against "
    "within along across behind beyond near like per than toward towards upon"
)
_SUBJECTS = _set("i you he she it we they who people everyone everybody nobody")
_MODALS = _set(
    "to will would can could shall should may might must do does did don't doesn't didn't won't wouldn't can't "
    "couldn't shouldn't mustn't i'll you'll he'll she'll it'll we'll they'll i'd you'd he'd she'd we'd they'd "
    "let's please cannot never always often also not then"
)
_PERFECT = _set(
    "have has had having i've you've we've they've haven't hasn't hadn't been be being is are was were am isn't aren't "
    "wasn't weren't got he's she's it's"
)
_PAST_SIGNS = _set(
    "yesterday ago was were did had said went came took saw knew thought told wrote felt last earlier once"
)
_PRESENT_SIGNS = _set("will to can could should would may might must shall let's please do does did don't didn't")
_ADVERBS = _set("just already never ever always also really often not only recently finally since barely")
_NOT_NOUNS = _set("me him us them her it you up down out off away back")


def tags(words: Sequence[str]) -> list[str]:
    """A Penn Treebank tag for each word of a sentence; '' if the context does not decide."""
    lower = [word.lower().replace("’", "'") for word in words]
    all_capitals = sum(word.isupper() for word in words if len(word) > 1) * 2 > len(words)
    past = not _PAST_SIGNS.isdisjoint(lower)
    return [
        _tag(word, lower[i], lower[max(0, i - 3) : i], lower[i + 1 : i + 2], past=past, all_capitals=all_capitals)
        for i, word in enumerate(words)
    ]


def _tag(word: str, lower: str, left: Sequence[str], right: Sequence[str], *, past: bool, all_capitals: bool) -> str:
    """`left` and `right`: up to three words before `word` and one after it, in small letters.

    past: whether the sentence has a sign of the past. all_capitals: whether most of its words are in capitals.
    """
    last, following = (left[-1] if left else ""), (right[0] if right else "")
    if word == "a":
        return "DT"
    if word == "I":
        return "PRP"
    if word.isupper() and len(word) > 1:
        return "" if all_capitals else "NNP"
    if lower in ("read", "reread", "wound"):
        return _past_form(lower, left, following, past=past)
    if lower == "used":
        return "VBD" if following == "to" and last not in _PERFECT else "VBN"
    if lower in ("close", "perfect", "present", "content", "minute", "absent", "separate", "live", "deliberate"):
        return _adjective(lower, last, following)
    if lower == "that":
        return "DT" if not left and following in ("is", "was", "'s") else "IN"
    if last in _ADVERBS and len(left) > 1:
        last = left[-2]
    if lower == "in":
        return "IN"
    return _noun_or_verb(lower, last, following)


def _noun_or_verb(lower: str, last: str, following: str) -> str:
    if last in _MODALS or last in _SUBJECTS:
        return "VB"
    if last in _DETERMINERS or last in _PREPOSITIONS or last.endswith("'s") or last in _PERFECT:
        return "NN"
    if not last:
        return "VB" if following in _DETERMINERS or following in _NOT_NOUNS else "NN"
    if following in _DETERMINERS or following in _NOT_NOUNS:
        return "VBZ" if lower.endswith("s") else "VBP"
    return "NN" if following in ("of", "is", "was", "are", "were", "has", "and", "in", "from") else ""


def _past_form(lower: str, left: Sequence[str], following: str, *, past: bool) -> str:
    if lower == "wound" and not (left and left[-1] in _SUBJECTS | _PERFECT) and following not in _DETERMINERS:
        return "NN"
    auxiliary = next((word for word in reversed(left) if word in _PERFECT | _MODALS - _ADVERBS), "")
    if auxiliary in _PERFECT:
        return "VBN"
    if auxiliary in _PRESENT_SIGNS or auxiliary.endswith("'ll"):
        return "VB"
    if past or (left and left[-1] in ("he", "she", "it")):
        return "VBD"
    return "VBD" if lower == "wound" else "VB"


def _adjective(lower: str, last: str, following: str) -> str:
    if last in _MODALS or last in _SUBJECTS:
        return "VB"
    if lower == "close":
        if following in _DETERMINERS:
            return "VB"
        return "NN" if last == "the" and following in ("of", "") else "JJ"
    if lower == "live":
        return "VB" if following in _PREPOSITIONS and last not in {"the", "a"} | _PERFECT else "JJ"
    if lower == "minute":
        return "NN"
    if lower == "content":
        return "NN" if last in _DETERMINERS or last in _PREPOSITIONS or following in ("is", "was", "on") else "JJ"
    return "JJ" if last else _noun_or_verb(lower, last, following)

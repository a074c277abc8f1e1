"""The texts that voices read when they are measured, as phonemes, because all voices have the same phonemes."""

from __future__ import annotations

TEXT = (
    "wˌɛn ðə mˈɔɹnɪŋ lˈIt ɹˈiʧt ðə hˈɑɹbəɹ, ðə fˈɪʃəɹmˌɛn hæd lˈɛft. wˌʌt tˈIm ɪz ɪt? ˌI θˈɪŋk wi ɑɹ lˈAt! "
    "plˈiz bɹˈɪŋ sˈɪks blˈu spˈunz, ænd ʤˈYn ˌʌs."
)
"""About 8 s: a statement, a question, an exclamation and a request. These are the phonemes that
speech/reading/phonemes.py gives in American English for: "When the morning light reached the harbor, the fishermen had
left. What time is it? I think we are late! Please bring six blue spoons, and join us.\""""

SHORT_TEXTS = ("jˈɛs.", "həlˈO ðɛɹ, hˌW ɑɹ ju?")
""""Yes." and "Hello there, how are you?" They have other styles than TEXT, because a style depends on the number of
phonemes."""

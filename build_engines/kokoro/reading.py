"""What voices read to be measured, as phonemes: there is one alphabet, so every voice can read it."""

from __future__ import annotations

TEXT = (
    "wˌɛn ðə mˈɔɹnɪŋ lˈIt ɹˈiʧt ðə hˈɑɹbəɹ, ðə fˈɪʃəɹmˌɛn hæd lˈɛft. wˌʌt tˈIm ɪz ɪt? ˌI θˈɪŋk wi ɑɹ lˈAt! "
    "plˈiz bɹˈɪŋ sˈɪks blˈu spˈunz, ænd ʤˈYn ˌʌs."
)
"""About 8 s: a statement, a question, an exclamation and a request, as speech/reading/phonemes.py reads this in
American English:
"When the morning light reached the harbor, the fishermen had left. What time is it? I think we are late! Please bring
six blue spoons, and join us.\""""

SHORT_TEXTS = ("jˈɛs.", "həlˈO ðɛɹ, hˌW ɑɹ ju?")
"""Their style is another: it depends on the number of phonemes. "Yes.", "Hello there, how are you?\""""

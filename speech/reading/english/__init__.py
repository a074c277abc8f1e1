"""English: the spoken form of numbers, dates, abbreviations and the like, and the phonemes of words."""

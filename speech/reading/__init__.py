"""Written text to phonemes: normalization, splitting and pronunciation, with a folder for each language's tables."""

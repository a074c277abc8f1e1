"""English as it is spoken: what stands for words (numbers, dates, abbreviations ...) and how words sound."""

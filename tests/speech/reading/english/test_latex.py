"""Formulas in LaTeX, and prices and paths that look similar."""

from __future__ import annotations

import pytest

from speech.reading.normalizer import normalize
from speech.reading.phonemes import phonemize

SPOKEN = {
    "$E=mc^2$": "E equals mc squared",
    "It is $x$, not $y_1$.": "It is x, not y one.",
    r"$$\frac{1}{2}$$": "one half",
    r"\(\frac{3}{400}\)": "three over four hundred",
    r"\[ \frac{b+c}{2d} \]": "b plus c over two d",
    r"\(x\) and $n=5$": "x and n equals five",
    r"$\sqrt{2} \approx 1.41$": "square root of two approximately one point four one",
    r"$\alpha \times \pi r^{2}$": "alpha times pi r squared",
    r"$10^{-3}$ and $x^n$ and $x^{n+1}$": (
        "ten to the power of minus three and x to the power of n and x to the power of n plus one"
    ),
    r"$\sum_{i=1} x_i$": "sum of i equals one x i",
    r"$\text{speed} = 5$": "speed equals five",
    "$5 and $10": "five dollars and ten dollars",
    "$5-$10, $5 or US$6": "five to ten dollars, five dollars or six US dollars",
    "x = $5, y = $6": "x equals five dollars, y equals six dollars",
    "$A=$B": "dollar A equals dollar B",
    r"C:\temp\text": r"C colon backslash temp backslash text",
    '{"b": 1}': '("b": one)',
}


@pytest.mark.parametrize("written", SPOKEN, ids=str)
def test_formulas(written: str) -> None:
    assert normalize(written) == SPOKEN[written]


def test_words_of_a_formula_keep_their_places() -> None:
    text = r"So $a_1 = \frac{1}{2}$ is"
    said = phonemize(text)
    assert [word.word for word in said.words] == ["So", "a", "1", "=", r"\frac{1}{2}", "is"]
    assert [text[word.start : word.end] for word in said.words] == [word.word for word in said.words]
    assert said.symbols.split()[1] == "ˈA"

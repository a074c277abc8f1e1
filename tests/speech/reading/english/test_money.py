"""Sums of money in many currencies."""

from __future__ import annotations

import pytest

from speech.reading.normalizer import normalize

SPOKEN = {
    "$3.50": "three dollars and fifty cents",
    "$1": "one dollar",
    "$1.01": "one dollar and one cent",
    "$0.99": "ninety-nine cents",
    "€5": "five euros",
    "£1.2m": "one point two million pounds",
    "£2.50": "two pounds and fifty pence",
    "$5k": "five thousand dollars",
    "$2.5 billion": "two point five billion dollars",
    "$1,000,000": "one million dollars",
    "$5-10": "five to ten dollars",
    "$5-$10": "five to ten dollars",
    "$5/month": "five dollars per month",
    "-$5": "minus five dollars",
    "$-5": "minus five dollars",
    "US$−5.50": "minus five US dollars and fifty cents",
    "5€–10€": "five euros to ten euros",
    "$10M–$20M": "ten million dollars to twenty million dollars",
    "100€": "one hundred euros",
    "50¢": "fifty cents",
    "¥500": "five hundred yen",
    "₹100": "one hundred rupees",
    "5 USD": "five US dollars",
    "USD 5": "five US dollars",
    "US$20": "twenty US dollars",
    "a $20 bill": "a twenty dollar bill",
    "a $1.5M house": "a one point five million dollar house",
    "$1.234": "one point two three four dollars",
    "CA$45": "forty-five Canadian dollars",
    "R$ 50": "fifty reais",
    "Rs. 500": "five hundred rupees",
    "₹500": "five hundred rupees",
    "₹1,50,000": "one hundred and fifty thousand rupees",
    "€3,50": "three euros and fifty cents",
    "3,50 €": "three euros and fifty cents",
    "€1,000": "one thousand euros",
    "€.0": "zero euros",
    "€1.234,56": "one thousand two hundred and thirty-four euros and fifty-six cents",
}


@pytest.mark.parametrize("written", SPOKEN, ids=str)
def test_sums_of_money(written: str) -> None:
    assert normalize(written) == SPOKEN[written]


def test_british_english_reads_prices_too() -> None:
    assert normalize("£5", "en-gb") == "five pounds"

"""What is said for what is written: a table, hostile text, and properties of any text."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from speech.reading.normalizer import normalize, say

SPOKEN = {
    # numbers
    "12 eggs": "twelve eggs",
    "1,234 miles": "one thousand two hundred and thirty-four miles",
    "1000000": "one million",
    "3.14": "three point one four",
    "0.5": "zero point five",
    ".5": "point five",
    "1,234.56": "one thousand two hundred and thirty-four point five six",
    "-5": "minus five",
    "It fell to -12.": "It fell to minus twelve.",
    "007": "zero zero seven",
    "2.5 million": "two point five million",
    "1234567890123456": "one two three four five six seven eight nine zero one two three four five six",
    "٣ and ５": "three and five",
    "2 + 2 = 4": "two plus two equals four",
    "3 * 4": "three times four",
    "6 ÷ 2": "six divided by two",
    "10^6": "ten to the power of six",
    "5²": "five squared",
    "2³": "two cubed",
    "x^2": "x squared",
    "1e-5": "one times ten to the power of minus five",
    "a -> b": "a to b",
    "10⁻³": "ten to the power of minus three",
    "5×10⁻³": "five times ten to the power of minus three",
    "6.02×10²³": "six point zero two times ten to the power of twenty-three",
    "3 × 10⁸ m/s": "three times ten to the power of eight meters per second",
    "CO₂ emissions": "C O two emissions",
    "H₂O and x₁": "H two O and x one",
    "Al₂(SO₄)₃": "A L two(S O four)three",
    # ordinals
    "1st": "first",
    "the 2nd, 3rd and 11th": "the second, third and eleventh",
    "21st": "twenty-first",
    "100th": "one hundredth",
    # money
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
    # dates
    "May 5th, 2024": "May fifth, twenty twenty-four",
    "May 5, 2024": "May fifth, twenty twenty-four",
    "5 May 2024": "the fifth of May, twenty twenty-four",
    "the 4th of July": "the fourth of July",
    "2024-05-03": "May third, twenty twenty-four",
    "5/3/2024": "May third, twenty twenty-four",
    "25/12/2023": "December twenty-fifth, twenty twenty-three",
    "03.05.2024": "May third, twenty twenty-four",
    "on 12/25": "on December twenty-fifth",
    "12/25/99": "December twenty-fifth, nineteen ninety-nine",
    "Jan. 3": "January third",
    "Sept. 11": "September eleventh",
    "May 2024": "May twenty twenty-four",
    "March 5-7": "March fifth to seventh",
    "Mon, Jan 6": "Monday, January sixth",
    "May 50 people come?": "May fifty people come?",
    "March 10,000 miles": "March ten thousand miles",
    "in 1984": "in nineteen eighty-four",
    "in 1905": "in nineteen oh five",
    "in 2000 and 2005": "in two thousand and two thousand and five",
    "in 1900": "in nineteen hundred",
    "1500 people": "one thousand five hundred people",
    "44 BC": "forty-four B C",
    "the 1990s": "the nineteen nineties",
    "the '90s": "the nineties",
    "the 90s": "the nineties",
    "the 1800s": "the eighteen hundreds",
    "the 2000s": "the two thousands",
    "1939-45": "nineteen thirty-nine to forty-five",
    "1990–1995": "nineteen ninety to nineteen ninety-five",
    # times
    "10:30": "ten thirty",
    "10:05": "ten oh five",
    "10:00": "ten o'clock",
    "14:00": "fourteen hundred",
    "5pm": "five PM",
    "5 p.m. today": "five PM today",
    "at 5 p.m. We left.": "at five PM. We left.",
    "7:45 AM": "seven forty-five AM",
    "12:00 pm": "twelve PM",
    "1:05:30": "one oh five and thirty seconds",
    "9-5pm": "nine to five PM",
    "9:00-10:30": "nine o'clock to ten thirty",
    "2024-05-03T10:30": "May third, twenty twenty-four at ten thirty",
    # units
    "5 km": "five kilometers",
    "1 km": "one kilometer",
    "5km": "five kilometers",
    "a 5-km run": "a five kilometer run",
    "5-10 km": "five to ten kilometers",
    "10 km–20 km": "ten kilometers to twenty kilometers",
    "5°C–10°C": "five degrees Celsius to ten degrees Celsius",
    "5 °C - 10 °C": "five degrees Celsius to ten degrees Celsius",
    "500 m–2 km": "five hundred meters to two kilometers",
    "5 km - 10 min": "five kilometers — ten minutes",
    "100 km/h": "one hundred kilometers per hour",
    "60 mph": "sixty miles per hour",
    "72°F": "seventy-two degrees Fahrenheit",
    "-5°C": "minus five degrees Celsius",
    "1°C": "one degree Celsius",
    "3.2GHz": "three point two gigahertz",
    "16 GB": "sixteen gigabytes",
    "20 m²": "twenty square meters",
    "10kg": "ten kilograms",
    "6 ft": "six feet",
    "5'10\"": "five foot ten",
    "250 ms": "two hundred and fifty milliseconds",
    "1920x1080": "nineteen twenty by ten eighty",
    "10 × 12": "ten by twelve",
    "100 Mbps": "one hundred megabits per second",
    "90°": "ninety degrees",
    # percent
    "75%": "seventy-five percent",
    "3.5 %": "three point five percent",
    "5-10%": "five to ten percent",
    "-2%": "minus two percent",
    # telephone
    "555-1234": "five five five, one two three four",
    "(555) 123-4567": "five five five, one two three, four five six seven",
    "+44 20 7946 0958": "plus four four, two zero, seven nine four six, zero nine five eight",
    "1-800-555-1234": "one, eight zero zero, five five five, one two three four",
    "call 911": "call nine one one",
    "4111 1111 1111 1111": "four one one one, one one one one, one one one one, one one one one",
    # addresses
    "https://example.com": "example dot com",
    "See https://example.com/a-b.": "See example dot com slash A dash B.",
    "www.example.co.uk": "W W W dot example dot C O dot U K",
    "bob.smith@mail.com": "bob dot smith at mail dot com",
    "github.io": "github dot I O",
    "example.com and Example.COM": "example dot com and Example dot COM",
    "First thing.It works.": "First thing.It works.",
    "to London.In the end": "to London.In the end",
    "ask me.Me too": "ask me.Me too",
    "John <john@x.com>": "John john at X dot com",
    "<https://example.com/a>.": "example dot com slash A.",
    "a < b.com": "a less than B dot com",
    "main.py": "main dot P Y",
    "192.168.0.1": "one hundred and ninety-two dot one hundred and sixty-eight dot zero dot one",
    # abbreviations
    "Dr. Smith": "Doctor Smith",
    "Maple Dr. is": "Maple Drive is",
    "St. Louis": "Saint Louis",
    "Main St.": "Main Street.",
    "221B Baker St., London": "two hundred and twenty-one B Baker Street, London",
    "Mr. and Mrs. Jones": "Mister and Missus Jones",
    "Mr. Jones": "Mister Jones",
    "Prof. Lee": "Professor Lee",
    "Gen. Lee": "General Lee",
    "Gen Z and Gen Alpha": "Gen Z and Gen Alpha",
    "e.g. this": "for example this",
    "i.e. that": "that is that",
    "and so on, etc.": "and so on, et cetera.",
    "cats, dogs, etc. are": "cats, dogs, et cetera are",
    "us vs. them": "us versus them",
    "No. 5": "number five",
    "No. I won't.": "No. I won't.",
    "pp. 3-5": "pages three to five",
    "Fig. 2": "figure two",
    "the U.S. economy": "the US economy",
    "in the U.S. He": "in the US. He",
    "the U.S. Army": "the US Army",
    "J.K. Rowling": "J K Rowling",
    "Acme Inc. said": "Acme Incorporated said",
    "J. R. R. Tolkien": "J R R Tolkien",
    "a Ph.D. student": "a P H D student",
    "and/or": "and or",
    "w/o": "without",
    "he/she": "he slash she",
    "R&D at AT&T": "R and D at A T and T",
    "C++ and C#": "C plus plus and C sharp",
    # acronyms and names with figures
    "NASA and the FBI": "NASA and the FBI",
    "MP3": "MP three",
    "COVID-19": "COVID nineteen",
    "B2B": "B two B",
    "5G": "five G",
    "3D": "three D",
    "iPhone 15": "iPhone fifteen",
    # fractions
    "3/4": "three quarters",
    "1/2 cup": "one half cup",
    "1 1/2 cups": "one and a half cups",
    "2½ cups": "two and a half cups",
    "⅔": "two thirds",
    "24/7": "twenty-four seven",
    "10/10": "ten out of ten",
    "5/8": "five eighths",
    # Roman numerals
    "World War II": "World War two",
    "Henry VIII": "Henry the eighth",
    "Chapter IV": "Chapter four",
    "Louis XIV": "Louis the fourteenth",
    "the XIX century": "the nineteenth century",
    "Rocky III": "Rocky three",
    "an IV drip": "an IV drip",
    "I see": "I see",
    "World War I was long.": "World War one was long.",
    "Chapter I of Part V": "Chapter one of Part five",
    "Act I, Scene II": "Act one, Scene two",
    "a Type I error": "a Type one error",
    "Type I diabetes": "Type one diabetes",
    "Section I shows": "Section one shows",
    "the Mark I. It flew": "the Mark one. It flew",
    "The book I read": "The book I read",
    "The Book I read": "The Book I read",
    "the Part I was in": "the Part I was in",
    "Stage I breast cancer": "Stage one breast cancer",
    "a Class I medical device": "a Class one medical device",
    "Chapter I will show that Volume I had errors": "Chapter one will show that Volume one had errors",
    "chapter I am reading": "chapter I am reading",
    "Mark I think so": "Mark I think so",
    "Mark C. Smith": "Mark C Smith",
    "USB Type C": "USB Type C",
    "Class X": "Class X",
    # ranges, scores, versions
    "5-10": "five to ten",
    "1-2-3": "one two three",
    "16:9": "sixteen to nine",
    "v2.1.3": "version two point one point three",
    "version 2.0": "version two point zero",
    "1.2.3": "one point two point three",
    # markup
    "**Bold** and _it_": "Bold and it",
    "`code`": "code",
    "[link](http://x.com)": "link",
    "![alt](a.png)": "alt",
    "<b>hi</b>": "hi",
    "a &amp; b": "a and b",
    "# Title\n\nText": "Title. Text",
    "- one\n- two": "one, two",
    "x<br>y": "x, y",
    "~~gone~~": "gone",
    "fact[1].": "fact.",
    # emoji, tags, signs
    "Hi 😀!": "Hi!",
    "I ❤️ it :)": "I it",
    "👨‍👩‍👧 family": "family",
    "#ThrowbackThursday": "hashtag Throwback Thursday",
    "@user_name": "at user name",
    "#5": "number five",
    "snake_case_name": "snake case name",
    "Wait... what?!": "Wait… what?",
    "yes -- no": "yes — no",
    "wow!!!": "wow!",
    "don’t": "don't",
    "well-known": "well-known",
    "© 2024": "copyright twenty twenty-four",
    "": "",
    "\u200b\ufeff": "",
}


@pytest.mark.parametrize("written", SPOKEN, ids=str)
def test_spoken_form(written: str) -> None:
    assert normalize(written) == SPOKEN[written]


def test_an_initial_is_no_numeral() -> None:
    assert normalize("Mark V. Smith") == "Mark V Smith"


def test_the_table_is_long_enough() -> None:
    assert len(SPOKEN) >= 160


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("3/4/2024", "the third of April, twenty twenty-four"),
        ("4/13/2024", "the thirteenth of April, twenty twenty-four"),
        ("£5", "five pounds"),
    ],
)
def test_british_dates_begin_with_the_day(written: str, spoken: str) -> None:
    assert normalize(written, "en-gb") == spoken


@pytest.mark.parametrize("language", ["es", "fr", "hi", "it", "ja", "pt-br", "zh"])
def test_other_languages_only_lose_their_markup(language: str) -> None:
    assert normalize("**3,5 €** 😀 <b>el 3/4</b> 你好", language) == "3,5 € el 3/4 你好"


@pytest.mark.parametrize("spoken", sorted({said for said in SPOKEN.values() if not set(said) & set("0123456789")}))
def test_what_is_said_is_said_as_it_is(spoken: str) -> None:
    assert normalize(spoken) in (spoken, spoken.rstrip(".") + ".")


HOSTILE = [
    "a", "9", "1,", "[", "<a ", "a.b.", "www.", "1/2 ", "a-", "@", "#a", "*_", "http://", " ", "\n", ".\n", "1:1:", "$",
    "$1-", "&amp", "<!--", "](", "III ", "a@", "('", "\"'", "é", "漢", "😀", "\u0301", "A.", "555-", "- ", "[a", "__a",
    "5 km/", "+1 ", "('5 ", "\t#", " - \n", "<br", "`", "a'", "word ", ". ", '"a. ', "\0", "\ud800", "1.", "St. ",
    "v1.", "$x", "$$", "$a_", "\\(", "\\[", "\\frac{", "^{", "}{", "a\n", "A ", "/a", "~/", "C:\\a", "- A\n", "Mr. ",
]  # fmt: skip


@pytest.mark.parametrize("unit", HOSTILE, ids=ascii)
@pytest.mark.slow
def test_time_grows_with_length_only(unit: str) -> None:
    """100 kB of anything take seconds at most; quadratic patterns would take minutes."""
    text = (unit * 100_000)[:100_000]
    began = time.process_time()
    normalize(text)
    assert time.process_time() - began < 20


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=200), st.sampled_from(["en-us", "en-gb", "es", "ja"]))
def test_any_text_has_its_sayings_in_order(text: str, language: str) -> None:
    position = 0
    for saying in say(text, language):
        assert saying.start <= saying.end
        assert saying.start == position or not saying.text.strip()
        position = max(position, saying.end)
    assert position == len(text)


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="abIVX0123456789.,:;/-$€%°@#*_[]()<>&'\" \n½²kmGHz", max_size=60))
def test_any_figures_come_out_as_words(text: str) -> None:
    assert not set(normalize(text)) & set("0123456789½")


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.sampled_from(["the", "cat", "sat", "mats", "I", "don't", "why;", "it's", "well-known"]), max_size=12)
)
def test_plain_words_stay(words: list[str]) -> None:
    assert normalize(" ".join(words)) == " ".join(words)

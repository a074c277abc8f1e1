"""The texts of benchmarks/synthesize.py: 5, 20 and 60 words to measure times, and sentences to be transcribed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Sentence:
    """A text to speak, and other correct transcripts of it: numbers and some words have several spellings."""

    text: str
    also: tuple[str, ...] = ()


TIMED: dict[int, tuple[str, ...]] = {
    5: (
        "Hello there, how are you?",
        "Please close the window now.",
        "The train leaves at noon.",
        "I will call you tomorrow.",
    ),
    20: (
        "The quick brown fox jumps over the lazy dog while the rain keeps falling softly on the old roof tonight.",
        "If you want to change your order, please tell us before the end of the day and we will help.",
        "She opened the letter with cold hands, read it twice, and then put it back into the drawer without speaking.",
        "Our engineers have measured the new bridge from end to end, and they found it light, strong and quite safe.",
    ),
    60: (
        "When the morning light finally reached the harbor, the fishermen had already mended their nets, counted their "
        "coins and shared a pot of coffee, because the weather report from the capital had promised calm seas "
        "until noon, followed by winds from the north, and nobody who depended on the water for a living wanted "
        "to waste even one quiet hour.",
        "The library opens its doors at nine every morning except on Sundays. Visitors may borrow up to ten books at a "
        "time and keep them for four weeks. If somebody else is waiting for a book, we will send you a short message. "
        "Please bring it back within three days, so that the next reader does not have to wait.",
        "Although the committee had planned to announce its decision in the spring, several members asked for more "
        "time, since the figures that the two laboratories had published did not agree with each other. A third team "
        "will repeat the experiment with better instruments, and its results are expected before the end of "
        "the summer, when everybody hopes to meet again.",
        "My grandmother used to say that a good soup needs three things: fresh vegetables, a heavy pot and a patient "
        "cook. She would stand in her kitchen for hours, humming old songs, tasting and stirring, while we children "
        "played under the table. Nobody ever wrote her recipes down, and yet every one of us remembers exactly "
        "how that soup tasted.",
    ),
}
"""Texts by their number of words; four of each, one for each of four clients."""

SENTENCES = (
    # Plain statements, short to long.
    Sentence("Good morning, everyone."),
    Sentence("Thank you very much for your help."),
    Sentence("The cat slept on the warm stones all afternoon."),
    Sentence("Fresh bread smells better than almost anything else in the world."),
    Sentence("We walked along the river until the path ended at a wooden gate."),
    Sentence("The museum will be closed for repairs until the end of next month."),
    Sentence("He forgot his umbrella on the bus, and of course it started to rain."),
    Sentence("Nothing in the old house had been moved since the family left it many years ago."),
    Sentence("A narrow road climbs through the forest to a small village with a view of the whole valley."),
    Sentence(
        "Because the bridge was still under water, the doctor had to leave her car behind and cross by boat.",
        ("Because the bridge was still underwater, the doctor had to leave her car behind and cross by boat.",),
    ),
    # Questions and exclamations.
    Sentence("Where did you put the keys?"),
    Sentence("Could you please speak a little more slowly?"),
    Sentence("How long does it take to fly from London to Tokyo?"),
    Sentence("Why would anybody want to leave such a beautiful place?"),
    Sentence("Do you prefer tea or coffee with your breakfast?"),
    Sentence("Isn't it strange that nobody noticed the difference?"),
    Sentence("What a wonderful surprise!"),
    Sentence("Watch out, the floor is wet!"),
    # Numbers, money, measures.
    Sentence(
        "The ticket costs $3.50, and children pay half.", ("The ticket costs three fifty, and children pay half.",)
    ),
    Sentence("About 75% of the students passed the test."),
    Sentence("The population grew from 1,200 to 45,000 in only ten years."),
    Sentence("Add 250 grams of flour and 3 eggs, then stir for two minutes."),
    Sentence("The mountain is 2,962 meters high."),
    Sentence("It was 72 degrees in the morning and 90 degrees by noon."),
    Sentence("We sold twenty-one bicycles, seventeen helmets and one hundred and four bells."),
    Sentence("The house at 221 Baker Street has been empty for years."),
    Sentence("Their budget rose to 1.5 million dollars."),
    Sentence(
        "The distance is 12 km, which takes about 15 minutes by car.",
        (
            "The distance is 12 kilometers, which takes about 15 minutes by car.",
            "The distance is twelve kilometres, which takes about fifteen minutes by car.",
        ),
    ),
    # Dates and times.
    Sentence(
        "The meeting is on March 5th, 2024, at 6:30 in the evening.",
        (
            "The meeting is on March 5th, 2024, at 6.30 in the evening.",
            "The meeting is on March 5, 2024, at 6:30 in the evening.",
            "The meeting is on March 5, 2024, at 6.30 in the evening.",
        ),
    ),
    Sentence("She was born on the 21st of July, 1987, in a small town near the coast."),
    Sentence("The first steam trains ran in the 1820s."),
    Sentence(
        "Our shop opens at 9 a.m. and closes at 5 p.m. on weekdays.",
        ("Our shop opens at 9am and closes at 5pm on weekdays.",),
    ),
    Sentence("The war ended in 1945, and the city was rebuilt within a decade."),
    Sentence("Please come back on Tuesday, the third of October.", ("Please come back on Tuesday, 3 October.",)),
    # Names, titles, abbreviations.
    Sentence("Dr. Smith will see you now, Mrs. Johnson."),
    Sentence("Professor Anderson met Elizabeth and Michael at the airport in Chicago."),
    Sentence("William Shakespeare wrote Hamlet around the year 1600."),
    Sentence("My cousin Rebecca lives in Melbourne, but her brother moved to Edinburgh."),
    Sentence("Mr. Brown teaches history at a school in San Francisco."),
    Sentence("The Amazon, the Nile and the Mississippi are among the longest rivers on Earth."),
    # Dialogue.
    Sentence('"Are you coming with us?" she asked. "Not today," he said, "I still have work to do."'),
    Sentence('"Stop!" cried the guard. "Nobody may enter without a ticket."'),
    Sentence('"I can\'t believe it," Anna whispered. "You\'ve been here the whole time."'),
    Sentence("He shrugged and said, \"Well, that's how it goes, isn't it?\""),
    Sentence('"Let\'s wait for the others," said Tom, "they won\'t be long."'),
    # Technical and scientific.
    Sentence("The server sends each piece of audio as soon as it has been computed."),
    Sentence("Press the red button for five seconds to restart the machine."),
    Sentence("A neural network learns by changing its weights a little after every example."),
    Sentence("Light travels from the sun to the earth in about eight minutes."),
    Sentence("Water is made of hydrogen and oxygen."),
    Sentence("The USB cable connects the camera to the computer."),
    Sentence("Version 2.1 fixes a serious error in the memory of the graphics driver."),
    Sentence("The patient should take one tablet twice a day after meals."),
    Sentence("Photosynthesis turns sunlight, water and carbon dioxide into sugar."),
    Sentence("Download the file, open it in your browser, and enter your password."),
    # Words that are written alike, and other traps of pronunciation.
    Sentence("Though the dough was tough, she thought it through thoroughly."),
    Sentence("I read that book last year, and I will read it again."),
    Sentence("They live near a theater with live music every night."),
    Sentence("The wind was so strong that it closed the heavy door."),
    Sentence("She sells seashells by the seashore.", ("She sells sea shells by the sea shore.",)),
    Sentence("The colonel bought a yacht, a knife and an island."),
    Sentence("The record shows that they will record a new album in Nashville."),
    # News and instructions, longer.
    Sentence(
        "The government announced on Monday that it would lower taxes for small companies, "
        "but the opposition said that the plan would help only the largest ones."
    ),
    Sentence(
        "Heavy snow closed two airports in the north of the country, and thousands of passengers had to spend the "
        "night on benches and camp beds."
    ),
    Sentence(
        "First, turn off the power; second, remove the four screws on the back; finally, lift the cover "
        "carefully, because the cable behind it is very short."
    ),
    Sentence(
        "Scientists have discovered a new kind of frog, no larger than a fingernail, that lives in the leaves at the "
        "bottom of the rain forest and calls only before sunrise.",
        (
            "Scientists have discovered a new kind of frog, no larger than a fingernail, that lives in the leaves at "
            "the bottom of the rainforest and calls only before sunrise.",
        ),
    ),
    Sentence(
        "When you arrive at the station, take the second exit, cross the square, and walk past the church until you "
        "see a yellow building with green doors."
    ),
    Sentence(
        "It was the kind of evening when the air stands still, the swallows fly low, and everybody knows that a storm "
        "will break before the night is over."
    ),
    Sentence(
        "If you are calling about a bill, press one. If you would like to speak with somebody from our technical "
        "team, press two. To hear these choices again, please stay on the line."
    ),
    Sentence(
        "The old captain had sailed around the world three times, survived two shipwrecks and a mutiny, and yet "
        "nothing frightened him as much as the silence of his own house."
    ),
)

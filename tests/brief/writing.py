"""Articles made by chance from a seed: varied sentences in words of our own, and copies of them."""

import random
import re

TOPICS = {
    "harbor": "ferry pier harbor captain anchor crane dock cargo tide buoy lighthouse sailor hull"
    " mooring freight jetty pilot wharf",
    "clinic": "nurse clinic ward surgeon vaccine patient dose fever therapy hospital symptom"
    " diagnosis recovery midwife pharmacy scan",
    "school": "teacher pupil classroom exam lesson homework headteacher timetable library chalk"
    " playground grade essay textbook tutor",
    "orchard": "apple orchard harvest frost beekeeper blossom cider pruning orchardist soil pear"
    " irrigation grafting crop ladder barrel",
    "railway": "train platform signal conductor carriage timetable tunnel freight locomotive guard"
    " junction viaduct sleeper ticket whistle",
}  # fmt: skip
_NAMES = [
    *("Brandt Eklund Farkas Moen Okoro Petrov Ruiz Solano Velde Castellan Dressler Koss").split(),
    *("Lindqvist Moreau Sandoval Teller Renfrew Arden Holm Graf Krag Hadley Sorel Tamm").split(),
]
_GIVEN = "Ana Bo Greta Felix Irma Jana Karl Lena Marco Nadia Owen Paul Rhea Sam Tomas Ines".split()
_PLACES = "Kelby Tolva Merania Anselm Ashford Northgate Sorvia Whitmore Morrow Salter".split()
_VERBS = (
    "repaired inspected praised questioned replaced moved counted opened closed painted measured"
    " ordered cleaned guarded rebuilt tested described compared borrowed defended"
).split()
_ADJECTIVES = (
    "old narrow bright costly wooden quiet modern broken heavy famous northern spare shallow"
    " crowded private early careful rusty distant gentle"
).split()
_WHEN = [
    "on Monday", "before the winter", "after a long debate", "in the small hours",
    "for the first time in years", "without much notice", "while the town slept",
    "in spite of the rain", "at the end of a hard season", "during the spring fair",
]  # fmt: skip
_FRAMES = [
    "{Name} {verb} the {adj} {noun} {when}.",
    "The {noun} near {place} was {verb} {when}, and the {noun2} had to wait.",
    "About {num} people in {place} asked for a {adj} {noun}, {Name} said.",
    "Nobody knew whether the {adj} {noun2} would last, although {num} crowns were spent on it.",
    "A {adj} {noun} costs {num} crowns, which {Name} of {place} finds too much.",
    "Every {noun} between {place} and {place2} has been {verb} since {num}.",
    "{Name} wants the {noun2} to be {verb} again {when}.",
    "Behind the {adj} {noun}, workers {verb} a {noun2} that had stood there for {num} years.",
    '"We have {verb} each {noun} by hand," said {Name}, who runs the {adj} {noun2} in {place}.',
    "Plans for a {adj} {noun2} were {verb} by the council of {place} {when}.",
]


def article(topic, seed, sentences=24):
    """Return an article of one topic, in paragraphs of three sentences; no two seeds share one."""
    rng = random.Random(f"{topic}/{seed}")
    nouns = TOPICS[topic].split()
    people = [f"{rng.choice(_GIVEN)} {n}" for n in rng.sample(_NAMES, 4)]
    places = rng.sample(_PLACES, 3)
    written = []
    for _ in range(sentences):
        noun, noun2 = rng.sample(nouns, 2)
        place, place2 = rng.sample(places, 2)
        written.append(
            rng.choice(_FRAMES).format(
                Name=rng.choice(people), verb=rng.choice(_VERBS), adj=rng.choice(_ADJECTIVES),
                noun=noun, noun2=noun2, place=place, place2=place2, when=rng.choice(_WHEN),
                num=rng.randrange(11, 9999),
            )
        )  # fmt: skip
    return "\n".join(" ".join(written[i : i + 3]) for i in range(0, sentences, 3))


def _sentences(text):
    return re.split(r"(?<=[.!?])\s+", text)


def cut(text, rng):
    """Return a run of 30 to 70 % of the sentences."""
    sentences = _sentences(text)
    size = max(3, int(len(sentences) * rng.uniform(0.3, 0.7)))
    start = rng.randrange(len(sentences) - size + 1)
    return " ".join(sentences[start : start + size])


def reordered(text, rng):
    """Return the sentences in another order."""
    sentences = _sentences(text)
    rng.shuffle(sentences)
    return " ".join(sentences)


def reworded(text, rng, share=0.08):
    """Return the text with so much of its words replaced by others, names and numbers too."""
    others = [w for words in TOPICS.values() for w in words.split()] + _ADJECTIVES + _VERBS
    return " ".join(rng.choice(others) if rng.random() < share else w for w in text.split(" "))

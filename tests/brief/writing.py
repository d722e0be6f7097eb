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
_NAMES_LIST = """
    Brandt Eklund Farkas Moen Okoro Petrov Ruiz Solano Velde Castellan Dressler Koss Lindqvist
    Moreau Sandoval Teller Renfrew Arden Holm Graf Krag Hadley Sorel Tamm
"""
_NAMES = _NAMES_LIST.split()
_GIVEN_LIST = "Ana Bo Greta Felix Irma Jana Karl Lena Marco Nadia Owen Paul Rhea Sam Tomas Ines"
_GIVEN = _GIVEN_LIST.split()
_PLACES_LIST = "Kelby Tolva Merania Anselm Ashford Northgate Sorvia Whitmore Morrow Salter"
_PLACES = _PLACES_LIST.split()
_VERBS_LIST = """
    repaired inspected praised questioned replaced moved counted opened closed painted measured
    ordered cleaned guarded rebuilt tested described compared borrowed defended sold bought carried
    lost found photographed insured watched lifted weighed mentioned ignored rescued admired
"""
_VERBS = _VERBS_LIST.split()
_ADJECTIVES_LIST = """
    old narrow bright costly wooden quiet modern broken heavy famous northern spare shallow crowded
    private early careful rusty distant gentle foreign borrowed empty second-hand green hollow
    public royal secret useful yellow clever damp elegant fragile
"""
_ADJECTIVES = _ADJECTIVES_LIST.split()
_WHEN = [
    "on Monday", "before the winter", "after a long debate", "in the small hours",
    "for the first time in years", "without much notice", "while the town slept",
    "in spite of the rain", "at the end of a hard season", "during the spring fair",
    "as soon as money was there", "against all advice", "behind closed doors", "by hand",
    "with help from {place2}", "between two storms", "under the eyes of {Name2}", "at noon",
    "since {year}", "near {place}", "", "",
]  # fmt: skip
_WHO = [
    "{Name}", "A {noun2} keeper from {place}", "Workers in {place}", "The council of {place}",
    "{Name}, who is {age},", "{num} people", "Nobody in {place2}", "Many a {noun2} owner",
    "A group led by {Name}", "The owners of the {adj2} {noun2}", "Half of {place}",
    "A daughter of {Name}", "Students", "Three brothers",
    "An expert on every kind of {noun2}", "Visitors to {place2}",
]  # fmt: skip
_WHAT = [
    "the {adj} {noun}", "a {adj} {noun}", "{num} of the {adj} ones", "each {noun} and {noun2}",
    "what was left of the {noun}", "{Name2}'s {noun}", "the last {noun} in {place2}",
    "more than one {adj} {noun}", "the plans for a {noun}", "neither {noun} nor {noun2}",
]  # fmt: skip
_TAILS = [
    "", "", "", ", said {Name2}", ", which cost {num} crowns", " because the {noun2} was {adj2}",
    ", and {place2} {verb2} a {noun2}", ", although {Name2} had {verb2} one already",
    " so that a {adj2} {noun2} could be {verb2}", "; a report of {year} says why",
    ", according to {Name2} of {place2}", " until {num} crowns were {verb2}",
]  # fmt: skip


def article(topic, seed, sentences=24):
    """Return an article of one topic in paragraphs of three sentences; no seed is like another."""
    rng = random.Random(f"{topic}/{seed}")
    nouns = TOPICS[topic].split()
    people = [f"{rng.choice(_GIVEN)} {n}" for n in rng.sample(_NAMES, 4)]
    places = rng.sample(_PLACES, 3)
    written = []
    for _ in range(sentences):
        form = f"{rng.choice(_WHO)} {rng.choice(_VERBS)} {rng.choice(_WHAT)} {rng.choice(_WHEN)}"
        noun, noun2 = rng.sample(nouns, 2)
        place, place2 = rng.sample(places, 2)
        name, name2 = rng.sample(people, 2)
        adj, adj2 = rng.sample(_ADJECTIVES, 2)
        sentence = (form.strip() + rng.choice(_TAILS)).format(
            Name=name, Name2=name2, noun=noun, noun2=noun2, place=place, place2=place2, adj=adj,
            adj2=adj2, verb2=rng.choice(_VERBS), num=rng.randrange(11, 9999),
            year=rng.randrange(1890, 2020), age=rng.randrange(19, 90),
        )  # fmt: skip
        quoted = rng.random() < 0.1
        written.append(f'"{sentence}," said {name}.' if quoted else f"{sentence}.")
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

"""Words that say "he" or "she": given names, titles, nouns; pronouns of the text overrule them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

#: Only names that practically all their bearers share a sex with; no list of all names. Without
#: them "she said" between Rosalind and Philip stays open, or worse: a name that no pronoun has
#: explained yet would fit both.
_FEMALE_LIST = """
    abigail agnes aisha alice alicia alison amanda amelia amina amy ana anastasia ann angela anita
    anna anne annie annika anneke ayesha barbara beatrice beatriz bella bernadette beth bethany
    betty brenda bridget brigitte camila carla carmen carol caroline carolyn catherine catriona
    cecilia celia charlotte chloe christina christine claire clara claudia colleen cynthia daisy
    danielle deborah debra delphine denise diana diane dolores donna doris dorothy edith eileen
    elaine eleanor elena elisabeth elizabeth ella ellen eloise emily emma enid erica erin esther
    eva evelyn fatima fiona florence frances francesca gabriela gemma genevieve georgia gina
    giulia gloria greta hannah harriet heather heidi helen helena hilda ida ines inga ingrid irene
    isabel isabella isla jane janet janice jasmine jelena jennifer jessica jill joan joanna
    josephine joyce judith julia juliet karen karin kate katherine kathleen kathryn katie kirsten
    laura lauren leila lena leonora lillian linda lisa louisa louise lucia lucille lucinda lucy
    lydia madeleine magda mairead margaret margot maria mariam marie marina martha mary matilda
    maureen megan melanie melissa michelle mildred miranda miriam miroslava mireille molly monica
    morag nadia nancy naomi natalia natalie natasha nicole nina nora noor olga olivia olive pamela
    patricia paula pauline penelope petra philippa phoebe priya rachel rebecca renata rita roberta
    rosa rosalind rose rosemary ruth sally samantha sandra sara sarah sheila shirley silvia
    siobhan sofia sonia sophia sophie stella stephanie sunita susan suzanne svetlana sylvia tamara
    tamika tania teresa theresa tina ursula valentina valerie vanessa vera veronica victoria
    virginia wendy yasmin yolanda yvonne zainab zoe
"""
_MALE_LIST = """
    aaron abdul abdullah adam adrian ahmed alan albert alejandro alexander alfred ali alistair
    alun amir andreas andrew angus anthony antonio arthur arturo austin barry bartholomew ben
    benedikt benjamin bernard bill bob boris brad bradley brendan brian bruce bruno callum carl
    carlos charles christopher clive colin craig cyril dai daniel darren dave david declan dennis
    derek desmond dieter diego dmitri dominic donald douglas duncan eamon ed edgar edmund eduardo
    edward edwin enrique eric ernest ethan eugene faisal felipe felix fernando finn francisco
    frank franz fred frederick gareth gary geoffrey george gerald gerard gideon gilbert giles
    giorgio giovanni giuseppe gordon graham gregory guillermo gunnar gustav hamid hans harold
    harry hassan hector henrik henry herbert howard hugh hugo hussein ian ibrahim igor isaac ivan
    jack jacob jacques jake james jason javier jeffrey jeremy jerome jim joao johann john jonathan
    jorge jose joseph joshua juan julian karl keith kenneth kevin khalid klaus kofi kwame lars
    lawrence leo leon leonard lorenzo luca luigi luis luke magnus malcolm manuel marcel marco
    marcus mario mark martin matthew matteo matthias maurice max michael miguel mikhail mohamed
    mohammed moses mustafa nathan nicholas nigel nikolai norman oliver oscar oswin otto owen pablo
    patrick paul pedro peter philip pierre pieter rafael ralph ramon raymond ray reginald ricardo
    richard robert roberto rodrigo roger roland ronald rory roy rupert russell samuel sean
    sebastian sergei sergio simon stanley stefan stephen steven stuart sven tariq terence thomas
    tim timothy tobias tom tomas tony trevor umberto vernon victor viktor vincent vladimir walter
    warren wilfred wilhelm william wolfgang xavier yusuf yuri zachary
"""
_GENDERS = dict.fromkeys(_FEMALE_LIST.split(), "f") | dict.fromkeys(_MALE_LIST.split(), "m")
#: Titles and nouns that tell "he" from "she".
_MALE_LIST = """
    mr sir lord king prince pope father brother congressman councilman chairman spokesman actor
    husband son uncle grandfather fisherman rabbi imam waiter monsieur emperor alderman widower
    nephew boyfriend grandson stepson stepfather father-in-law son-in-law brother-in-law headmaster
    grandad landlord gentleman boy man groom monk duke baron count dad
    lad chap bloke schoolboy fiance half-brother bridegroom godfather stepbrother ex-husband
"""
_FEMALE_LIST = """
    mrs ms miss dame lady queen princess sister mother congresswoman councilwoman chairwoman
    spokeswoman actress wife daughter aunt grandmother waitress madam madame empress widow
    niece girlfriend granddaughter stepdaughter stepmother mother-in-law daughter-in-law
    sister-in-law headmistress landlady girl woman bride nun duchess baroness countess heiress
    mum mom lass schoolgirl fiancee half-sister godmother stepsister ex-wife grandma midwife
"""
MALE, FEMALE = frozenset(_MALE_LIST.split()), frozenset(_FEMALE_LIST.split())
HE = re.compile(r"\b(?:he|him|his|himself)\b")
SHE = re.compile(r"\b(?:she|her|hers|herself)\b")
_PRONOUNS = re.compile(r"\b(?:(?:he|him|his|himself)|(she|her|hers|herself))\b")
_MAN = re.compile(r"[a-z]{2,30}(?<!wo)(?<!hu)man")


def gender_of(given_name: str) -> str:
    """Return "f" or "m" where a given name says so, else nothing.

    >>> gender_of("Rosalind"), gender_of("Robin")
    ('f', '')
    """
    return _GENDERS.get(given_name.lower(), "")


def pronoun_gender(text: str) -> str:
    """Return "m" or "f" where all small "he" and "she" of a text are one of them; else nothing.

    >>> pronoun_gender("and then his dog"), pronoun_gender("his and her dog")
    ('m', '')
    """
    if "h" not in text:
        return ""
    found = {bool(one) for one in _PRONOUNS.findall(text)}
    return "" if len(found) != 1 else "f" if found.pop() else "m"


def gender_of_roles(roles: Collection[str]) -> str:
    """Return "m" or "f" where what somebody is called says so; else nothing.

    >>> gender_of_roles({"driver", "great-nephew"}), gender_of_roles({"driver"})
    ('m', '')
    """
    words = {*roles, *(role.rsplit("-", 1)[-1] for role in roles)}
    female = bool(words & FEMALE) or any(w.endswith("woman") for w in words)
    male = bool(words & MALE) or any(_MAN.fullmatch(w) for w in words)
    return "" if male == female else "m" if male else "f"

"""Apple's categories: the only ones that directories accept (feed rule F5, pure)."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches

from audiobrief.errors import WorkspaceError

# 19 categories and their sub-categories as podcast directories have listed them since 2019.
CATEGORIES: dict[str, tuple[str, ...]] = {
    "Arts": ("Books", "Design", "Fashion & Beauty", "Food", "Performing Arts", "Visual Arts"),
    "Business": (
        "Careers",
        "Entrepreneurship",
        "Investing",
        "Management",
        "Marketing",
        "Non-Profit",
    ),
    "Comedy": ("Comedy Interviews", "Improv", "Stand-Up"),
    "Education": ("Courses", "How To", "Language Learning", "Self-Improvement"),
    "Fiction": ("Comedy Fiction", "Drama", "Science Fiction"),
    "Government": (),
    "Health & Fitness": (
        "Alternative Health",
        "Fitness",
        "Medicine",
        "Mental Health",
        "Nutrition",
        "Sexuality",
    ),
    "History": (),
    "Kids & Family": ("Education for Kids", "Parenting", "Pets & Animals", "Stories for Kids"),
    "Leisure": (
        "Animation & Manga",
        "Automotive",
        "Aviation",
        "Crafts",
        "Games",
        "Hobbies",
        "Home & Garden",
        "Video Games",
    ),
    "Music": ("Music Commentary", "Music History", "Music Interviews"),
    "News": (
        "Business News",
        "Daily News",
        "Entertainment News",
        "News Commentary",
        "Politics",
        "Sports News",
        "Tech News",
    ),
    "Religion & Spirituality": (
        "Buddhism",
        "Christianity",
        "Hinduism",
        "Islam",
        "Judaism",
        "Religion",
        "Spirituality",
    ),
    "Science": (
        "Astronomy",
        "Chemistry",
        "Earth Sciences",
        "Life Sciences",
        "Mathematics",
        "Natural Sciences",
        "Nature",
        "Physics",
        "Social Sciences",
    ),
    "Society & Culture": (
        "Documentary",
        "Personal Journals",
        "Philosophy",
        "Places & Travel",
        "Relationships",
    ),
    "Sports": (
        "Baseball",
        "Basketball",
        "Cricket",
        "Fantasy Sports",
        "Football",
        "Golf",
        "Hockey",
        "Rugby",
        "Running",
        "Soccer",
        "Swimming",
        "Tennis",
        "Volleyball",
        "Wilderness",
        "Wrestling",
    ),
    "Technology": (),
    "True Crime": (),
    "TV & Film": ("After Shows", "Film History", "Film Interviews", "Film Reviews", "TV Reviews"),
}


@dataclass(frozen=True, slots=True)
class Category:
    """A category and, where one was chosen, its sub-category."""

    name: str
    sub: str | None = None


def parse_category(text: str) -> Category:
    """Return the category that a setting names, such as ``News > Daily News``.

    Raises:
        WorkspaceError: It is none of Apple's; the remedy names the nearest.

    >>> parse_category("news > daily news")
    Category(name='News', sub='Daily News')
    >>> parse_category("News > Dayly News")
    Traceback (most recent call last):
    audiobrief.errors.WorkspaceError: none of Apple's categories: 'News > Dayly News' \
(did you mean "News > Daily News"?)
    """
    known = {_key(name): category for name, category in _by_name().items()}
    found = known.get(_key(text))
    if found is None:
        near = get_close_matches(_key(text), known, n=1, cutoff=0.6)
        remedy = (
            f'did you mean "{_name(known[near[0]])}"?'
            if near
            else f"choose one of: {', '.join(CATEGORIES)}"
        )
        raise WorkspaceError("none of Apple's categories", text, remedy=remedy)
    return found


def _by_name() -> dict[str, Category]:
    pairs = [Category(name) for name in CATEGORIES]
    pairs += [Category(name, sub) for name, subs in CATEGORIES.items() for sub in subs]
    return {_name(category): category for category in pairs}


def _name(category: Category) -> str:
    return category.name if category.sub is None else f"{category.name} > {category.sub}"


def _key(text: str) -> str:
    """Return what two spellings of a category share.

    >>> _key(" Health and fitness>Medicine")
    'health & fitness > medicine'
    """
    parts = [" ".join(part.casefold().split()) for part in text.split(">")]
    return " > ".join(part.replace(" and ", " & ") for part in parts)

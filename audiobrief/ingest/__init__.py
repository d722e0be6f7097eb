"""Stage 1, the world to articles: files, folders and standard input in, Article out."""

from audiobrief.ingest.extract import extract
from audiobrief.ingest.kept import render_kept_page, render_kept_text
from audiobrief.ingest.source import (
    Candidate,
    Document,
    DocumentKind,
    expand,
    gather,
    read,
    read_stream,
)
from audiobrief.ingest.stated import Stated

__all__ = [
    "Candidate",
    "Document",
    "DocumentKind",
    "Stated",
    "expand",
    "extract",
    "gather",
    "read",
    "read_stream",
    "render_kept_page",
    "render_kept_text",
]

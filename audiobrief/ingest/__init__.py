"""Stage 1, the world to articles: files, folders and standard input in, Article out."""

from audiobrief.ingest.extract import extract
from audiobrief.ingest.source import (
    Candidate,
    Document,
    DocumentKind,
    gather,
    read,
    read_stream,
)

__all__ = ["Candidate", "Document", "DocumentKind", "extract", "gather", "read", "read_stream"]

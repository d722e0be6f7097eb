"""audiobrief: articles in, podcast episodes and a feed out."""

__version__ = "0.1.0"

"""Stage 2, articles to words: Article in, Script out."""

"""Stage 1, the world to articles: files, folders and standard input in, Article out."""

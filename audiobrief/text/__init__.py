"""Tools for words: strings in, strings or spans out. No input, no output."""

"""Tell an article from what surrounds it on its page: lines in, blocks out."""

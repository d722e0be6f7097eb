"""What `review` and `approve` do: marks, fixes, words, and the build after them."""

"""Stage 5, metadata: ID3 into the MP3, transcripts and chapters beside it."""

"""Stage 4, clips to one mastered file: segments and their clips in, MP3 and Timeline out."""

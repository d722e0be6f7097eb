"""Stage 3, words to clips: Script in, one proven Clip per segment out."""

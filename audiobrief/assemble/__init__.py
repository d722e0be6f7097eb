"""Stage 4, clips to one mastered file: segments and their clips in, MP3 and Timeline out.

Its modules import numpy, soxr, pydub and lameenc when they are imported, so import them where a
command needs them: `render` (``assemble``), `probe` (``probe``, ``measure``), `timeline`
(``lay_out``, ``chapters_of``: cheap).
"""

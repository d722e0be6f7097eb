"""The rule book: what apps and directories ask of a feed and its files, held against the disk.

Its modules import lxml, mutagen, Pillow and the sound libraries, so import ``folder`` only where
a command checks.
"""

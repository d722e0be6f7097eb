"""Who works on a podcast: the roles that the podcast namespace knows (pure)."""

from __future__ import annotations

_CREATIVE_DIRECTION = """
director, assistant director, executive producer, senior producer, producer, associate producer,
development producer, creative director
"""
_CAST = "host, co-host, guest host, guest, voice actor, narrator, announcer, reporter"
_WRITING = """
author, editorial director, co-writer, writer, songwriter, guest writer, story editor,
managing editor, script editor, script coordinator, researcher, editor, fact checker, translator,
transcriber, logger
"""
_AUDIO = """
studio coordinator, technical director, technical manager, audio engineer,
remote recording engineer, post production engineer, audio editor, sound designer, foley artist,
composer, theme music, music production, music contributor
"""
_ADMINISTRATION = """
production coordinator, booking coordinator, production assistant, content manager,
marketing manager, sales representative, sales manager, graphic designer, cover art designer,
social media manager, consultant, intern
"""
_VIDEO = "camera operator, lighting designer, camera grip, assistant camera, assistant editor"
_GROUPS = (_CREATIVE_DIRECTION, _CAST, _WRITING, _AUDIO, _ADMINISTRATION, _VIDEO)

#: In lower case.
ROLES = frozenset(" ".join(role.split()) for group in _GROUPS for role in group.split(","))

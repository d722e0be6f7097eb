"""What may be asked for: a table of methods, paths, and what is done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from audiobrief.review.desk import (
    SeenLine,
    WantedFix,
    WantedMarks,
    WantedSpeech,
    WantedWord,
)
from audiobrief.review.refusal import Refusal
from audiobrief.serve.answer import Answer, as_json
from audiobrief.serve.files import answer_file
from audiobrief.serve.kind import Kind
from audiobrief.serve.representation import Representation
from audiobrief.serve.shelf import Opened, stamp_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from audiobrief.review.desk import Desk, Json, Scope, SoundFile
    from audiobrief.review.fields import Fields
    from audiobrief.review.static_files import StaticFile
    from audiobrief.serve.request import Request

_VERDICTS: Final = ("not heard", "heard", "needs fix", "approved")
_SCOPES: Final[tuple[Scope, ...]] = ("here", "episode", "show")
#: Which fields an operation has besides ``op``, ``segment`` and ``seen``; a ? may be missing.
_OPERATIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "words": ("text",),
    "voice": ("voice",),
    "speaker": ("speaker", "voice"),
    "split": ("at",),
    "join": (),
    "move": ("before",),
    "leave_out": (),
    "restore": ("row",),
    "undo": (),
}
_MOST_ID: Final = 300
_MOST_NAME: Final = 300
_MOST_MARKS: Final = 20_000
_MOST_RANGES: Final = 2_000


@dataclass(frozen=True, slots=True)
class Call:
    """A request that has been let in."""

    request: Request
    #: What its path names.
    names: Mapping[str, str]
    #: Of its query or body.
    fields: Fields
    desk: Desk
    static: Mapping[str, StaticFile]

    @property
    def id(self) -> str:
        """The episode that its path names."""
        return self.names["id"]


@dataclass(frozen=True, slots=True)
class Route:
    """What is done for a method and a path; it may take long, and runs in a thread."""

    method: str
    pattern: tuple[str, ...]
    handle: Callable[[Call], Answer]
    #: It is no answer with an end: events.
    is_stream: bool = False


def _page(name: str) -> Callable[[Call], Answer]:
    def page(call: Call) -> Answer:
        return _static_file(call, name)

    return page


def _static(call: Call) -> Answer:
    return _static_file(call, call.names["name"])


def _static_file(call: Call, name: str) -> Answer:
    file = call.static.get(name)
    if file is None:
        raise Refusal(404, "there is nothing here", "path", "go to /")
    return file.answer(call.request)


def _sound(call: Call) -> Answer:
    call.fields.allow()
    return _file(call, call.desk.sound(call.id, call.names["sha256"]))


def _clip(call: Call) -> Answer:
    call.fields.allow()
    return _file(call, call.desk.clip(call.names["key"]))


def _file(call: Call, sound: SoundFile) -> Answer:
    """Return the answer for sound, whole or the ranges of it that are asked for."""
    # Another sound has another address.
    kind = Kind("sound", sound.mime_type, "private, max-age=31536000, immutable")
    facts = sound.facts
    opened = Opened(
        sound.path, kind, sound.stream, sound.size, int(facts.st_mtime), stamp_of(facts), sound.tag
    )
    answer = answer_file(opened, Representation(f'"{sound.tag}"', sound.size), call.request)
    if answer.stream is None:
        sound.stream.close()
    return answer


def _episodes(call: Call) -> Answer:
    call.fields.allow()
    return _told(call.desk.episodes())


def _document(call: Call) -> Answer:
    call.fields.allow()
    return _told(call.desk.document(call.id))


def _count(call: Call) -> Answer:
    call.fields.allow("word", "segment")
    word = call.fields.text("word", most=_MOST_NAME)
    return _told(call.desk.count(call.id, word, _segment(call.fields)))


def _say(call: Call) -> Answer:
    fields = call.fields
    fields.allow("segment", "text", "voice", "word", "say", "ipa", "letters")
    wanted = WantedSpeech(
        segment=_segment(fields),
        text=fields.maybe_text("text"),
        voice=fields.maybe_text("voice", most=_MOST_NAME),
        word=_word(fields) if fields.has("word") else None,
    )
    return _told(call.desk.say(call.id, wanted))


def _fix(call: Call) -> Answer:
    fields = call.fields
    op = fields.one_of("op", _OPERATIONS)
    fields.allow("op", "segment", "seen", *_OPERATIONS[op])
    return _told(call.desk.fix(call.id, _wanted_fix(op, fields)))


def _wanted_fix(op: str, fields: Fields) -> WantedFix:
    is_restore, is_speaker = op == "restore", op == "speaker"
    return WantedFix(
        op=op,
        segment=_segment(fields) if not is_restore else "",
        seen=_seen(fields.inner("seen")) if fields.has("seen") else None,
        text=fields.text("text") if op == "words" else None,
        voice=_voice(fields, is_needed=op == "voice") if op in {"voice", "speaker"} else None,
        speaker=fields.maybe_text("speaker", most=_MOST_NAME) if is_speaker else None,
        at=fields.number("at") if op == "split" else 0,
        before=fields.maybe_text("before", most=_MOST_ID) if op == "move" else None,
        row=fields.number("row") if is_restore else 0,
    )


def _voice(fields: Fields, *, is_needed: bool) -> str | None:
    if is_needed:
        return fields.text("voice", most=_MOST_NAME)
    return fields.maybe_text("voice", most=_MOST_NAME)


def _seen(fields: Fields) -> SeenLine:
    fields.allow("text", "voice", "speaker")
    return SeenLine(
        text=fields.text("text"),
        voice=fields.text("voice", most=_MOST_NAME),
        speaker=fields.maybe_text("speaker", most=_MOST_NAME),
    )


def _add_word(call: Call) -> Answer:
    fields = call.fields
    fields.allow("word", "say", "ipa", "letters", "scope", "segment", "expected")
    word, scope = _word(fields), fields.one_of("scope", _SCOPES)
    expected = fields.number("expected")
    return _told(call.desk.add_word(call.id, word, scope, _segment(fields), expected))


def _remove_word(call: Call) -> Answer:
    fields = call.fields
    fields.allow("word", "scope", "segment")
    word, scope = fields.text("word", most=_MOST_NAME), fields.one_of("scope", _SCOPES)
    segment = _segment(fields) if scope == "here" else fields.loose_text("segment")
    return _told(call.desk.remove_word(call.id, word, scope, segment))


def _word(fields: Fields) -> WantedWord:
    given = [name for name in ("say", "ipa", "letters") if fields.has(name)]
    if len(given) != 1:
        raise Refusal(
            400, "exactly one of say, ipa and letters is needed", "say",
            'send "say", "ipa" or "letters": true',
        )  # fmt: skip
    if given == ["letters"] and not fields.flag("letters"):
        raise Refusal(400, "it says nothing", "letters", 'send "letters": true')
    return WantedWord(
        word=fields.text("word", most=_MOST_NAME),
        say=fields.maybe_text("say", most=_MOST_NAME),
        ipa=fields.maybe_text("ipa", most=_MOST_NAME),
        letters=True if given == ["letters"] else None,
    )


def _mark(call: Call) -> Answer:
    fields = call.fields
    fields.allow("segments", "verdict", "note")
    segments = []
    for one in fields.inners("segments", most=_MOST_MARKS):
        one.allow("id", "clip")
        segments.append((one.text("id", most=_MOST_ID), one.loose_text("clip")))
    wanted = WantedMarks(
        tuple(segments), fields.one_of("verdict", _VERDICTS), fields.loose_text("note")
    )
    return _told(call.desk.mark(call.id, wanted))


def _played(call: Call) -> Answer:
    fields = call.fields
    fields.allow("clip", "segment", "ranges")
    ranges = fields.ranges("ranges", most=_MOST_RANGES)
    clip = fields.text("clip", most=_MOST_ID)
    return _told(call.desk.played(call.id, _segment(fields), clip, ranges))


def _approve(call: Call) -> Answer:
    call.fields.allow("which")
    return _told(call.desk.approve(call.id, call.fields.one_of("which", ("heard", "all"))))


def _publish(call: Call) -> Answer:
    call.fields.allow()
    return _told(call.desk.publish(call.id))


def _events(_call: Call) -> Answer:
    message = "events are streamed, not answered"
    raise AssertionError(message)


def _segment(fields: Fields) -> str:
    return fields.text("segment", most=_MOST_ID)


def _told(document: Json) -> Answer:
    return as_json(200, document, kind="api")


_API = ("api", "episodes", "{id}")
ROUTES: Final = (
    Route("GET", ("",), _page("queue.html")),
    Route("GET", ("episode", "{id}"), _page("episode.html")),
    Route("GET", ("static", "{name}"), _static),
    Route("GET", ("sound", "{id}", "{sha256}.mp3"), _sound),
    Route("GET", ("clip", "{key}.wav"), _clip),
    Route("GET", ("api", "events"), _events, is_stream=True),
    Route("GET", ("api", "episodes"), _episodes),
    Route("GET", _API, _document),
    Route("GET", (*_API, "count"), _count),
    Route("POST", (*_API, "say"), _say),
    Route("POST", (*_API, "fix"), _fix),
    Route("POST", (*_API, "word"), _add_word),
    Route("POST", (*_API, "word", "remove"), _remove_word),
    Route("POST", (*_API, "mark"), _mark),
    Route("POST", (*_API, "played"), _played),
    Route("POST", (*_API, "approve"), _approve),
    Route("POST", (*_API, "publish"), _publish),
)

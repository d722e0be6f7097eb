"""What pools are found by, and what is told across the border of a worker."""

import io

import pytest

from audiobrief import errors, plugins
from audiobrief.errors import AudiobriefError, ConflictError, SpeechError, WorkspaceError
from audiobrief.pool.frames import FrameError, read_frame, write_frame
from audiobrief.pool.limits import parse_local
from audiobrief.pool.local import make_pool
from audiobrief.pool.worker import error_as_row, error_of_row


def test_pools_are_found_by_name():
    """A name that nobody has is refused with those that there are."""
    assert plugins.pool_maker("local") is make_pool
    assert plugins.pool_maker("local:4?memory_mb=900") is make_pool
    with pytest.raises(WorkspaceError, match='there is no pool "lokal"') as raised:
        plugins.pool_maker("lokal:2")
    assert "local" in raised.value.remedy


def test_errors_keep_their_class_on_the_way():
    """All of ours that are made of three parts."""
    kinds = [k for k in vars(errors).values() if isinstance(k, type)]
    assert len(kinds) > 20
    for kind in kinds:
        if issubclass(kind, AudiobriefError) and kind is not ConflictError:
            error = kind("a problem", "a place", remedy="a remedy")
            back = error_of_row(error_as_row(error))
            assert (type(back), str(back)) == (kind, str(error))


@pytest.mark.parametrize("kind", ["ConflictError", "KeyError", "annotations", "defect", "", None])
def test_what_is_no_such_class_is_an_error_all_the_same(kind):
    """Nothing is called that a worker names."""
    back = error_of_row({"kind": kind, "problem": "a problem", "subject": 5})
    assert type(back) is AudiobriefError
    assert (back.problem, back.subject, back.remedy) == ("a problem", "5", "")


def test_messages_come_as_they_were_sent():
    """One after the other; the end is told apart from nonsense."""
    stream = io.BytesIO()
    told = [{"ready": 1}, {"step": ["speaking", 1, 2, "\ud800 é"]}, {}]
    for message in told:
        write_frame(stream, message)
    stream.seek(0)
    assert [read_frame(stream) for _ in told] == told
    assert read_frame(stream) is None


@pytest.mark.parametrize(
    "content", [b"\xff\xff\xff\xff", b"\x02\0\0\0[]", b"\x01\0\0\0{", b"\x02\0\0\0\xff\xff"]
)
def test_nonsense_is_refused(content):
    """Too long, of another type, of no type at all."""
    with pytest.raises(FrameError):
        read_frame(io.BytesIO(content))


@pytest.mark.parametrize("cut", range(1, 12))
def test_a_message_that_was_cut_off_is_the_end(cut):
    """Its sender has died."""
    stream = io.BytesIO()
    write_frame(stream, {"ready": 1})
    assert read_frame(io.BytesIO(stream.getvalue()[:cut])) is None


def test_a_speech_error_is_one_after_the_way():
    """Its three parts included."""
    error = SpeechError("too hard to say", "a sentence", remedy="shorten it")
    assert vars(error_of_row(error_as_row(error))) == vars(error)


def test_limits_share_the_memory_of_the_machine():
    """The more workers, the less each may hold; never less than one needs."""
    one, many = parse_local("local:1")[1], parse_local("local:512")[1]
    assert one.most_bytes >= many.most_bytes >= 500_000_000
    assert one.kept_bytes <= one.most_bytes

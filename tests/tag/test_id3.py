"""Tags as other programs read them."""

import json
import shutil
import subprocess
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mutagen.id3 import ID3

from audiobrief.errors import AudioError, StoreError
from audiobrief.model.episode import Chapter
from audiobrief.tag.id3 import read_tag_version, read_tags, write_tags
from tests.publish.shows import make_episode, make_show, make_tags, mp3_bytes


@pytest.fixture
def mp3(tmp_path):
    """Return an MP3 without tags."""
    path = tmp_path / "a.mp3"
    path.write_bytes(mp3_bytes())
    return path


@pytest.fixture
def tags():
    """Return the tags of an episode, with everything set."""
    return make_tags(make_show(), make_episode())


def ffprobe(path):
    """Return what ffprobe reads from a file."""
    if shutil.which("ffprobe") is None:
        pytest.skip("ffprobe is not installed")
    command = ["ffprobe", "-v", "error", "-of", "json", "-show_chapters", "-show_format"]
    done = subprocess.run([*command, path], capture_output=True, check=True)
    assert done.stderr == b""
    return json.loads(done.stdout)


def test_what_is_written_is_read_back(mp3, tags):
    """Every field; the language as its shortest tag."""
    write_tags(mp3, replace(tags, language="en-GB"))
    assert read_tags(mp3) == tags


def test_the_same_tags_give_the_same_bytes(mp3, tags):
    """Also when there are other tags before."""
    write_tags(mp3, tags)
    first = mp3.read_bytes()
    write_tags(mp3, replace(tags, title="Another", chapters=(), cover=b""))
    write_tags(mp3, tags)
    assert mp3.read_bytes() == first


def test_the_sound_is_left_as_it_is(mp3, tags):
    """The frames follow the tag at once, and nothing follows them."""
    sound = mp3.read_bytes()
    write_tags(mp3, tags)
    assert mp3.read_bytes().endswith(sound)
    assert mp3.stat().st_size == ID3(mp3).size + len(sound)


def test_it_is_id3v2_3_without_unsynchronization_and_without_id3v1(mp3, tags):
    """Apps that know little read it (feed rule A5)."""
    mp3.write_bytes(mp3.read_bytes() + b"TAG" + bytes(125))
    write_tags(mp3, tags)
    content = mp3.read_bytes()
    assert content[:6] == b"ID3\x03\x00\x00"
    assert content[-128:-125] != b"TAG"
    assert read_tag_version(mp3) == (2, 3, 0)


def test_ffprobe_lists_chapters_in_time_order(mp3, tags):
    """Also where later titles are shorter: mutagen alone would sort them by size."""
    titles = ["A long title for the beginning", "Middle sized title", "Short", "x"]
    chapters = tuple(Chapter(title, n * 2000) for n, title in enumerate(titles))
    write_tags(mp3, replace(tags, chapters=chapters))
    found = [(c["tags"]["title"], c["start"], c["end"]) for c in ffprobe(mp3)["chapters"]]
    ends = [2000, 4000, 6000, 12_000]
    assert found == [
        (title, n * 2000, end) for (n, title), end in zip(enumerate(titles), ends, strict=True)
    ]


def test_ffprobe_reads_title_and_disclosure(mp3, tags):
    """Letters outside Latin-1 included."""
    write_tags(mp3, replace(tags, title="Z\u00fcrich \u2013 \u6771\u4eac \U0001f680"))
    read = ffprobe(mp3)["format"]["tags"]
    assert read["title"] == "Z\u00fcrich \u2013 \u6771\u4eac \U0001f680"
    assert read["AI-DISCLOSURE"] == "Read by a synthetic voice"
    assert read["genre"] == "Podcast"
    assert read["date"] == "2024-05-17 06:30"


@pytest.mark.parametrize("tool", [["mp3val"], ["mp3check", "-e", "-S"]])
def test_mp3_checkers_find_nothing(mp3, tags, tool):
    """Two programs that know MP3 by its frames (feed rule A1)."""
    if shutil.which(tool[0]) is None:
        pytest.skip(f"{tool[0]} is not installed")
    write_tags(mp3, tags)
    done = subprocess.run([*tool, mp3], capture_output=True, text=True, check=False)
    assert "WARNING" not in done.stdout
    assert "ERROR" not in done.stdout
    assert done.returncode == 0


def test_the_podcast_frames_are_as_players_expect_them(mp3, tags):
    """PCST is four zero bytes; WFED begins with a byte of encoding."""
    write_tags(mp3, tags)
    content = mp3.read_bytes()
    assert b"PCST\x00\x00\x00\x04\x00\x00\x00\x00\x00\x00" in content
    assert b"\x00\x00\x00https://example.org/pod/feed.xml" in content


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(text=st.text(st.characters(exclude_categories=()), max_size=80))
def test_any_text_can_be_tagged(mp3, tags, text):
    """NUL, controls and lone surrogates are taken out, the rest comes back."""
    write_tags(mp3, replace(tags, title=text, lyrics=text, ai_disclosure=text))
    read = read_tags(mp3)
    assert "\x00" not in read.title + read.lyrics
    write_tags(mp3, read)
    assert read_tags(mp3) == read


def test_a_missing_file_is_not_created(tmp_path, tags):
    """Mutagen alone would make one."""
    with pytest.raises(StoreError, match="no such MP3 file"):
        write_tags(tmp_path / "none.mp3", tags)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_cannot_be_read_is_the_disks_fault(tmp_path):
    """Mutagen's own error is chained below ours."""
    with pytest.raises(StoreError) as caught:
        read_tags(tmp_path / "none.mp3")
    assert caught.value.__cause__ is not None


def test_a_file_without_tags_is_an_audio_error(mp3):
    """The sound is there, the tags are not."""
    with pytest.raises(AudioError):
        read_tags(mp3)
    with pytest.raises(AudioError):
        read_tag_version(mp3)


@pytest.mark.parametrize("starts_ms", [(4000, 0), (0, 0), (0, 12_000)])
def test_chapters_out_of_order_are_refused(mp3, tags, starts_ms):
    """Backwards, twice the same, after the end."""
    chapters = tuple(Chapter("x", start) for start in starts_ms)
    with pytest.raises(ValueError, match="one after another"):
        write_tags(mp3, replace(tags, chapters=chapters))


def test_empty_fields_make_no_frames(mp3, tags):
    """No empty cover, comment or address."""
    bare = replace(
        tags,
        chapters=(),
        cover=b"",
        lyrics="",
        comment="",
        source_url="",
        feed_url="",
        guid="",
        publisher="",
        ai_disclosure="",
    )
    write_tags(mp3, bare)
    assert sorted(ID3(mp3, translate=False)) == [
        "PCST", "TALB", "TCON", "TDAT", "TIME", "TIT2", "TLAN", "TLEN", "TPE1", "TYER",
    ]  # fmt: skip
    assert read_tags(mp3) == bare

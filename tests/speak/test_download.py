"""A file appears whole and proven, or not at all; what has come is not fetched again."""

import hashlib
import shutil
import socket
from dataclasses import replace

import pytest

from audiobrief.errors import DownloadError, StoreError
from audiobrief.speak.download import RemoteFile, download, fetch_small
from audiobrief.speak.safe_open import require_safe
from tests.speak.file_server import serving

CONTENT = bytes(range(256)) * 4000
CUT = 300_000


@pytest.fixture
def server():
    """Return a server with one file."""
    with serving(model=CONTENT) as server:
        yield server


def remote(server, content=CONTENT, algorithm="sha256"):
    """Return the published description of a file."""
    digest = hashlib.new(algorithm, content).hexdigest()
    return RemoteFile(f"{server.url}/model", "voice.onnx", len(content), algorithm, digest)


def fetch(file, folder, **options):
    """Download, and return how far it was told to be."""
    told = []
    done = download(file, folder, told=told.append, **options)
    return done, told


def hidden(folder):
    """Return the names of what is not finished."""
    return sorted(p.name for p in folder.iterdir() if p.name.startswith("."))


@pytest.mark.parametrize("algorithm", ["sha256", "md5"])
def test_a_file_is_fetched_and_proven(server, tmp_path, algorithm):
    """Nothing but the file is left."""
    folder = tmp_path / "voices"
    done, told = fetch(remote(server, algorithm=algorithm), folder)
    assert done
    assert told[-1] == len(CONTENT)
    assert [p.name for p in folder.iterdir()] == ["voice.onnx"]
    assert (folder / "voice.onnx").read_bytes() == CONTENT


def test_what_is_there_is_not_fetched_again(server, tmp_path):
    """Unless it is asked for; another file is not overwritten."""
    file = remote(server)
    fetch(file, tmp_path)
    assert fetch(file, tmp_path) == (False, [])
    assert len(server.asked) == 1
    assert fetch(file, tmp_path, force=True)[0]
    (tmp_path / "voice.onnx").write_bytes(b"mine")
    with pytest.raises(StoreError, match="--force"):
        fetch(file, tmp_path)
    assert (tmp_path / "voice.onnx").read_bytes() == b"mine"
    fetch(file, tmp_path, force=True)
    assert (tmp_path / "voice.onnx").read_bytes() == CONTENT


def test_a_body_cut_off_is_resumed(server, tmp_path):
    """The second request asks for the rest only."""
    server.deeds.append(f"cut {CUT}")
    with pytest.raises(DownloadError, match="300,000 of 1,024,000 bytes") as caught:
        fetch(remote(server), tmp_path)
    assert "goes on from there" in caught.value.remedy
    assert not (tmp_path / "voice.onnx").exists()
    fetch(remote(server), tmp_path)
    assert [asked for _, asked in server.asked] == [None, f"bytes={CUT}-"]
    assert (tmp_path / "voice.onnx").read_bytes() == CONTENT
    assert hidden(tmp_path) == []


@pytest.mark.parametrize("why", ["no ranges", "weak mark", "changed"])
def test_a_server_that_cannot_go_on_begins_anew(server, tmp_path, why):
    """The beginning of one file never meets the end of another."""
    first, last = CONTENT, CONTENT
    if why == "changed":
        first = CONTENT[::-1]
        server.files["/model"] = first
    server.has_ranges = why != "no ranges"
    server.deeds.append(f"cut {CUT}" if why != "weak mark" else "weak mark")
    if why == "weak mark":
        # What a weak mark leads to: a part without a mark that the server would know it by.
        part = tmp_path / f".voice.onnx.{remote(server).digest[:12]}.part"
        part.write_bytes(b"\x00" * CUT)
    else:
        with pytest.raises(DownloadError, match="connection ended"):
            fetch(remote(server), tmp_path)
    server.files["/model"] = last
    fetch(remote(server), tmp_path)
    assert (tmp_path / "voice.onnx").read_bytes() == CONTENT
    assert hidden(tmp_path) == []


def test_a_file_published_anew_is_begun_anew(server, tmp_path):
    """The checksum has changed between two attempts: nothing of the old file is kept."""
    server.deeds.append(f"cut {CUT}")
    with pytest.raises(DownloadError):
        fetch(remote(server), tmp_path)
    assert len(hidden(tmp_path)) == 2
    newer = CONTENT[::-1]
    server.files["/model"] = newer
    fetch(remote(server, newer), tmp_path)
    assert [asked for _, asked in server.asked] == [None, None]
    assert (tmp_path / "voice.onnx").read_bytes() == newer
    assert hidden(tmp_path) == []


def test_the_part_of_another_file_is_left_alone(server, tmp_path):
    """`voice.onnx` and `voice.onnx.json` come together."""
    other = tmp_path / ".voice.onnx.json.0123456789ab.part"
    stale = tmp_path / ".voice.onnx.0123456789ab.part"
    for path in (other, stale):
        path.write_bytes(b"{")
    fetch(remote(server), tmp_path)
    assert hidden(tmp_path) == [other.name]


def test_a_wrong_checksum_is_refused_and_removed(server, tmp_path):
    """One bit; both sums are named."""
    damaged = CONTENT[:-1] + b"\x00"
    server.files["/model"] = damaged
    file = remote(server)
    with pytest.raises(DownloadError, match="not the published one") as caught:
        fetch(file, tmp_path)
    assert file.digest in caught.value.problem
    assert hashlib.sha256(damaged).hexdigest() in caught.value.problem
    assert list(tmp_path.iterdir()) == []
    server.files["/model"] = CONTENT
    assert fetch(file, tmp_path)[0]


def test_a_finished_part_is_proven_without_a_request(server, tmp_path):
    """The power failed between the last byte and the rename."""
    file = remote(server)
    (tmp_path / f".voice.onnx.{file.digest[:12]}.part").write_bytes(CONTENT)
    assert fetch(file, tmp_path) == (True, [])
    assert server.asked == []


def test_a_part_that_is_none_of_ours_is_refused(server, tmp_path):
    """A server that sends from elsewhere than asked; the next call begins anew."""
    server.deeds += [f"cut {CUT}", "wrong part"]
    for match in ("connection ended", "another part"):
        with pytest.raises(DownloadError, match=match):
            fetch(remote(server), tmp_path)
    fetch(remote(server), tmp_path)
    assert (tmp_path / "voice.onnx").read_bytes() == CONTENT


def test_a_file_longer_than_published_is_refused(server, tmp_path):
    """It does not fill the disk first."""
    file = replace(remote(server), size_bytes=1000)
    with pytest.raises(DownloadError, match="longer than the 1,000 bytes"):
        fetch(file, tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("status", "remedy"), [("404", "moved"), ("403", "address"), ("503", "later")]
)
def test_an_answer_that_is_no_file_is_an_error(server, tmp_path, status, remedy):
    """With what can be done."""
    server.deeds.append(status)
    with pytest.raises(DownloadError, match=f"answers {status}") as caught:
        fetch(remote(server), tmp_path)
    assert remedy in caught.value.remedy


def test_a_redirect_is_followed(server, tmp_path):
    """As releases and model hubs do it; the range goes along."""
    server.files["/elsewhere"] = CONTENT
    server.deeds += ["redirect /elsewhere", f"cut {CUT}"]
    with pytest.raises(DownloadError, match="connection ended"):
        fetch(remote(server), tmp_path)
    server.deeds.append("redirect /elsewhere")
    fetch(remote(server), tmp_path)
    assert server.asked[-1] == ("/elsewhere", f"bytes={CUT}-")
    assert (tmp_path / "voice.onnx").read_bytes() == CONTENT


@pytest.mark.parametrize(
    "url", ["http://example.org/x", "file:///etc/passwd", "ftp://example.org/"]
)
def test_nothing_but_https_is_fetched(server, tmp_path, url):
    """Neither asked for, nor by redirect."""
    with pytest.raises(DownloadError, match="HTTPS"):
        require_safe(url)
    server.deeds.append(f"redirect {url}")
    with pytest.raises(DownloadError):
        fetch(remote(server), tmp_path)
    assert not (tmp_path / "voice.onnx").exists()


def test_no_server_is_an_error(tmp_path):
    """A port that nobody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        url = f"http://127.0.0.1:{free.getsockname()[1]}/model"
    with pytest.raises(DownloadError, match="cannot be reached"):
        fetch_small(url)


def test_a_server_that_says_nothing_is_left(tmp_path):
    """It takes the connection, and that is all."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/model"
        with pytest.raises(DownloadError, match="cannot be reached: timed out"):
            fetch_small(url, timeout_s=0.1)


def test_a_full_disk_is_told_beforehand(server, tmp_path, monkeypatch):
    """Before the first byte."""
    full = shutil.disk_usage(tmp_path)._replace(free=50_000_000)
    monkeypatch.setattr(shutil, "disk_usage", {tmp_path: full}.__getitem__)
    with pytest.raises(StoreError, match="1 MB are needed, 50 MB are free"):
        fetch(remote(server), tmp_path)
    assert server.asked == []


def test_a_folder_that_cannot_be_made_is_an_error(server, tmp_path):
    """A file stands in its way."""
    (tmp_path / "voices").write_bytes(b"")
    with pytest.raises(StoreError, match="cannot write"):
        fetch(remote(server), tmp_path / "voices")


def test_an_index_cut_off_is_refused(server):
    """Half an index may be a whole document."""
    server.deeds.append(f"cut {CUT}")
    with pytest.raises(DownloadError, match="not whole"):
        fetch_small(f"{server.url}/model")
    assert fetch_small(f"{server.url}/model") == CONTENT


def test_a_part_beyond_the_end_is_begun_anew_at_once(server, tmp_path):
    """The server says 416; once, as a second refusal has another reason."""
    server.deeds += [f"cut {CUT}", "416"]
    with pytest.raises(DownloadError, match="connection ended"):
        fetch(remote(server), tmp_path)
    assert fetch(remote(server), tmp_path)[0]
    assert [asked for _, asked in server.asked] == [None, f"bytes={CUT}-", None]
    assert (tmp_path / "voice.onnx").read_bytes() == CONTENT
    server.deeds += ["416", "416"]
    with pytest.raises(DownloadError, match="answers 416"):
        fetch(remote(server), tmp_path, force=True)


@pytest.mark.parametrize("mark", [b"\xff\xfe", b'"a\r\nX: y"', b"plain", b""])
def test_a_damaged_mark_is_none(server, tmp_path, mark):
    """The file is begun anew, and nothing of the mark reaches a header."""
    server.deeds.append(f"cut {CUT}")
    with pytest.raises(DownloadError, match="connection ended"):
        fetch(remote(server), tmp_path)
    (path,) = tmp_path.glob(".*.etag")
    path.write_bytes(mark)
    assert fetch(remote(server), tmp_path)[0]
    assert [asked for _, asked in server.asked] == [None, None]


def test_an_index_of_no_length_is_refused(server):
    """What a broken proxy says."""
    server.deeds.append("length abc")
    with pytest.raises(DownloadError, match="not whole"):
        fetch_small(f"{server.url}/model")


def test_what_is_no_address_is_an_error():
    """It comes from the command line."""
    with pytest.raises(DownloadError, match="no address"):
        fetch_small("https://[::1/x")

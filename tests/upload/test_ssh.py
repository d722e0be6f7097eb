"""Machines reached by SSH: what can be missing, and what is told."""

import pytest

from audiobrief.errors import TargetUnavailableError, UploadError
from audiobrief.upload.address import parse_address
from audiobrief.upload.targets import open_target
from tests.upload.conftest import upload

KINDS = pytest.mark.parametrize("kind", ["sftp", "rsync"])


def opened(address):
    """Return the target of an address, entered."""
    return open_target(parse_address(address, where=""), root=None).__enter__()


@KINDS
def test_a_missing_program_is_told_with_exit_code_4(kind, tmp_path, monkeypatch):
    """Before anybody is asked."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(TargetUnavailableError, match=f'"{kind}" is not installed') as caught:
        opened(f"{kind}://host.example/srv")
    assert caught.value.exit_code == 4


@KINDS
def test_a_key_that_is_refused_is_told_and_no_password_asked_for(kind, request, ssh, monkeypatch):
    """Nothing waits for a person; the remedy names the login."""
    request.getfixturevalue(f"{kind}_place")
    port = ssh[0].rpartition(":")[2]
    target = opened(f"{kind}://nobody@127.0.0.1:{port}/srv")
    with pytest.raises(TargetUnavailableError, match=r"ssh-copy-id nobody@127\.0\.0\.1"):
        target.listing()


@KINDS
def test_an_unknown_host_is_not_trusted(kind, request, ssh):
    """Its key was never accepted under this name."""
    request.getfixturevalue(f"{kind}_place")
    login = ssh[0].replace("127.0.0.1", "localhost")
    with pytest.raises(TargetUnavailableError, match="accept its key"):
        opened(f"{kind}://{login}/srv").listing()


@KINDS
def test_a_folder_that_cannot_be_written_is_told(kind, request, ssh):
    """A file stands where the folder should be."""
    place = request.getfixturevalue(f"{kind}_place")
    path = place.address.partition("//")[2].partition("/")[2]
    place.plant("x", b"file")
    target = opened(f"{kind}://{ssh[0]}/{path}/x/y")
    with pytest.raises(UploadError, match="the upload failed: "):
        target.send([upload("feed.xml")], lambda _: None)
    assert place.files() == {"x": b"file"}

"""Machines reached by SSH: what can be missing, and what is told."""

from contextlib import contextmanager

import pytest

from audiobrief.errors import TargetUnavailableError, UploadError
from audiobrief.upload.address import parse_address
from audiobrief.upload.targets import open_target
from tests.upload.conftest import upload

KINDS = pytest.mark.parametrize("kind", ["sftp", "rsync"])


@contextmanager
def opened(address):
    """Give the target of an address."""
    with open_target(parse_address(address, where=""), root=None) as target:
        yield target


@KINDS
def test_a_missing_program_is_told_with_exit_code_4(kind, tmp_path, monkeypatch):
    """Before anybody is asked."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(TargetUnavailableError, match=f'"{kind}" is not installed') as caught:
        opened(f"{kind}://host.example/srv").__enter__()
    assert caught.value.exit_code == 4


@KINDS
def test_a_key_that_is_refused_is_told_and_no_password_asked_for(kind, request, ssh, monkeypatch):
    """Nothing waits for a person; the remedy names the login."""
    request.getfixturevalue(f"{kind}_place")
    port = ssh[0].rpartition(":")[2]
    match = r"ssh-copy-id nobody@127\.0\.0\.1"
    address = f"{kind}://nobody@127.0.0.1:{port}/srv"
    with opened(address) as target, pytest.raises(TargetUnavailableError, match=match):
        target.listing()


@KINDS
def test_an_unknown_host_is_not_trusted(kind, request, ssh):
    """Its key was never accepted under this name."""
    request.getfixturevalue(f"{kind}_place")
    login = ssh[0].replace("127.0.0.1", "localhost")
    address, match = f"{kind}://{login}/srv", "accept its key"
    with opened(address) as target, pytest.raises(TargetUnavailableError, match=match):
        target.listing()


@KINDS
def test_a_folder_that_cannot_be_written_is_told(kind, request, ssh):
    """A file stands where the folder should be."""
    place = request.getfixturevalue(f"{kind}_place")
    path = place.address.partition("//")[2].partition("/")[2]
    place.plant("x", b"file")
    address, match = f"{kind}://{ssh[0]}/{path}/x/y", "the upload failed: "
    with opened(address) as target, pytest.raises(UploadError, match=match):
        target.send([upload("feed.xml")], lambda _: None)
    assert place.files() == {"x": b"file"}

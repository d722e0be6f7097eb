"""Addresses of targets: what they mean, and what is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiobrief.errors import WorkspaceError
from audiobrief.upload.address import Address, parse_address
from audiobrief.upload.name import is_safe


@pytest.mark.parametrize(
    ("text", "address", "remote_path"),
    [
        ("folder:../www/a b", Address("folder", "../www/a b"), "../www/a b"),
        ("folder:C:\\pod", Address("folder", "C:\\pod"), "C:\\pod"),
        ("s3://pod", Address("s3", "", "pod"), "/"),
        ("s3://pod/ferry/en/", Address("s3", "/ferry/en", "pod"), "/ferry/en"),
        ("gs://pod.example", Address("gs", "", "pod.example"), "/"),
        ("az://pod/x", Address("az", "/x", "pod"), "/x"),
        ("sftp://h.example/srv/pod/", Address("sftp", "/srv/pod", "h.example"), "/srv/pod"),
        ("rsync://jo@h:2222/~/www", Address("rsync", "/~/www", "h", "jo", 2222), "www"),
        ("sftp://jo@[::1]/~", Address("sftp", "/~", "[::1]", "jo"), "."),
        ("sftp://jo@[::1]:22/p", Address("sftp", "/p", "[::1]", "jo", 22), "/p"),
    ],
)
def test_an_address_says_where(text, address, remote_path):
    """Every form that the README names."""
    assert parse_address(text, where="here") == address
    assert address.remote_path == remote_path


@pytest.mark.parametrize(
    "text",
    [
        "/srv/www",
        "folder:",
        "ftp://h/p",
        "s3:///prefix",
        "s3://Pod",
        "s3://pod/../other",
        "s3://pod/a//b",
        "s3://pod/a?x=1",
        "s3://pod/a#b",
        "s3://key:secret@pod/a",
        "sftp://h",
        "sftp://h/",
        "sftp:///srv",
        "sftp://jo:pass@h/srv",
        "sftp://h:port/srv",
        "sftp://-oProxyCommand=x/srv",
        "sftp://-l@h/srv",
        "rsync://h/srv/$(id)",
        "rsync://h/srv/a b",
        "rsync://h/srv/../etc",
        "rsync://h;id/srv",
        "rsync://h/srv'\"",
        "rsync://h/srv\n",
    ],
)
def test_what_a_program_could_read_otherwise_is_refused(text):
    """With the place of the setting and a remedy, and without what may be a secret."""
    with pytest.raises(WorkspaceError) as caught:
        parse_address(text, where="audiobrief.toml:7")
    assert caught.value.subject == "audiobrief.toml:7"
    assert "pass" not in str(caught.value).replace("password", "")
    assert "secret" not in str(caught.value)


@given(st.text(alphabet="abs3fpt:/@.-~[]?#%;$ \n\0'\"\\é", max_size=40), st.sampled_from(
    ["", "folder:", "s3://", "sftp://", "rsync://", "az://b/"]
))  # fmt: skip
def test_any_text_is_an_address_or_is_refused(text, scheme):
    """Nothing else is raised; what passes has nothing that a shell or an option parser reads."""
    try:
        address = parse_address(scheme + text, where="x")
    except WorkspaceError:
        return
    if address.kind != "folder":
        written = f"{address.login}{address.remote_path}"
        assert not set(written) & set(" \n\0'\"\\;$?#%|&<>*(){}`")
        assert not address.login.startswith("-")
        assert ".." not in address.path.split("/")


@given(st.text(max_size=30))
def test_no_name_leaves_the_target(name):
    """A safe name has no way up, no dot in front, nothing that starts an option."""
    if is_safe(name):
        assert all(part and part[0] not in ".-" for part in name.split("/"))
        assert name.isascii()
        assert name.isprintable()
        assert not set(name) & set(" \\'\"*?:|<>$`;&")

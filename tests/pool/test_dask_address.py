"""Addresses of schedulers: without TLS none but this machine's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiobrief.errors import WorkspaceError
from audiobrief.pool.dask_address import is_loopback, parse_scheduler


@pytest.mark.parametrize(
    ("text", "has_tls", "url"),
    [
        ("dask://127.0.0.1:8786", False, "tcp://127.0.0.1:8786"),
        ("dask://127.0.0.3", False, "tcp://127.0.0.3:8786"),
        ("dask://localhost:1", False, "tcp://localhost:1"),
        ("dask://[::1]:9", False, "tcp://[::1]:9"),
        ("tcp://127.0.0.1:8786", True, "tcp://127.0.0.1:8786"),
        ("dask://127.0.0.1:8786", True, "tls://127.0.0.1:8786"),
        ("tls://dask.example:8786", True, "tls://dask.example:8786"),
        ("dask://10.0.0.7:8786/", True, "tls://10.0.0.7:8786"),
    ],
)
def test_an_address_is_taken_as_dask_has_it(text, has_tls, url):
    """TLS is spoken where certificates are set."""
    assert parse_scheduler(text, has_tls=has_tls).url == url


@pytest.mark.parametrize(
    "text",
    [
        "dask://10.0.0.7:8786",
        "tcp://192.168.1.4",
        "dask://dask.example",
        "dask://0.0.0.0:8786",
        "dask://[::]:8786",
        "dask://localhost.example:8786",
        "dask://127.0.0.1.example:8786",
        "dask://[::ffff:10.0.0.1]:8786",
        "tls://127.0.0.1:8786",
    ],
)
def test_without_certificates_nothing_off_loopback_is_reached(text):
    """The error says what to do, and ends with exit code 2."""
    with pytest.raises(WorkspaceError, match="TLS") as caught:
        parse_scheduler(text, has_tls=False)
    assert (caught.value.exit_code, caught.value.subject) == (2, text)
    assert "tls_ca" in caught.value.remedy


def test_certificates_do_not_make_a_plain_address_elsewhere_safe():
    """tcp:// is plain, whatever is set."""
    with pytest.raises(WorkspaceError, match="needs TLS"):
        parse_scheduler("tcp://10.0.0.7:8786", has_tls=True)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "dask:",
        "dask://",
        "dask://:8786",
        "dask://h:0",
        "dask://h:70000",
        "dask://h:x",
        "http://127.0.0.1:8786",
        "127.0.0.1:8786",
        "dask://u@127.0.0.1",
        "dask://127.0.0.1/path",
        "dask://127.0.0.1?x=1",
        "dask://[::1",
    ],
)
def test_what_is_no_address_is_told_with_the_form(text):
    """The remedy shows how it is written."""
    with pytest.raises(WorkspaceError, match="no address of a scheduler") as caught:
        parse_scheduler(text, has_tls=True)
    assert "dask://HOST:PORT" in caught.value.remedy


@given(st.text())
def test_any_text_is_an_address_or_our_error(text):
    """Nothing else comes of it, and plain TCP only ever goes to loopback."""
    try:
        found = parse_scheduler(text, has_tls=False)
    except WorkspaceError:
        return
    assert found.protocol == "tcp"
    assert is_loopback(found.host)

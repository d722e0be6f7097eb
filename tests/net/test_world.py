"""The real seams: the system's resolver, sockets, authorities."""

import pytest

from audiobrief.errors import NetworkError, UnsafeAddressError
from audiobrief.net.answer import FEED
from audiobrief.net.client import Client
from audiobrief.net.rules import ClientRules
from tests.internet.server import authority


@pytest.fixture
def home(internet):
    """Return a function that gives the address of a site on this machine."""
    internet.site("localhost", {"/": "<p>Mine."})
    return lambda scheme: f"{scheme}://localhost:{internet.port(scheme)}/"


def test_an_opened_host_of_this_machine_is_reached(home):
    """Through real sockets, without any seam."""
    with Client(ClientRules(allowed_hosts=("localhost",))) as client:
        assert client.get(home("http"), limit=FEED).body == b"<p>Mine."


@pytest.mark.parametrize("allowed", [(), ("10.0.0.0/8",)])
def test_this_machine_is_not_reached_otherwise(internet, home, allowed):
    """Though somebody listens there."""
    with (
        Client(ClientRules(allowed_hosts=allowed)) as client,
        pytest.raises(UnsafeAddressError),
    ):
        client.get(home("http"), limit=FEED)
    assert internet.requests == []


def test_an_authority_of_ones_own_is_trusted_by_its_file(internet, home, monkeypatch, tmp_path):
    """As the error's remedy says: without the file it is refused."""
    rules = ClientRules(allowed_hosts=("localhost",))
    with (
        Client(rules) as client,
        pytest.raises(NetworkError, match="certificate is not trusted") as caught,
    ):
        client.get(home("https"), limit=FEED)
    assert "SSL_CERT_FILE" in caught.value.remedy
    assert internet.requests == []
    authority().cert_pem.write_to_path(tmp_path / "ca.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    with Client(rules) as client:
        assert client.get(home("https"), limit=FEED).body == b"<p>Mine."

"""Servers over TLS, on loopback: whoever cannot prove who it is gets neither key nor text."""

import hashlib
import ssl
from datetime import UTC, datetime, timedelta

import pytest
import trustme

from audiobrief.errors import DownloadError, EngineUnavailableError
from audiobrief.speak.download import RemoteFile, download, fetch_small
from tests.speak.file_server import serving
from tests.speak.openai_desk import KEY, TEXT, Desk, good
from tests.speak.scripted_server import ScriptedServer

CONTENT = bytes(range(256)) * 400
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
FAR_OFF = datetime.now(UTC) + timedelta(days=3650)


@pytest.fixture(scope="module")
def authority():
    """Return who signs certificates, as a company does."""
    return trustme.CA()


@pytest.fixture
def trusted(authority, tmp_path, monkeypatch):
    """Trust the authority as users do, and return its file."""
    path = tmp_path / "company.pem"
    authority.cert_pem.write_to_path(str(path))
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    return path


def context(certificate):
    """Return a server's side of TLS."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(made)
    return made


def wrong(authority, fault):
    """Return a context that proves nothing, each for another reason."""
    issue = authority.issue_cert
    certificates = {
        "unknown": lambda: trustme.CA().issue_cert("127.0.0.1"),
        "expired": lambda: issue(
            "127.0.0.1", not_before=LONG_AGO, not_after=LONG_AGO.replace(2021)
        ),
        "not yet valid": lambda: issue(
            "127.0.0.1", not_before=FAR_OFF, not_after=FAR_OFF + timedelta(days=9)
        ),
        "other host": lambda: issue("speech.example"),
        "other address": lambda: issue("127.0.0.2", "localhost"),
    }
    return context(certificates[fault]())


#: What is wrong, and what is to be done.
FAULTS = {
    "unknown": ("unable to get local issuer certificate", "SSL_CERT_FILE"),
    "expired": ("certificate has expired", "clock"),
    "not yet valid": ("certificate is not yet valid", "clock"),
    "other host": ("certificate is not valid for '127.0.0.1'", "that of another host"),
    "other address": ("certificate is not valid for '127.0.0.1'", "that of another host"),
}


@pytest.fixture
def desk():
    """Return a maker of desks; their servers are closed in the end."""
    servers = []

    def make(side):
        servers.append(ScriptedServer(context=side))
        return Desk(servers[-1])

    yield make
    for server in servers:
        server.close()


def remote(server):
    """Return the published description of a file."""
    digest = hashlib.sha256(CONTENT).hexdigest()
    return RemoteFile(f"{server.url}/model", "voice.onnx", len(CONTENT), "sha256", digest)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_server_with_a_company_certificate_is_taken(authority, trusted, desk, host):
    """By name and by address; key and text arrive, over one connection."""
    here = desk(context(authority.issue_cert(host)))
    base_url = here.server.url.replace("127.0.0.1", host)
    with here.engine.open() as session:
        for _ in range(2):
            assert good(session.speak(TEXT, here.voice(base_url=base_url)))
    assert here.server.headers[0]["Authorization"] == f"Bearer {KEY}"
    assert here.server.connections == 1


@pytest.mark.parametrize("fault", FAULTS)
def test_a_server_that_cannot_prove_who_it_is_gets_nothing(authority, trusted, desk, fault):
    """No key, no text, no second try; the error says what, where, and what to do."""
    here = desk(wrong(authority, fault))
    with pytest.raises(EngineUnavailableError) as caught:
        here.speak()
    error, (reason, remedy) = caught.value, FAULTS[fault]
    assert "cannot prove who it is: " in error.problem
    assert reason in error.problem
    assert error.subject == here.server.url
    assert remedy in error.remedy
    assert (error.exit_code, here.waits) == (4, [])
    assert (here.server.requests, here.server.headers, here.server.connections) == ([], [], 0)


def test_without_the_authority_its_certificate_is_unknown(authority, desk, monkeypatch, tmp_path):
    """What makes it known is SSL_CERT_FILE alone, as soon as it is set."""
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    here = desk(context(authority.issue_cert("127.0.0.1")))
    with pytest.raises(EngineUnavailableError, match="cannot prove who it is"):
        here.speak()
    path = tmp_path / "late.pem"
    authority.cert_pem.write_to_path(str(path))
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    assert good(here.speak())


def test_a_server_without_encryption_is_named(desk):
    """https:// before a port that speaks plain HTTP: nothing was sent that can be read."""
    here = desk(None)
    with pytest.raises(EngineUnavailableError, match="it answers without encryption") as caught:
        here.speak(base_url=here.server.url.replace("http://", "https://"))
    assert "https://" in caught.value.remedy
    assert (here.server.requests, here.waits) == ([], [])


def test_a_voice_is_fetched_over_tls(authority, trusted, tmp_path):
    """Whole, and as an index."""
    with serving(context(authority.issue_cert("127.0.0.1")), model=CONTENT) as server:
        assert download(remote(server), tmp_path / "voices", told=lambda _: None)
        assert fetch_small(f"{server.url}/model") == CONTENT
    assert (tmp_path / "voices" / "voice.onnx").read_bytes() == CONTENT


@pytest.mark.parametrize("fault", FAULTS)
def test_nothing_is_fetched_from_an_unproven_server(authority, trusted, tmp_path, fault):
    """It is not even asked."""
    with serving(wrong(authority, fault), model=CONTENT) as server:
        with pytest.raises(DownloadError) as caught:
            download(remote(server), tmp_path / "voices", told=lambda _: None)
        assert server.asked == []
        assert caught.value.subject == f"{server.url}/model"
    error, (reason, remedy) = caught.value, FAULTS[fault]
    assert "cannot prove who it is: " in error.problem
    assert reason in error.problem
    assert remedy in error.remedy
    assert "_ssl.c" not in error.problem
    assert not (tmp_path / "voices" / "voice.onnx").exists()


def test_a_redirect_to_an_unproven_server_is_not_followed(authority, trusted, tmp_path):
    """The first one is trusted, the second one is not."""
    good_side = context(authority.issue_cert("127.0.0.1"))
    with serving(wrong(authority, "unknown"), model=CONTENT) as second:
        with serving(good_side, model=CONTENT) as first:
            first.deeds.append(f"redirect {second.url}/model")
            with pytest.raises(DownloadError, match="cannot prove who it is"):
                download(remote(first), tmp_path / "voices", told=lambda _: None)
        assert second.asked == []

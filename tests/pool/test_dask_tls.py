"""Schedulers with TLS: who holds a certificate of the cluster's authority gets in, nobody else."""

import socket
from threading import Thread

import dask
import distributed  # noqa: F401 - before its settings are changed: it brings the defaults
import pytest
import trustme

from audiobrief.errors import PoolError, WorkspaceError
from audiobrief.pool.dask_pool import make_pool
from audiobrief.pool.dask_tls import certificates_of
from tests.scale.cluster import Cluster
from tests.scale.deeds import job

PERFORM = "tests.scale.deeds:perform"


def _issued(folder, name):
    """Return files of an authority, and of a certificate and a key of it."""
    authority = trustme.CA(organization_name=name)
    one = authority.issue_cert(f"{name}.example", "127.0.0.1")
    files = [folder / f"{name}-{part}.pem" for part in ("ca", "cert", "key")]
    authority.cert_pem.write_to_path(files[0])
    one.cert_chain_pems[0].write_to_path(files[1])
    one.private_key_pem.write_to_path(files[2])
    return files


def _options(files):
    return dict(zip(("tls_ca", "tls_cert", "tls_key"), map(str, files), strict=True))


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """Return a folder for certificates."""
    return tmp_path_factory.mktemp("tls")


@pytest.fixture(scope="module")
def ours(place):
    """Return the cluster's own certificates."""
    return _issued(place, "ours")


@pytest.fixture(scope="module")
def foreign(place):
    """Return certificates of an authority that the cluster does not know."""
    return _issued(place, "foreign")


@pytest.fixture(scope="module")
def cluster(place, ours):
    """Return a scheduler and a worker that speak TLS alone."""
    made = Cluster(place / "cluster", tls=ours)
    try:
        made.scheduler()
        made.worker("one")
        yield made
    finally:
        made.close()


def test_a_certificate_of_the_cluster_gets_in(cluster, ours, tmp_path):
    """Jobs come back; the address says that it was TLS."""
    pool = make_pool(cluster.address, perform=PERFORM, options=_options(ours))
    future = pool.submit(job(1, "fine", tmp_path))
    assert list(pool.as_completed([future], 60)) == [future]
    assert future.result().key == f"{1:064x}"
    pool.close()


def test_dasks_own_settings_are_enough(cluster, ours, tmp_path):
    """Who has set up Dask for the cluster needs to say nothing again."""
    names = ("ca-file", "client.cert", "client.key")
    own = {f"distributed.comm.tls.{n}": str(path) for n, path in zip(names, ours, strict=True)}
    with dask.config.set(own):
        pool = make_pool(cluster.address, perform=PERFORM)
    assert pool.submit(job(1, "fine", tmp_path)).result(60).key == f"{1:064x}"
    pool.close()


def test_a_foreign_certificate_is_refused(cluster, ours, foreign):
    """By the scheduler; and one of another authority is refused by us."""
    mixed = _options([ours[0], *foreign[1:]])
    with pytest.raises(PoolError, match="refuses our certificate") as caught:
        make_pool(cluster.address, perform=PERFORM, options=mixed)
    assert caught.value.subject == cluster.url
    with pytest.raises(PoolError, match="not of our authority") as caught:
        make_pool(cluster.address, perform=PERFORM, options=_options(foreign))
    assert "tls_ca" in caught.value.remedy


def test_a_plain_client_is_told_that_the_scheduler_speaks_tls(cluster):
    """At once: Dask alone would try for half a minute, and not say why."""
    with pytest.raises(PoolError, match="speaks TLS alone") as caught:
        make_pool(cluster.address, perform=PERFORM)
    assert "tls_ca" in caught.value.remedy


def test_tls_at_a_plain_scheduler_is_told(tmp_path, ours):
    """Nobody falls back to plain."""
    made = Cluster(tmp_path / "plain")
    try:
        made.scheduler()
        with pytest.raises(PoolError, match="speaks no TLS"):
            make_pool(made.address, perform=PERFORM, options=_options(ours))
    finally:
        made.close()


@pytest.mark.parametrize("has_tls", [False, True])
def test_somebody_else_at_the_port_is_told(ours, has_tls):
    """A server that speaks neither."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        Thread(target=_hang_up, args=(server,), daemon=True).start()
        address = f"dask://127.0.0.1:{server.getsockname()[1]}"
        with pytest.raises(PoolError) as caught:
            make_pool(address, perform=PERFORM, options=_options(ours) if has_tls else {})
    assert caught.value.subject.endswith(address.partition(":")[2])


def _hang_up(server):
    while True:
        try:
            server.accept()[0].close()
        except OSError:
            return


def test_certificates_by_halves_are_told(ours):
    """What is missing is named."""
    with pytest.raises(WorkspaceError, match="by halves") as caught:
        certificates_of({"tls_ca": str(ours[0])})
    assert caught.value.subject == "tls_cert"
    with pytest.raises(WorkspaceError, match="by halves") as caught:
        certificates_of({"tls_cert": str(ours[1])})
    assert caught.value.subject == "tls_ca"


@pytest.mark.parametrize("broken", range(3))
def test_files_that_are_no_certificates_are_told(ours, tmp_path, broken):
    """With their paths, before anybody is asked."""
    wrong = tmp_path / "wrong.pem"
    wrong.write_text("no certificate")
    files = [wrong if n == broken else path for n, path in enumerate(ours)]
    for path in (wrong, tmp_path / "missing.pem"):
        options = _options([path if p is wrong else p for p in files])
        with pytest.raises(WorkspaceError, match="cannot be used") as caught:
            make_pool("dask://127.0.0.1:9", perform=PERFORM, options=options)
        assert str(path) in caught.value.subject

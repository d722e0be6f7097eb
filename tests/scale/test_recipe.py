"""The recipe for many machines as it is run: hosts of their own, TLS between them, S3 for all.

Debian: iproute2. Without the right to make network namespaces the hosts are addresses of loopback;
which of the two it was, the name of the first test's parameter says.
"""

import pytest
import trustme

from tests.scale.cluster import Cluster
from tests.scale.hosts import Hosts, why_not
from tests.scale.newsroom import (
    article,
    audiobrief,
    bucket,
    differences,
    newsroom,
    spoken,
    store_settings,
)

COUNT = 2


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """Return a folder for all of it."""
    return tmp_path_factory.mktemp("recipe")


@pytest.fixture(scope="module")
def hosts():
    """Return four hosts."""
    made = Hosts()
    yield made
    made.close()


@pytest.fixture(scope="module")
def certificates(place):
    """Return the cluster's own authority, a certificate and its key."""
    authority = trustme.CA(organization_name="newsroom")
    one = authority.issue_cert("newsroom.example")
    files = [place / f"{part}.pem" for part in ("ca", "cert", "key")]
    authority.cert_pem.write_to_path(files[0])
    one.cert_chain_pems[0].write_to_path(files[1])
    one.private_key_pem.write_to_path(files[2])
    return files


@pytest.fixture(scope="module")
def endpoint(hosts, place):
    """Return the address of S3, on a host of its own."""
    with bucket(hosts.address("store"), place, within=hosts.within("store")) as found:
        yield found


@pytest.fixture(scope="module")
def cluster(hosts, place, certificates):
    """Return a scheduler and two workers, each on a host of its own."""
    names = ("scheduler", "one", "two")
    made = Cluster(
        place / "cluster",
        host=hosts.address("scheduler"),
        tls=certificates,
        within={name: hosts.within(name) for name in names},
        env={"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing"},
    )
    try:
        made.scheduler()
        for name in names[1:]:
            made.worker(name, host=hosts.address(name))
        yield made
    finally:
        made.close()


@pytest.fixture(scope="module")
def alone(place):
    """Return what one machine makes of the articles, without any of it."""
    root = newsroom(place / "alone", COUNT)
    audiobrief(root, "build", "--pool", "here")
    return root


@pytest.fixture(scope="module")
def settings(endpoint, certificates):
    """Return settings that name the store and the certificates."""
    names = ("tls_ca", "tls_cert", "tls_key")
    lines = [f'{name} = "{path}"\n' for name, path in zip(names, certificates, strict=True)]
    return store_settings(endpoint) + "[pool]\n" + "".join(lines)


@pytest.fixture(scope="module")
def far(place, settings, cluster):
    """Return what the workers of the cluster have made."""
    root = newsroom(place / "far", COUNT, settings=settings)
    audiobrief(root, "build", "--pool", cluster.address)
    return root


@pytest.mark.parametrize("hosts_are", ["in network namespaces" if not why_not() else why_not()])
def test_two_machines_make_the_same_as_one(hosts_are, alone, far, hosts):
    """Feed, pages, sound: byte for byte; the manifests but for what was spoken now."""
    assert differences(alone / "episodes", far / "episodes") == []
    assert (hosts.why_not is None) == (hosts_are == "in network namespaces")


def test_others_have_done_the_work(far):
    """Clips were spoken, and none of them here."""
    assert sum(spoken(far).values()) > 0
    assert not list(far.glob(".audiobrief/clips/**/*.clip"))
    assert not list(far.glob(".audiobrief/jobs/*"))


def test_off_loopback_nothing_is_asked_without_certificates(place, endpoint, cluster):
    """Exit code 2, and what to do."""
    texts = {"new.txt": article(99)}
    root = newsroom(place / "plain", 0, settings=store_settings(endpoint), articles=texts)
    address = "dask://10.77.0.9:8786"
    told = audiobrief(root, "build", "--pool", address, codes=(2,))
    assert "TLS" in told.stderr
    assert address in told.stderr
    assert "tls_ca" in told.stderr


def test_shards_on_hosts_of_their_own_come_to_the_same(alone, place, settings, hosts):
    """Each has its own copy of the articles; S3 is all that they share."""
    articles = {p.name: p.read_text() for p in (alone / "articles").iterdir()}
    fresh = settings.replace("newsroom/pod", "newsroom/shards")
    for index, name in enumerate(("one", "two")):
        root = newsroom(place / f"shard-{name}", 0, settings=fresh, articles=articles)
        audiobrief(root, "build", "--shard", f"{index}/2", within=hosts.within(name))
        assert not (root / "episodes").exists()
    root = newsroom(place / "publisher", 0, settings=fresh, articles=articles)
    audiobrief(root, "publish", "--shards", 2)
    assert differences(alone / "episodes", root / "episodes") == []

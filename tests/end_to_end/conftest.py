"""Workspaces and finished builds."""

import shutil
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

import audiobrief
from tests.support import ARTICLE, ARTICLE_NAME, run_audiobrief


@pytest.fixture
def workspace(tmp_path):
    """Return a workspace whose inbox holds one short article."""
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "ferry.txt").write_text(ARTICLE, encoding="utf-8")
    return tmp_path


@pytest.fixture
def build(workspace):
    """Return a build of that workspace with the engine for tests."""

    def run(*arguments, **kwargs):
        kwargs.setdefault("cwd", workspace)
        return run_audiobrief("build", "--engine", "tone", "--json", *arguments, **kwargs)

    return run


@pytest.fixture(scope="session")
def built_sample(tmp_path_factory, shared_sample):
    """Return a workspace in which the scraped page has been built with defaults."""
    return _built(tmp_path_factory.mktemp("scraped"), shared_sample)


@pytest.fixture(scope="session")
def built_shipped(tmp_path_factory):
    """Return a workspace in which the shipped sample has been built with defaults."""
    sample = Path(audiobrief.__file__).parent / "samples" / "harbor-ferry.txt"
    return _built(tmp_path_factory.mktemp("shipped"), sample)


def _built(folder, article):
    shutil.copy(article, folder / ARTICLE_NAME)
    run = run_audiobrief("build", ARTICLE_NAME, "--json", cwd=folder)
    assert run.code == 0, run.stderr
    return folder, run


@pytest.fixture
def sample_copy(tmp_path, built_sample):
    """Return a copy of the built sample that a test may change; the show is called as before."""
    folder = tmp_path / built_sample[0].name
    shutil.copytree(built_sample[0], folder)
    return folder


@pytest.fixture
def file_server():
    """Return a function that serves a folder on loopback and gives its URL."""
    servers = []

    def serve(folder):
        handler = partial(_QuietHandler, directory=str(folder))
        server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        servers.append(server)
        Thread(target=server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{server.server_port}/"

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()


class _QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, *_arguments):
        pass

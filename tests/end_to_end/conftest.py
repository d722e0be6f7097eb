"""Workspaces and finished builds."""

import shutil
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from tests.support import ARTICLE, run_audiobrief


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
    folder = tmp_path_factory.mktemp("sample")
    shutil.copy(shared_sample, folder / "article.txt")
    run = run_audiobrief("build", "article.txt", "--json", cwd=folder)
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

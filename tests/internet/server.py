"""One port of the loopback internet: every site, by the Host header, over http or https."""

import ssl
import sys
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import trustme

from tests.internet.page import Asked


@cache
def authority():
    """Return who signs the certificates of all sites."""
    return trustme.CA()


def trusting():
    """Return the context of a client that knows this authority alone."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    authority().configure_trust(context)
    return context


@cache
def context_of(name):
    """Return the context of a server whose certificate is for a name."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority().issue_cert(name).configure_cert(context)
    return context


class Server(ThreadingHTTPServer):
    """Serves what ``internet`` has."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, internet, scheme):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.internet = internet
        self.scheme = scheme
        self._thread = Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()

    def finish_request(self, request, client_address):
        """Talk to a client, encrypted if this is the port for it."""
        if self.scheme == "http":
            super().finish_request(request, client_address)
            return
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority().issue_cert("unnamed.example").configure_cert(context)
        context.sni_callback = self._choose
        with context.wrap_socket(request, server_side=True) as encrypted:
            super().finish_request(encrypted, client_address)

    def _choose(self, connection, name, _context):
        if name is not None:
            connection.context = context_of(self.internet.certificate_of(name))

    def handle_error(self, *_request):
        """Keep what a client that has gone does not explain."""
        error = sys.exception()
        if not isinstance(error, (ConnectionError, ssl.SSLError, TimeoutError)):
            self.internet.failures.append(error)

    def close(self):
        """Stop."""
        self.shutdown()
        self._thread.join()
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_arguments):
        """Be quiet."""

    def do_GET(self):
        """Answer with the site's page."""
        internet = self.server.internet
        headers = {name.lower(): value for name, value in self.headers.items()}
        host = headers.get("host", "").rpartition("]")[2].partition(":")[0]
        body = self.rfile.read(int(headers.get("content-length", 0)))
        asked = Asked(self.server.scheme, host, self.command, self.path, headers, body)
        page, closes = internet.answer(asked)
        with internet.under_way(host):
            for piece in page.pieces(asked, internet.released):
                self.wfile.write(piece)
        self.close_connection = closes or self.close_connection

    def do_POST(self):
        """Answer in the same way."""
        self.do_GET()

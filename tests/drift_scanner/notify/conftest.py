"""Real servers on the loopback interface that take what is sent: HTTP, HTTPS and SMTP."""

from __future__ import annotations

import email.policy
import http.server
import json
import socket
import ssl
import subprocess
import threading
from dataclasses import dataclass, field

import pytest


@dataclass
class Post:
    """An HTTP server that keeps every body; `status` is what it answers."""

    port: int
    got: list = field(default_factory=list)
    status: int = 200


def _serve(certificate=None):
    post = Post(0)

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            post.got.append((self.path, json.loads(body)))
            self.send_response(post.status)
            self.end_headers()
            self.wfile.write(b"ok")

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    post.port = server.server_port
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server, post


@pytest.fixture
def post():
    server, taken = _serve()
    yield taken
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def certificate(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tls")
    key, crt = str(folder / "key.pem"), str(folder / "crt.pem")
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", crt, "-days", "2"]
    subprocess.run([*command, "-subj", "/CN=127.0.0.1"], check=True, capture_output=True, timeout=60)
    return crt, key


@pytest.fixture
def tls_post(certificate):
    server, taken = _serve(certificate)
    yield taken
    server.shutdown()
    server.server_close()


@pytest.fixture
def mail():
    """(port, messages): an SMTP server; a message is (recipients, parsed message)."""
    from aiosmtpd.controller import Controller

    messages = []

    class Handler:
        async def handle_DATA(self, server, session, envelope):  # noqa: N802 - aiosmtpd's name
            parsed = email.message_from_bytes(envelope.content, policy=email.policy.default)
            messages.append((envelope.rcpt_tos, parsed))
            return "250 taken"

    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(Handler(), hostname="127.0.0.1", port=port)
    controller.start()
    yield port, messages
    controller.stop()

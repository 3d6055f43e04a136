"""A tracker that answers as GitHub's REST API does for issues, on the loopback interface, for the real PyGithub."""

from __future__ import annotations

import http.server
import json
import re
import threading
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

import pytest


@dataclass
class Hub:
    port: int = 0
    issues: dict = field(default_factory=dict)
    comments: dict = field(default_factory=dict)
    calls: list = field(default_factory=list)
    refuse: set = field(default_factory=set)
    refusal: str = "Resource not accessible by integration"
    drops_labels: bool = False

    @property
    def api(self):
        return f"http://127.0.0.1:{self.port}"

    def issue(self, number):
        return {**self.issues[number], "url": f"{self.api}/repos/acme/infra/issues/{number}"}

    def add(self, title, body, *, state="open", label="tagwright-drift"):
        number = len(self.issues) + 1
        self.issues[number] = {
            "number": number,
            "title": title,
            "body": body,
            "state": state,
            "labels": [{"name": label}],
            "html_url": f"https://github.example/acme/infra/issues/{number}",
        }
        return number


@pytest.fixture
def hub():
    found = Hub()

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self, status, document, **headers):
            body = json.dumps(document).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def handle_one(self):
            parts = urlsplit(self.path)
            length = int(self.headers.get("Content-Length") or 0)
            sent = json.loads(self.rfile.read(length)) if length else {}
            found.calls.append((self.command, parts.path, sent))
            if self.headers.get("Authorization") != "token good":
                return self.answer(401, {"message": "Bad credentials"})
            if (self.command, parts.path) in found.refuse:
                return self.answer(403, {"message": found.refusal})
            if parts.path == "/repos/acme/infra":
                return self.answer(
                    200, {"name": "infra", "full_name": "acme/infra", "url": f"{found.api}/repos/acme/infra"}
                )
            if parts.path == "/repos/acme/infra/issues" and self.command == "GET":
                query = parse_qs(parts.query)
                page, size = int(query.get("page", ["1"])[0]), 2 if len(found.issues) < 100 else 100
                ours = [
                    found.issue(number)
                    for number, each in found.issues.items()
                    if query["labels"][0] in {label["name"] for label in each["labels"]}
                ]
                more = {}
                if len(ours) > page * size:
                    more["Link"] = f'<{found.api}{parts.path}?labels={query["labels"][0]}&page={page + 1}>; rel="next"'
                return self.answer(200, ours[(page - 1) * size : page * size], **more)
            if parts.path == "/repos/acme/infra/issues" and self.command == "POST":
                label = "" if found.drops_labels else sent["labels"][0]
                number = found.add(sent["title"], sent["body"], label=label)
                return self.answer(201, found.issue(number))
            match = re.fullmatch(r"/repos/acme/infra/issues/(\d+)(/comments)?", parts.path)
            if match and int(match[1]) in found.issues:
                number = int(match[1])
                if match[2]:
                    found.comments.setdefault(number, []).append(sent["body"])
                    return self.answer(201, {"id": 1, "body": sent["body"]})
                if self.command == "PATCH":
                    found.issues[number] |= {name: sent[name] for name in ("title", "body", "state") if name in sent}
                return self.answer(200, found.issue(number))
            return self.answer(404, {"message": "Not Found"})

        do_GET = do_POST = do_PATCH = handle_one  # noqa: N815 - http.server's names

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found.port = server.server_port
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield found
    server.shutdown()
    server.server_close()

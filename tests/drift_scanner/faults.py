"""A moto server that answers as AWS does when something is wrong.

`with faulty_moto() as cloud:` gives a server on loopback; `cloud.plan(Fault("denied", service="s3", every=4))` makes
every fourth S3 call fail, `cloud.calls` is what was asked, in order, with what became of it. Services are named by
their signing name ("ec2", "s3", "lambda", "tagging", "es", "elasticfilesystem"); accounts by the keys they sign with.
"""

from __future__ import annotations

import json
import logging
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import parse_qs

import botocore.session
from werkzeug.serving import WSGIRequestHandler, make_server

KINDS = (
    "denied",  # the identity has no right
    "scp",  # a service control policy refuses
    "throttled",
    "expired",
    "disabled",  # the region does not know the account's credentials
    "html500",
    "dropped",  # the connection ends without an answer
    "slow",  # the answer comes after `seconds`
    "truncated",  # the first half of the real answer
    "empty",  # status 200 and no body
    "html200",  # a captive portal
)

_SCP = "with an explicit deny in a service control policy"
_CODES = {
    ("denied", "ec2"): ("UnauthorizedOperation", 403),
    ("denied", "xml"): ("AccessDenied", 403),
    ("denied", "json"): ("AccessDeniedException", 400),
    ("throttled", "ec2"): ("RequestLimitExceeded", 503),
    ("throttled", "s3"): ("SlowDown", 503),
    ("throttled", "xml"): ("Throttling", 400),
    ("throttled", "json"): ("ThrottlingException", 400),
    ("expired", "ec2"): ("RequestExpired", 400),
    ("expired", "s3"): ("ExpiredToken", 400),
    ("expired", "xml"): ("ExpiredToken", 403),
    ("expired", "json"): ("ExpiredTokenException", 400),
    ("disabled", "ec2"): ("AuthFailure", 401),
    ("disabled", "s3"): ("InvalidAccessKeyId", 403),
    ("disabled", "xml"): ("InvalidClientTokenId", 403),
    ("disabled", "json"): ("UnrecognizedClientException", 400),
}


@dataclass(frozen=True)
class Fault:
    """One rule. It meets calls of that service, operation ("ListFunctions"), region and account, "*" for all; of
    those it spoils every `every`-th, from the `after`+1st on, `times` at most.
    """

    kind: str
    service: str = "*"
    operation: str = "*"
    region: str = "*"
    account: str = "*"
    every: int = 1
    after: int = 0
    times: int = 1_000_000_000
    seconds: float = 1.0

    def __post_init__(self) -> None:
        assert self.kind in KINDS


@dataclass(frozen=True)
class Call:
    """One request as it came in; `fault` is the kind that met it, or ""."""

    service: str
    operation: str
    region: str
    account: str
    fault: str = ""


class Cloud:
    """The WSGI application: moto with faults before it."""

    def __init__(self, moto: Any) -> None:
        self.moto = moto
        self.url = ""
        self._lock = threading.Lock()
        self._faults: tuple[Fault, ...] = ()
        self._met: list[int] = []
        self._calls: list[Call] = []

    @property
    def calls(self) -> tuple[Call, ...]:
        with self._lock:
            return tuple(self._calls)

    def plan(self, *faults: Fault) -> None:
        """Other faults from now on; forgets the calls."""
        with self._lock:
            self._faults = faults
            self._met = [0] * len(faults)
            self._calls.clear()

    def reset(self) -> None:
        """An empty cloud without faults."""
        from moto.core.base_backend import BackendDict
        from moto.core.model_instances import reset_model_data

        self.plan()
        BackendDict.reset()
        reset_model_data()

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Any:
        if "/moto-api" in environ["PATH_INFO"]:
            return self.moto(environ, start)
        call, fault = self._meet(environ)
        if fault is None:
            return self.moto(environ, start)
        return _ANSWERS[fault.kind](self, environ, start, call, fault)

    def _meet(self, environ: dict[str, Any]) -> tuple[Call, Fault | None]:
        service, operation, region, account = _who(environ)
        with self._lock:
            hit = None
            for at, fault in enumerate(self._faults):
                pairs = (
                    (fault.service, service),
                    (fault.operation, operation),
                    (fault.region, region),
                    (fault.account, account),
                )
                if any(want not in ("*", have) for want, have in pairs):
                    continue
                self._met[at] += 1
                late = self._met[at] - fault.after
                if hit is None and late > 0 and late % fault.every == 0 and late // fault.every <= fault.times:
                    hit = fault
            call = Call(service, operation, region, account, hit.kind if hit else "")
            self._calls.append(call)
        return call, hit


@contextmanager
def faulty_moto() -> Iterator[Cloud]:
    """A server of its own, with moto's state of this process."""
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

    cloud = Cloud(DomainDispatcherApplication(create_backend_app))
    logging.getLogger("werkzeug").setLevel(logging.CRITICAL)
    server = make_server("127.0.0.1", 0, cloud, threaded=True, request_handler=_Quiet)
    server.daemon_threads = True  # type: ignore[attr-defined] - of socketserver's threading mixin
    cloud.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield cloud
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


class _Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log(self, *_: Any, **__: Any) -> None:
        pass


def _who(environ: dict[str, Any]) -> tuple[str, str, str, str]:
    from moto.iam.models import get_account_id_from

    scope = re.search(r"Credential=([^/]+)/\d+/([^/]+)/([^/]+)/", environ.get("HTTP_AUTHORIZATION", ""))
    key, region, service = scope.groups() if scope else ("", "", "")
    return service, _operation(environ, service), region, get_account_id_from(key)


def _operation(environ: dict[str, Any], service: str) -> str:
    target = environ.get("HTTP_X_AMZ_TARGET", "")
    if target:
        return str(target).rpartition(".")[2]
    query = environ.get("QUERY_STRING", "")
    if environ.get("CONTENT_TYPE", "").startswith("application/x-www-form-urlencoded"):
        return parse_qs(_body(environ).decode()).get("Action", [""])[0]
    given = set(parse_qs(query, keep_blank_values=True))
    best, found = -1, ""
    path = environ.get("RAW_URI", environ["PATH_INFO"]).partition("?")[0]
    for method, pattern, needed, name, weight in _routes(service):
        if method == environ["REQUEST_METHOD"] and needed <= given and pattern.fullmatch(path) and weight > best:
            best, found = weight, name
    return found


def _body(environ: dict[str, Any]) -> bytes:
    from io import BytesIO

    content: bytes = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    environ["wsgi.input"] = BytesIO(content)
    return content


@cache
def _models(signing: str) -> tuple[Any, ...]:
    session = botocore.session.get_session()
    # bedrock-agent signs as bedrock; s3control and s3outposts as s3: all of their models, the named one first.
    near = {
        name
        for name in session.get_available_services()
        if name.startswith(signing[:4]) or name in _ODD.get(signing, ())
    }
    models = [session.get_service_model(name) for name in sorted(near | set(_ODD.get(signing, ())))]
    return tuple(model for model in models if model.signing_name == signing)


_ODD = {
    "es": ("opensearch", "es"),
    "elasticfilesystem": ("efs",),
    "elasticmapreduce": ("emr",),
    "states": ("stepfunctions",),
    "tagging": ("resourcegroupstaggingapi",),
    "aoss": ("opensearchserverless",),
}


@cache
def _routes(signing: str) -> tuple[tuple[str, re.Pattern[str], frozenset[str], str, int], ...]:
    routes = []
    for model in _models(signing):
        for name in model.operation_names:
            http = model.operation_model(name).http
            path, _, query = http["requestUri"].partition("?")
            pattern = re.sub(r"\\\{(\w+)\\\+\\\}", ".+", re.escape(path))
            pattern = re.sub(r"\\\{\w+\\\}", "[^/]+", pattern)
            needed = frozenset(parse_qs(query, keep_blank_values=True))
            weight = 100 * len(needed) + len(re.sub(r"\{[^}]*\}", "", path))
            routes.append((http["method"], re.compile(pattern.rstrip("/") + "/?"), needed, name, weight))
    return tuple(routes)


def _dialect(service: str) -> str:
    if service in ("ec2", "s3"):
        return service
    models = _models(service)
    protocol = models[0].resolved_protocol if models else "json"
    return "xml" if protocol in ("query", "rest-xml", "ec2") else "json"


def _refusal(cloud: Cloud, environ: dict[str, Any], start: Callable[..., Any], call: Call, fault: Fault) -> list[bytes]:
    dialect = _dialect(call.service)
    kind = "denied" if fault.kind == "scp" else fault.kind
    code, status = _CODES.get((kind, dialect)) or _CODES[kind, "xml"]
    message = (
        f"User: arn:aws:iam::{call.account}:user/scan is not authorized to perform: {call.service}:{call.operation}"
    )
    if fault.kind == "scp":
        message += f" {_SCP}"
    elif fault.kind != "denied":
        message = f"{fault.kind} on purpose"
    xml = f"<Code>{code}</Code><Message>{message}</Message>"
    body = {
        "ec2": f"<Response><Errors><Error>{xml}</Error></Errors><RequestID>r</RequestID></Response>",
        "s3": f"<Error>{xml}<RequestId>r</RequestId></Error>",
        "xml": f"<ErrorResponse><Error><Type>Sender</Type>{xml}</Error><RequestId>r</RequestId></ErrorResponse>",
        "json": json.dumps({"__type": code, "message": message}),
    }[dialect]
    shape = "application/x-amz-json-1.1" if dialect == "json" else "text/xml"
    return _answer(
        environ, start, status, shape, body.encode(), [("x-amzn-ErrorType", code)] if dialect == "json" else []
    )


def _answer(
    environ: dict[str, Any], start: Callable[..., Any], status: int, kind: str, body: bytes, more: list[tuple[str, str]]
) -> list[bytes]:
    _body(environ)  # an unread request would be taken for the next one on a kept connection
    start(f"{status} X", [("Content-Type", kind), ("Content-Length", str(len(body))), *more])
    return [body]


def _html(status: int) -> Callable[..., Any]:
    page = (
        b"<!doctype html>\n<html lang=en><title>500 Internal Server Error</title><h1>Internal Server Error</h1></html>"
    )
    return lambda cloud, environ, start, call, fault: _answer(environ, start, status, "text/html", page, [])


def _dropped(cloud: Cloud, environ: dict[str, Any], start: Callable[..., Any], call: Call, fault: Fault) -> list[bytes]:
    import socket

    connection = environ["werkzeug.socket"]
    connection.shutdown(socket.SHUT_RDWR)
    raise ConnectionError("dropped on purpose")


def _slow(cloud: Cloud, environ: dict[str, Any], start: Callable[..., Any], call: Call, fault: Fault) -> Any:
    time.sleep(fault.seconds)
    return cloud.moto(environ, start)


def _truncated(
    cloud: Cloud, environ: dict[str, Any], start: Callable[..., Any], call: Call, fault: Fault
) -> list[bytes]:
    held: list[Any] = []

    def hold(status: str, headers: list[tuple[str, str]], _: Any = None) -> None:
        held[:] = [status, headers]

    content = b"".join(cloud.moto(environ, hold))
    status, headers = held
    half = content[: len(content) // 2] or b"{"
    start(status, [*((k, v) for k, v in headers if k.lower() != "content-length"), ("Content-Length", str(len(half)))])
    return [half]


def _empty(cloud: Cloud, environ: dict[str, Any], start: Callable[..., Any], call: Call, fault: Fault) -> list[bytes]:
    return _answer(environ, start, 200, "application/json", b"", [])


_ANSWERS: dict[str, Callable[..., Any]] = {
    **dict.fromkeys(("denied", "scp", "throttled", "expired", "disabled"), _refusal),
    "html500": _html(500),
    "html200": _html(200),
    "dropped": _dropped,
    "slow": _slow,
    "truncated": _truncated,
    "empty": _empty,
}

"""Functions that read files of the configuration, and path arithmetic. Nothing outside the scanned tree is read."""

from __future__ import annotations

import posixpath
from collections.abc import Callable

from tagwright_iac.terraform.calling import CallContext, Function
from tagwright_iac.terraform.conversion import make_set
from tagwright_iac.terraform.functions.encoding import encode_base64, utf8
from tagwright_iac.terraform.functions.globbing import is_pattern, matcher
from tagwright_iac.terraform.functions.hashing import DIGESTS
from tagwright_iac.terraform.functions.signature import TEXT, VALUE, function, normal
from tagwright_iac.terraform.values import EvalError, ObjectValue, UnknownValue, Value

_HOME = "~ is the home directory of whoever runs Terraform"


def clean(path: str) -> str:
    """Go's `filepath.Clean`."""
    cleaned = posixpath.normpath(path)
    return cleaned[1:] if cleaned.startswith("//") else cleaned


def _read(ctx: CallContext, path: str) -> bytes | UnknownValue:
    if path.startswith("~"):
        return UnknownValue(_HOME, not_null=True)
    data = ctx.read_file(clean(path))
    if not isinstance(data, UnknownValue):
        ctx.spend(len(data))
    return data


def _reading(of: Callable[[bytes], str]) -> Function:
    def call(ctx: CallContext, path: str) -> Value:
        data = _read(ctx, path)
        return data if isinstance(data, UnknownValue) else of(data)

    return function(call, TEXT)


def _fileexists(ctx: CallContext, path: str) -> Value:
    return UnknownValue(_HOME, not_null=True) if path.startswith("~") else ctx.file_exists(clean(path))


def _fileset(ctx: CallContext, path: str, pattern: str) -> Value:
    base = clean(path)
    components = clean(f"{path}/{pattern}" if path else pattern).split("/")
    fixed = next((count for count, part in enumerate(components) if is_pattern(part)), len(components))
    root = "/".join(components[:fixed]) or ("/" if components[0] == "" else ".")
    if fixed == len(components):
        exists = ctx.file_exists(root)
        if isinstance(exists, UnknownValue):
            return exists.derived(not_null=True)
        found = [root] if exists else []
    else:
        matches = matcher(components[fixed:])
        files = ctx.list_files(root)
        if isinstance(files, UnknownValue):
            return files.derived(not_null=True)
        ctx.spend(len(files))
        found = [posixpath.join(root, name) for name in files if matches(name)]
    return make_set(normal(posixpath.relpath(name, base)) for name in found)


def _basename(_ctx: CallContext, path: str) -> Value:
    if not path:
        return "."
    return path.rstrip("/").rpartition("/")[2] or "/"


def _dirname(_ctx: CallContext, path: str) -> Value:
    head, slash, _ = path.rpartition("/")
    return clean(head + slash) if slash else "."


def _abspath(_ctx: CallContext, path: str) -> Value:
    if path.startswith("/"):
        return clean(path)
    return UnknownValue("abspath() depends on the directory Terraform runs in", not_null=True)


def _pathexpand(_ctx: CallContext, path: str) -> Value:
    return UnknownValue(_HOME, not_null=True) if path.startswith("~") else path


def _templatefile(ctx: CallContext, path: str | UnknownValue, variables: Value) -> Value:
    if isinstance(path, UnknownValue) or isinstance(variables, UnknownValue):
        return (path if isinstance(path, UnknownValue) else variables).derived()
    _check_variables(variables)
    data = _read(ctx, path)
    if isinstance(data, UnknownValue):
        return data.derived()
    return ctx.render_template(utf8(data), variables, str(path))


def _templatestring(ctx: CallContext, text: str | UnknownValue, variables: Value) -> Value:
    if isinstance(text, UnknownValue) or isinstance(variables, UnknownValue):
        return (text if isinstance(text, UnknownValue) else variables).derived(not_null=True)
    if not isinstance(text, str):
        raise EvalError("invalid template value: a string is required")
    _check_variables(variables)
    return ctx.render_template(text, variables, "<templatestring argument>")


def _check_variables(variables: Value) -> None:
    if not isinstance(variables, ObjectValue):
        raise EvalError("invalid vars value: must be a map")
    for name in variables:
        if not name.replace("-", "_").isidentifier():
            raise EvalError(f'invalid template variable name "{name}"')


_HASHES = ("base64sha256", "base64sha512", "md5", "sha1", "sha256", "sha512")

FUNCTIONS = {f"file{name}": _reading(DIGESTS[name]) for name in _HASHES} | {
    "abspath": function(_abspath, TEXT),
    "basename": function(_basename, TEXT),
    "dirname": function(_dirname, TEXT),
    "file": _reading(utf8),
    "filebase64": _reading(encode_base64),
    "fileexists": function(_fileexists, TEXT),
    "fileset": function(_fileset, TEXT, TEXT),
    "pathexpand": function(_pathexpand, TEXT),
    "templatefile": function(_templatefile, TEXT, VALUE, strict=False),
    "templatestring": function(_templatestring, VALUE, VALUE, strict=False),
}

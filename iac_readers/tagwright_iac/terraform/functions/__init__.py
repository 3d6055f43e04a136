"""Terraform's function library (1.11), exact, without Terraform.

`lookup` imports the module of a function on demand, so that a configuration without `regex` never pays for an engine.
`try` and `can` need unevaluated arguments and belong to the evaluator.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module

from tagwright_iac.terraform.calling import Function

_MODULES: dict[str, str] = {
    "strings": "chomp endswith indent join lower replace sort split startswith strcontains strrev substr title trim "
    "trimprefix trimspace trimsuffix upper",
    "regexes": "regex regexall",
    "formatting": "format formatlist",
    "collections": "alltrue anytrue chunklist coalesce coalescelist compact concat contains distinct element flatten "
    "index length list one range reverse slice sum",
    "maps": "keys lookup map matchkeys merge transpose values zipmap",
    "sets": "setintersection setproduct setsubtract setunion",
    "numeric": "abs ceil floor log max min parseint pow signum",
    "conversions": "ephemeralasnull issensitive nonsensitive sensitive tobool tolist tomap tonumber toset tostring",
    "encoding": "base64decode base64encode base64gzip csvdecode textdecodebase64 textencodebase64 urlencode",
    "json_codec": "jsondecode jsonencode",
    "yaml_decoding": "yamldecode",
    "yaml_encoding": "yamlencode",
    "hashing": "base64sha256 base64sha512 bcrypt md5 rsadecrypt sha1 sha256 sha512 uuid uuidv5",
    "dates": "formatdate plantimestamp timeadd timecmp timestamp",
    "files": "abspath basename dirname file filebase64 filebase64sha256 filebase64sha512 fileexists filemd5 fileset "
    "filesha1 filesha256 filesha512 pathexpand templatefile templatestring",
    "ip": "cidrhost cidrnetmask cidrsubnet cidrsubnets",
}
_MODULE_OF = {name: module for module, names in _MODULES.items() for name in names.split()}
NAMES = tuple(sorted(_MODULE_OF))
"""Every function, without the `core::` prefix."""


@cache
def lookup(name: str) -> Function | None:
    """The function `name` (also as `core::name`), or None when Terraform's library has none of that name."""
    plain = name.removeprefix("core::")
    module = _MODULE_OF.get(plain)
    if module is None:
        return None
    functions: dict[str, Function] = import_module(f"{__name__}.{module}").FUNCTIONS
    return functions[plain]

"""Instance keys as Terraform prints them in addresses."""

from __future__ import annotations

from tagwright_iac.terraform.values import UnknownValue

_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def instance_key(key: object) -> str:
    """`[0]`, `["a"]` with HCL's escapes, `[?]` for an unknown number of instances, "" for a single one."""
    if key is None:
        return ""
    if isinstance(key, UnknownValue):
        return "[?]"
    if isinstance(key, str):
        text = "".join(_ESCAPES.get(character, character) for character in key)
        return '["' + text.replace("${", "$${").replace("%{", "%%{") + '"]'
    return f"[{key}]"

"""What travels in a bundle: the modules that its entry needs, and their tables.

The modules are found by their imports, so that nothing is forgotten and nothing else comes along. In the bundle they
live under a package of its own, and their imports are renamed to it: an installed tagwright of another version is
neither used nor disturbed.
"""

from __future__ import annotations

import ast
import re
from functools import cache
from importlib import resources

ENTRY = "tagwright_policies.checkov.runtime.starting"
ROOMS = ("tagwright_dictionary", "tagwright_iac", "tagwright_policies")
DATA = (
    "tagwright_dictionary/catalogue/data/accelerators.json",
    "tagwright_dictionary/catalogue/data/entries_aws.json",
    "tagwright_dictionary/catalogue/data/entries_azurerm.json",
    "tagwright_dictionary/catalogue/data/entries_google.json",
    "tagwright_dictionary/catalogue/data/entries_kubernetes.json",
    "tagwright_dictionary/catalogue/data/taggable_aws.json",
    "tagwright_dictionary/catalogue/data/taggable_awscc.json",
    "tagwright_dictionary/catalogue/data/taggable_azapi.json",
    "tagwright_dictionary/catalogue/data/taggable_azurerm.json",
    "tagwright_dictionary/catalogue/data/taggable_cloudformation.json",
    "tagwright_dictionary/catalogue/data/taggable_google.json",
    "tagwright_dictionary/catalogue/data/taggable_kubernetes.json",
    "tagwright_dictionary/judging/data/limits.json",
    "tagwright_dictionary/judging/data/lookalikes.json",
    "tagwright_dictionary/judging/data/placeholders.json",
    "tagwright_dictionary/judging/data/wording.json",
    "tagwright_policies/checkov/adapters/data/arm_types.json",
)
"""The tables that the judgement reads. Pulumi's names are not among them: Checkov shows none."""

_IMPORT = re.compile(rf"^(\s*(?:from|import) )({'|'.join(ROOMS)})(?=[. ])", re.MULTILINE)


@cache
def carried() -> tuple[tuple[str, bytes], ...]:
    """(path below the bundle's package, content) of every file, in the order of the paths."""
    found: dict[str, bytes] = {}
    waiting = [ENTRY]
    while waiting:
        module = waiting.pop()
        path, source = _source(module)
        if path in found:
            continue
        found[path] = source.encode()
        waiting += _imports(module, source)
        parent = module.rpartition(".")[0]
        if parent:
            waiting.append(parent)
    for path in DATA:
        room, _, rest = path.partition("/")
        found[path] = resources.files(room).joinpath(*rest.split("/")).read_bytes()
    return tuple(sorted(found.items()))


def renamed(source: bytes, package: str) -> bytes:
    """A module whose imports of our rooms lead into the bundle's package."""
    return _IMPORT.sub(rf"\g<1>{package}.\g<2>", source.decode()).encode()


def _source(module: str) -> tuple[str, str]:
    room, *rest = module.split(".")
    place = resources.files(room)
    for part in rest[:-1]:
        place = place.joinpath(part)
    if not rest:
        return f"{room}/__init__.py", place.joinpath("__init__.py").read_text(encoding="utf-8")
    folder = place.joinpath(rest[-1])
    if folder.is_dir():
        path = f"{room}/{'/'.join(rest)}/__init__.py"
        return path, folder.joinpath("__init__.py").read_text(encoding="utf-8")
    return f"{room}/{'/'.join(rest)}.py", place.joinpath(f"{rest[-1]}.py").read_text(encoding="utf-8")


def _imports(module: str, source: str) -> list[str]:
    """The modules of ours that it imports, also those inside functions."""
    found: list[str] = []
    for node in ast.walk(ast.parse(source, module)):
        if not isinstance(node, ast.ImportFrom) or node.module is None or node.level:
            continue
        if node.module.split(".")[0] in ROOMS:
            found.append(node.module)
            found += [f"{node.module}.{name.name}" for name in node.names if _is_module(f"{node.module}.{name.name}")]
    return found


def _is_module(name: str) -> bool:
    room, *rest = name.split(".")
    place = resources.files(room)
    for part in rest:
        last, place = place.joinpath(f"{part}.py"), place.joinpath(part)
    return place.is_dir() or last.is_file()

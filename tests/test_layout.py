"""The rooms: who may import whom, and what the core may load."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

# The table of the architecture: a room's package, its folder, and the packages of ours that it may import.
TABLE = {
    "tagwright_dictionary": ("tag_dictionary", set()),
    "tagwright_iac": ("iac_readers", {"tagwright_dictionary"}),
    "tagwright_policies": ("policies", {"tagwright_dictionary", "tagwright_iac"}),
    "tagwright_pulumi": ("pulumi_components", {"tagwright_dictionary"}),
    "tagwright_drift": ("drift_scanner", {"tagwright_dictionary", "tagwright_iac"}),
}
TABLE["tagwright_cli"] = ("cli", set(TABLE))
# A room is made when it gets real content.
ROOMS = {package: room for package, room in TABLE.items() if (ROOT / room[0] / package).is_dir()}
HEAVY = {"boto3", "botocore", "pulumi", "checkov", "jinja2", "rich"}


def _modules(package):
    folder = ROOT / ROOMS[package][0] / package
    return sorted(folder.rglob("*.py"))


def _imports(file, package):
    """Every name imported anywhere in the file, with its line; relative ones made absolute."""
    tree = ast.parse(file.read_text("utf-8"), str(file))
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield (node.module or "" if not node.level else f"{package}.{node.module or ''}"), node.lineno
        elif isinstance(node, ast.Call) and isinstance(node.func, (ast.Name, ast.Attribute)):
            name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
            first = node.args[0] if node.args else None
            if name in ("import_module", "__import__", "files") and isinstance(first, ast.Constant):
                yield str(first.value), node.lineno


def test_every_room_is_in_the_table():
    """A room that nobody listed has no rules: the folders that hold our packages are exactly those of the table."""
    found = {init.parent.name: init.parent.parent.name for init in ROOT.glob("*/tagwright_*/__init__.py")}
    assert found == {package: folder for package, (folder, _) in ROOMS.items()}
    assert {"tagwright_dictionary", "tagwright_iac", "tagwright_policies", "tagwright_cli"} <= set(found)


@pytest.mark.parametrize("package", ROOMS)
def test_no_forbidden_arrow(package):
    """A room imports only the rooms that the architecture allows it; nothing imports the command line."""
    allowed = ROOMS[package][1] | {package}
    wrong = [
        f"{file.relative_to(ROOT)}:{line} imports {name}"
        for file in _modules(package)
        for name, line in _imports(file, package)
        if name.startswith("tagwright_") and name.partition(".")[0] not in allowed
    ]
    assert wrong == []


@pytest.mark.parametrize("package", ["tagwright_dictionary", "tagwright_iac"])
def test_the_core_is_light(package):
    """Neither the dictionary nor the readers import what only some gates need."""
    wrong = [
        f"{file.relative_to(ROOT)}:{line} imports {name}"
        for file in _modules(package)
        for name, line in _imports(file, package)
        if name.partition(".")[0] in HEAVY
    ]
    assert wrong == []


def test_no_room_has_a_generic_name():
    """No top-level name of ours could be somebody else's: packages carry the prefix of the product."""
    loose = [
        str(file.relative_to(ROOT))
        for folder, _ in ROOMS.values()
        for file in (ROOT / folder).glob("*/__init__.py")
        # policies/checkov is the published bundle: Checkov wants an __init__.py in a folder nobody imports by name.
        if not file.parent.name.startswith("tagwright_") and file.parent != ROOT / "policies" / "checkov"
    ]
    assert loose == []


def _loaded(code):
    script = f"import sys; before = set(sys.modules); {code}; print('\\n'.join(set(sys.modules) - before))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    return {name.partition(".")[0] for name in done.stdout.split()}


def test_judging_is_pure_standard_library():
    """`judge` travels inside the Checkov bundle: importing it loads nothing but the standard library."""
    loaded = _loaded("import tagwright_dictionary.judging")
    assert {name for name in loaded if name not in sys.stdlib_module_names} == {"tagwright_dictionary"}
    assert loaded & {"jsonschema", "yaml", "re2", "tree_sitter", "socket", "urllib"} == set()


def test_judging_imports_no_yaml_or_schema_anywhere():
    """Not even inside a function: the modules that judge name no third-party package."""
    folder = ROOT / "tag_dictionary" / "tagwright_dictionary" / "judging"
    ours = {"tagwright_dictionary"}
    wrong = [
        f"{file.relative_to(ROOT)}:{line} imports {name}"
        for file in sorted(folder.rglob("*.py"))
        for name, line in _imports(file, "tagwright_dictionary.judging")
        if name and name.partition(".")[0] not in ours | sys.stdlib_module_names
    ]
    assert wrong == []

"""The Python module under mypy and as it runs, the TypeScript module under tsc."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace

import pytest
from tests.policies.exports import engines
from tests.policies.exports.case_table import MAKER, TODAY, cases, compare, dictionary, text

from tagwright_dictionary.dictionary import Dictionary, Key, Value
from tagwright_dictionary.loading import digest
from tagwright_policies.exports import TARGETS
from tagwright_policies.exports.quoting import javascript, python

HOSTILE = (
    'a"b', "a'b", "a\\b", "a`b", "${a}", "%{a}", "{{a}}", "*/", "<!--", "# a", "// a", "\u2028", "\u202e", "\x00", "\n",
    "class", "None", "mro", "__init__", "name", "1a", "\u00e9", "\u00c9", "e\u0301", "caf\u00e9", "\U0001f600", '"""',
    "a b", "a-b", "a_b", "A_B", "toString", "constructor", "prototype", "0", "-", "_",
)  # fmt: skip


def hostile():
    values = tuple(Value(text) for text in HOSTILE)
    keys = (Key("all", values=values), *(Key(text, values=(Value("x"),)) for text in HOSTILE if text.strip()))
    made = Dictionary('n"""\n*/', "1.0.0\u2028", keys)
    return replace(made, digest=digest(made))


def _loaded(source):
    space = {"__name__": "tag_dictionary"}
    exec(compile(source, "tag_dictionary.py", "exec"), space)  # noqa: S102 - the generated module is what is tested
    return space


def test_python_holds_keys_and_values():
    """The enums have the approved values of the day, in their order, and are strings."""
    space = _loaded(text("python-enums", "tag_dictionary.py"))
    assert [str(member) for member in space["Workload"]] == ["training", "inference", "research", "batch"]
    assert [str(member) for member in space["Key"]] == [key.name for key in dictionary().keys]
    assert (space["DICTIONARY"], space["VERSION"], space["DIGEST"]) == (
        "export-cases", "1.4.0", dictionary().digest,
    )  # fmt: skip
    assert space["Environment"].PROD == "prod"


def test_hostile_texts_stay_texts_in_python():
    """Whatever a value holds, the module compiles and the value comes back."""
    source = TARGETS["python-enums"].export(hostile(), TODAY, MAKER).files[0].text
    space = _loaded(source)
    assert [str(member) for member in space["All"]] == list(HOSTILE)
    assert space["VERSION"] == "1.0.0\u2028"
    assert all(char.isprintable() for char in source.replace("\n", ""))


def _mypy(folder, source):
    (folder / "probe.py").write_text(source)
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "mypy",
            "--strict",
            "--no-incremental",
            "--cache-dir",
            str(folder / "cache"),
            "probe.py",
        ],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    return {int(line) for line in re.findall(r"^probe\.py:(\d+): error", done.stdout, re.MULTILINE)}, done.stdout


def _pairs(tags, quote):
    return "{" + ", ".join(f"{quote(key)}: {quote(value)}" for key, value in tags.items()) + "}"


def _known():
    """Cases whose keys are all of the dictionary, once each; the types' note says that they know no empty values."""
    names = {key.name for key in dictionary().keys}
    return [
        case
        for case in cases()
        if case.name.startswith("queue/") and set(case.tags) <= names and case.name != "queue/team-empty"
    ]


def test_mypy_agrees_with_judge_on_closed_values(tmp_path):
    """A literal that is not approved is a type error, an approved one is not."""
    (tmp_path / "tag_dictionary.py").write_text(text("python-enums", "tag_dictionary.py"))
    lines = ["from tag_dictionary import Tags"]
    lines += [f"v{number}: Tags = {_pairs(case.tags, python)}" for number, case in enumerate(_known())]
    wrong_lines, output = _mypy(tmp_path, "\n".join(lines) + "\n")
    verdicts = [(case, number + 2 in wrong_lines) for number, case in enumerate(_known())]
    wrong, decided = compare("python-enums", verdicts)
    assert wrong == [], output
    assert decided > 0.3


def _tsc(folder, names):
    home = engines.node_modules()
    done = subprocess.run(
        ["node", str(home / "node_modules/typescript/bin/tsc"), "--strict", "--noEmit", "--target", "es2020", *names],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    return {int(line) for line in re.findall(r"^probe\.ts\((\d+),", done.stdout, re.MULTILINE)}, done.stdout


def test_tsc_agrees_with_judge_on_closed_values(tmp_path):
    """So in TypeScript."""
    (tmp_path / "tag-dictionary.ts").write_text(text("typescript-enums", "tag-dictionary.ts"))
    lines = ['import type { Tags } from "./tag-dictionary";']
    lines += [
        f"export const v{number}: Tags = {_pairs(case.tags, javascript)};" for number, case in enumerate(_known())
    ]
    (tmp_path / "probe.ts").write_text("\n".join(lines) + "\n")
    wrong_lines, output = _tsc(tmp_path, ["probe.ts"])
    verdicts = [(case, number + 2 in wrong_lines) for number, case in enumerate(_known())]
    wrong, decided = compare("typescript-enums", verdicts)
    assert wrong == [], output
    assert decided > 0.3


def test_hostile_texts_stay_texts_in_typescript(tmp_path):
    """The module compiles, and run by node it gives the values back."""
    source = TARGETS["typescript-enums"].export(hostile(), TODAY, MAKER).files[0].text
    assert source.isascii()
    (tmp_path / "tag-dictionary.ts").write_text(source)
    (tmp_path / "probe.ts").write_text('export * from "./tag-dictionary";\n')
    found, output = _tsc(tmp_path, ["probe.ts"])
    assert (found, output) == (set(), "")
    home = engines.node_modules()
    script = """
const ts = require("typescript");
const given = JSON.parse(require("fs").readFileSync(0, "utf8"));
const made = { exports: {} };
const compiled = ts.transpile(given, { module: ts.ModuleKind.CommonJS });
new Function("module", "exports", compiled)(made, made.exports);
process.stdout.write(JSON.stringify(Object.values(made.exports.All)));
"""
    (home / "values.js").write_text(script)
    assert engines.run("node", [str(home / "values.js")], source) == list(HOSTILE)


@pytest.mark.parametrize("target", ["python-enums", "typescript-enums"])
def test_a_key_without_values_is_text(target):
    """A closed list with nothing approved makes no empty enum: the key is any text, and the header says so."""
    made = Dictionary("d", "1.0.0", (Key("k", values=()),))
    export = TARGETS[target].export(made, TODAY, MAKER)
    assert [(gap.subject, gap.key) for gap in export.gaps][:1] == [("value-not-allowed", "k")]
    assert "k has no approved value" in export.files[0].text

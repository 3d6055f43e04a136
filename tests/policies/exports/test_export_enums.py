"""The Python module under mypy and as it runs, the TypeScript module under tsc and as node runs it."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.policies.exports import engines
from tests.policies.exports.case_table import MAKER, TODAY, Comparison, cases, compare, dictionary, text
from tests.policies.exports.random_books import tables

from tagwright_dictionary.dictionary import Dictionary, Key, Value
from tagwright_dictionary.loading import digest
from tagwright_policies.exports import TARGETS
from tagwright_policies.exports.quoting import javascript, python

HOSTILE = (
    'a"b', "a'b", "a\\b", "a`b", "${a}", "%{a}", "{{a}}", "*/", "<!--", "# a", "// a", "\u2028", "\u202e", "\x00", "\n",
    "class", "None", "mro", "__init__", "name", "1a", "\u00e9", "\u00c9", "e\u0301", "caf\u00e9", "\U0001f600", '"""',
    "a b", "a-b", "a_b", "A_B", "toString", "constructor", "prototype", "0", "-", "_", "__proto__", "value", "self",
    "\\", "\\u0022", "\r", "Final", "Literal", "str",
)  # fmt: skip


def hostile():
    values = tuple(Value(text) for text in HOSTILE)
    keys = (
        Key("all", title='"""\n', description="*/ \\", values=values),
        *(Key(text, title=text, values=(Value("x"),)) for text in HOSTILE if text.strip()),
        *(Key(name, values=(Value("x"),)) for name in ("key", "Tags", "StrEnum", "TypedDict", "DICTIONARY", "VERSION")),
    )
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


def _mypy(folder, files):
    """Lines with an error by file name, and mypy's output, in its strict mode."""
    for name, source in files.items():
        (folder / name).write_text(source)
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--no-incremental", "--cache-dir", str(folder / "cache"), *files],
        cwd=folder, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode in (0, 1), done.stderr
    found = {name: set() for name in files}
    for name, line in re.findall(r"^(\w+\.py):(\d+): error", done.stdout, re.MULTILINE):
        found[name].add(int(line))
    return found, done.stdout


def test_hostile_texts_stay_texts_in_python(tmp_path):
    """Whatever a dictionary holds, the module compiles, is strictly typed, and the values come back."""
    source = TARGETS["python-enums"].export(hostile(), TODAY, MAKER).files[0].text
    space = _loaded(source)
    assert [str(member) for member in space["All"]] == list(HOSTILE)
    assert space["VERSION"] == "1.0.0\u2028"
    assert all(char.isprintable() for char in source.replace("\n", ""))
    found, output = _mypy(tmp_path, {"tag_dictionary.py": source})
    assert found == {"tag_dictionary.py": set()}, output


def _pairs(tags, quote):
    return "{" + ", ".join(f"{quote(key)}: {quote(value)}" for key, value in tags.items()) + "}"


def _python_probe(module, rows):
    lines = [
        f"from {module} import Tags",
        *(f"v{n}: Tags = {_pairs(case.tags, python)}" for n, case in enumerate(rows)),
    ]
    return "\n".join(lines) + "\n"


def _typescript_probe(module, rows):
    # A key that node keeps for itself is a property like any other when it is computed.
    lines = [f'import {{ Tags }} from "./{module}";']
    lines += [f"export const v{n}: Tags = {_pairs(case.tags, javascript)};" for n, case in enumerate(rows)]
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def rows():
    """Each tag set once (the types do not ask what is tagged), and the situations."""
    return [case for case in cases() if case.name.startswith(("queue/", "situation/"))]


def test_mypy_agrees_with_judge_on_closed_values(tmp_path, rows):
    """A literal that is not approved is a type error, an approved one is not; every gap shows."""
    files = {
        "tag_dictionary.py": text("python-enums", "tag_dictionary.py"),
        "probe.py": _python_probe("tag_dictionary", rows),
    }
    lines, output = _mypy(tmp_path, files)
    assert lines["tag_dictionary.py"] == set()
    found = compare("python-enums", [(case, number + 2 in lines["probe.py"]) for number, case in enumerate(rows)])
    assert found.wrong == [], output
    assert found.unseen == []
    assert found.decided / len(rows) > 0.3


def test_tsc_agrees_with_judge_on_closed_values(rows):
    """So in TypeScript."""
    files = {
        "tag-dictionary.ts": text("typescript-enums", "tag-dictionary.ts"),
        "probe.ts": _typescript_probe("tag-dictionary", rows),
    }
    answer = engines.tsc().ask({"files": files})
    assert answer["tag-dictionary.ts"] == []
    lines = {line for line, _ in answer["probe.ts"]}
    found = compare("typescript-enums", [(case, number + 2 in lines) for number, case in enumerate(rows)])
    assert found.wrong == [], answer
    assert found.unseen == []
    assert found.decided / len(rows) > 0.3


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_tsc_agrees_with_judge_on_any_dictionary(data, tmp_path_factory):
    """On random dictionaries, under every strict option; what the compiler itself refuses counts against us."""
    book, rows = data.draw(tables(tmp_path_factory.getbasetemp()))
    export = TARGETS["typescript-enums"].export(book, TODAY, MAKER)
    answer = engines.tsc().ask(
        {"files": {"tags.ts": export.files[0].text, "probe.ts": _typescript_probe("tags", rows)}}
    )
    assert answer["tags.ts"] == []
    lines = {line for line, _ in answer["probe.ts"]}
    found = Comparison(export, book)
    for number, case in enumerate(rows):
        found.add(case, number + 2 in lines)
    assert found.wrong == []


@settings(max_examples=2, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
@given(data=st.data())
def test_mypy_agrees_with_judge_on_any_dictionary(data, tmp_path_factory):
    """So under mypy, many dictionaries at once: it is slow to start."""
    folder = tmp_path_factory.mktemp("mypy")
    drawn = data.draw(st.lists(tables(folder), min_size=10, max_size=10))
    exports, files = [], {}
    for number, (book, rows) in enumerate(drawn):
        exports.append(TARGETS["python-enums"].export(book, TODAY, MAKER))
        files[f"tags{number}.py"] = exports[-1].files[0].text
        files[f"probe{number}.py"] = _python_probe(f"tags{number}", rows)
    lines, output = _mypy(folder, files)
    for number, ((book, rows), export) in enumerate(zip(drawn, exports, strict=True)):
        assert lines[f"tags{number}.py"] == set(), output
        found = Comparison(export, book)
        for place, case in enumerate(rows):
            found.add(case, place + 2 in lines[f"probe{number}.py"])
        assert found.wrong == []


def test_the_command_tsc_accepts_it(tmp_path):
    """The compiler as users call it, with --strict."""
    (tmp_path / "tag-dictionary.ts").write_text(text("typescript-enums", "tag-dictionary.ts"))
    program = engines.node_modules() / "node_modules/typescript/bin/tsc"
    done = subprocess.run(
        ["node", program, "--strict", "--noEmit", "--target", "es2020", "tag-dictionary.ts"],
        cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, "")


def test_hostile_texts_stay_texts_in_typescript():
    """The module compiles, and run by node it gives the values back."""
    source = TARGETS["typescript-enums"].export(hostile(), TODAY, MAKER).files[0].text
    assert source.isascii()
    assert engines.tsc().ask({"files": {"tag-dictionary.ts": source}}) == {"tag-dictionary.ts": []}
    exports = engines.tsc().ask({"run": source})
    assert sorted(exports["All"].values()) == sorted(HOSTILE)
    assert exports["VERSION"] == "1.0.0\u2028"
    assert sorted(exports["Key"].values()) == sorted(key.name for key in hostile().keys)


@pytest.mark.parametrize("target", ["python-enums", "typescript-enums"])
def test_a_key_without_values_is_text(target):
    """A closed list with nothing approved makes no empty enum: the key is any text, and the header says so."""
    made = Dictionary("d", "1.0.0", (Key("k", values=()),))
    export = TARGETS[target].export(made, TODAY, MAKER)
    assert [(gap.subject, gap.key) for gap in export.gaps][:1] == [("value-not-allowed", "k")]
    assert "k has no approved value" in export.files[0].text

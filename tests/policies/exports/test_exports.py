"""What every target promises: a header, gaps, the same bytes, and texts that stay texts."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import date

import jsonschema
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.oracle import need, terraform
from tests.policies.exports.case_table import FOLDER, MAKER, ROOT_PATHS, TODAY, dictionary, exported

from tagwright_dictionary.dictionary import Dictionary, Key, Requirement, Selector, Value
from tagwright_dictionary.loading import digest
from tagwright_policies.exports import TARGETS
from tagwright_policies.exports.quoting import hcl, javascript, python
from tagwright_policies.exports.quoting import yaml as quoted_yaml

HOSTILE = st.text(
    st.one_of(
        st.sampled_from("\"'\\`${}%#*/<>&\n\r\t\u2028\u202e\ufeff\x00\x1b\x85 ab-_0"),
        st.characters(exclude_categories=["Cs"]),
    ),
    min_size=1,
    max_size=12,
)


@pytest.mark.parametrize("target", TARGETS)
def test_the_header_names_dictionary_digest_command_and_every_gap(target):
    """In every file, or beside it where the format has no comments (a tag policy)."""
    export = exported(target)
    found = dictionary()
    for file in export.files:
        if target == "aws-tag-policy" and file.path.endswith(".json"):
            continue
        text = (
            file.text
            if file.path.endswith((".md", ".tf", ".hcl", ".rego", ".yml", ".py", ".ts"))
            else str(_strings(file.text))
        )
        for needed in (found.name, found.version, found.digest, MAKER.tool, MAKER.command):
            assert needed in text, (file.path, needed)
        for gap in export.gaps:
            assert f"{gap.subject}: " in text
    assert export.gaps
    assert any("whether" in gap.text and gap.subject == "unreached" for gap in export.gaps) or target.endswith("enums")


def _strings(text):
    return [*json.loads(text).values()]


@pytest.mark.parametrize("target", TARGETS)
def test_a_dictionary_without_anything_leaves_no_gap_of_its_own(target):
    """Of an empty dictionary nothing is lost but what is true of the target itself."""
    gaps = TARGETS[target].export(Dictionary("d", "1.0.0"), TODAY, MAKER).gaps
    assert {gap.subject for gap in gaps} <= {
        "spelling", "classes", "undecided", "key-case", "invalid-tag", "further-keys", "carried-tags",
    }  # fmt: skip


@pytest.mark.parametrize("target", TARGETS)
def test_exemptions_and_service_levels_are_named(target):
    """Where the dictionary has them, and there only."""
    subjects = {"exemptions", "service-levels"}
    assert subjects <= {gap.subject for gap in exported(target).gaps}
    bare = replace(dictionary(), exemptions=(), service_levels=())
    assert not subjects & {gap.subject for gap in TARGETS[target].export(bare, TODAY, MAKER).gaps}


def test_bytes_depend_on_nothing_else():
    """Every target in two processes with other hash seeds: the same bytes."""
    script = (
        "import sys, hashlib; from datetime import date; from tagwright_dictionary.loading import load; "
        "from tagwright_policies.exports import TARGETS, Maker; d = load(sys.argv[1], cache=False); "
        "print([hashlib.sha256(repr(t.export(d, date(2026, 11, 23), Maker('t', 'c'))).encode()).hexdigest() "
        "for t in TARGETS.values()])"
    )
    answers = set()
    for seed in ("1", "77"):
        done = subprocess.run(
            [sys.executable, "-c", script, str(FOLDER / "dictionary.yaml")],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": ROOT_PATHS},
            capture_output=True,
            text=True,
            check=True,
        )
        answers.add(done.stdout)
    assert len(answers) == 1


def test_only_the_state_of_the_day_is_in_the_bytes():
    """Another day with the same values in force gives the same files; the day after a deadline does not."""
    for target in TARGETS.values():
        same = target.export(dictionary(), date(2026, 12, 1), MAKER)
        assert same.files == exported(target.name).files
    late = TARGETS["json-schema"].export(dictionary(), date(2027, 2, 1), MAKER).files
    assert late != exported("json-schema").files


@settings(max_examples=300, deadline=None)
@given(text=HOSTILE)
def test_literals_come_back(text):
    """A literal of each language is read by the language's own parser as the text it stands for."""
    assert yaml.safe_load(f"a: {quoted_yaml(text)}\nb: [{quoted_yaml(text)}]\n") == {"a": text, "b": [text]}
    assert json.loads(javascript(text)) == text
    assert eval(python(text)) == text  # noqa: S307 - the literal is what is tested
    assert "\n" not in f"{quoted_yaml(text)}{javascript(text)}{python(text)}{hcl(text)}"


def _hostile(values, keys=("k",)):
    made = Dictionary(
        "d",
        "1.0.0",
        tuple(Key(key, title=values[0], description=values[-1], values=tuple(map(Value, values))) for key in keys),
        (Requirement("r\n# x", Selector(everything=True), require=tuple(keys)),),
    )
    return replace(made, digest=digest(made))


@settings(max_examples=15, deadline=None)
@given(values=st.lists(HOSTILE, min_size=1, max_size=4, unique=True))
def test_hostile_values_come_back_from_yaml_and_json(values):
    """Through the parsers of Custodian's YAML and of the JSON targets: exactly the values, no more structure."""
    made = _hostile(values)
    files = TARGETS["custodian"].export(made, TODAY, MAKER).files
    (text,) = (file.text for file in files if file.path == "policies/sqs.yml")
    document = yaml.safe_load(text)
    assert document["vars"]["values"][0]["and"][1]["value"] == values
    assert [policy["name"] for policy in document["policies"]] == ["tagwright-sqs-values", "tagwright-sqs-r-x"]
    (schema,) = TARGETS["json-schema"].export(made, TODAY, MAKER).files
    assert json.loads(schema.text)["$defs"]["key:k"] == {"enum": ["", *values]}
    jsonschema.Draft202012Validator.check_schema(json.loads(schema.text))
    data = json.loads(TARGETS["rego"].export(made, TODAY, MAKER).files[-1].text)
    assert list(data["tagwright"]["keys"]["k"]["values"]) == sorted(values)


def test_hostile_values_come_back_from_terraform(tmp_path):
    """Through Terraform's own parser and plan: each value is accepted and put out as it is, its neighbours refused."""
    need.oracle()
    values = ['a"b', "a\\b", "${a}", "%{ if true }", "$${a}", "%%{a}", "a\nb", "a\tb", "\u2028", "\u202ex",
              "\U0001f600", "<<EOT", "#", "//", "/*", "*/", "'", "`", "\x07", "{{a}}", "\\u0041", "\\${a}"]  # fmt: skip
    for file in TARGETS["terraform-module"].export(_hostile(values), TODAY, MAKER).files:
        path = tmp_path / file.path
        path.parent.mkdir(exist_ok=True)
        path.write_text(file.text)
    (tmp_path / "tests" / "tags.tftest.hcl").unlink()
    given = {f"v{number}": value for number, value in enumerate(values)}
    for name, value in given.items():
        check = f'condition = output.tags.k == {hcl(value)}\n    error_message = "other"'
        variables = f"variables {{\n    k = {hcl(value)}\n    clouds = []\n  }}"
        body = f"command = plan\n  {variables}\n  assert {{\n    {check}\n  }}"
        (tmp_path / "tests" / f"{name}.tftest.hcl").write_text(f'run "one" {{\n  {body}\n}}\n')
        variables = f"variables {{\n    k = {hcl(value + '.')}\n    clouds = []\n  }}"
        body = f"command = plan\n  {variables}\n  expect_failures = [var.k]"
        (tmp_path / "tests" / f"{name}x.tftest.hcl").write_text(f'run "one" {{\n  {body}\n}}\n')
    done = terraform.run(["test", "-no-color"], tmp_path, timeout=200)
    assert f"{2 * len(values)} passed, 0 failed" in done.stdout, done.stdout[-3000:]
    formatted = subprocess.run(
        ["terraform", "fmt", "-check", "-diff", "."], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert formatted.stdout == ""


@settings(max_examples=40, deadline=None)
@given(text=HOSTILE)
def test_headers_stay_comments(text):
    """No line of a header leaves its comment, whatever the dictionary is called and its requirements say."""
    made = Dictionary(text, text, (Key("k", format="email", pattern=f"{'x' * 3}"),), (
        Requirement(text, Selector(classes=("gpu",)), require=("k",), description=text),
    ))  # fmt: skip
    for name, mark in (("python-enums", "#"), ("typescript-enums", "//"), ("terraform-module", "#"), ("rego", "#")):
        file = TARGETS[name].export(made, TODAY, MAKER).files[0]
        top = file.text.split("\n\n")[0] if name != "rego" else file.text.split("package main")[0].rstrip("\n")
        assert all(line.startswith(mark) for line in top.split("\n"))
        assert all(char.isprintable() for char in top.replace("\n", ""))

"""A dictionary full of other languages' syntax, in every engine: it stays text. (The enums are in their own file, and
Terraform's literals in test_exports.)
"""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from tests.oracle import need, terraform
from tests.policies.exports import engines
from tests.policies.exports.case_table import MAKER, TODAY, text

from tagwright_dictionary.dictionary import Dictionary, Exemption, Key, Match, Requirement, Selector, Value
from tagwright_dictionary.loading import digest
from tagwright_policies.exports import TARGETS

VALUES = (
    'a"b', "a'b", "a\\b", "a`b", "${a}", "%{ if true }", "{{a}}", "*/", "/*", "<!--", "# a", "// a", "a\nb", "a\r\nb",
    "a\u2028b", "a\u2029b", "a\u202eb", "a\x85b", "- a", "? a", "a: b", "[a]", "{a}", "&a", "*a", "!a", "|", ">",
    "%a", "@a",
    "yes", "null", "~", "0x1", "1e3", "2027-01-31", "=cmd()", "import rego.v1", "package x", "<<EOT", "EOT", '"""',
    "]]>",
    "a\\", "\\u0022", "$${a}", "__proto__", "constructor", "\U0001f600", "\ufeffa",
)  # fmt: skip
PROSE = (
    '"""\n*/ ``` ${file("/etc/passwd")} %{ for x in y } {{ x }} \\ <!-- --> \u2028 \u2029 # // --- ... | > @@ \x07 \r\n'
)


def book():
    keys = (
        Key(
            "k",
            title=PROSE,
            description=PROSE,
            values=tuple(Value(value, title=PROSE, description=PROSE) for value in VALUES),
        ),
        Key("open", title=PROSE, description=PROSE, pattern="[a-z]+", examples=("a",)),
        Key("other", values=(Value('"x"', relations=(("k", ('a"b', "${a}", "a\nb")),)), Value("y"))),
    )
    requirements = (
        Requirement(f"r {PROSE}", Selector(everything=True), require=("k",), description=PROSE),
        Requirement(f"s {PROSE}", Selector(everything=True), match=(Match("k", "other", "k"),), description=PROSE),
    )
    made = Dictionary(
        f"d {PROSE}", f"1.0.0 {PROSE}", keys, requirements,
        placeholders=('say "when"', "${later}"), exemptions=(Exemption(PROSE, PROSE, PROSE, None),),
    )  # fmt: skip
    return replace(made, digest=digest(made))


def exported(target):
    return TARGETS[target].export(book(), TODAY, MAKER)


TAGS = [
    *({"k": value} for value in VALUES),
    {"k": 'a"b', "other": '"x"'},
    {"k": "a\nb", "other": '"x"'},
    {"k": "*/", "other": '"x"'},
    *({"k": f"{value}."} for value in VALUES),
    {"k": "y", "open": "a"},
    {},
]
ACCEPTED = [True] * (len(VALUES) + 2) + [False] * (len(VALUES) + 3)


@pytest.mark.parametrize("engine", ["opa", "regorus"])
def test_rego(engine):
    """The policy holds nothing of the dictionary but comments, and the data decide as they should."""
    export = exported("rego")
    data = json.loads(text("rego", "data/tagwright.json", export))
    data["tagwright"]["types"] = {"aws_sqs_queue": data["tagwright"]["types"]["aws_sqs_queue"]}
    plans = [
        {
            "format_version": "1.2",
            "resource_changes": [
                {
                    "address": "q",
                    "type": "aws_sqs_queue",
                    "change": {"actions": ["create"], "after": {"tags_all": tags}},
                }
            ],
        }
        for tags in TAGS
    ]
    policies = {file.path: file.text for file in export.files if file.path.endswith(".rego")}
    found = getattr(engines, engine)().ask({"policies": policies, "data": json.dumps(data), "inputs": plans})
    errors = [{each["rule"] for each in every if each["severity"] == "error"} - {"invalid-tag"} for every in found]
    assert [not each for each in errors] == ACCEPTED


def test_custodian():
    """The file loads as YAML and as policies, and they find what is not approved."""
    policies = [text("custodian", "policies/sqs.yml", exported("custodian"))]
    shown = [["sqs", {"Tags": [{"Key": key, "Value": value} for key, value in tags.items()]}] for tags in TAGS]
    found = engines.custodian().ask({"policies": policies, "resources": shown})
    assert [not each for each in found] == ACCEPTED


@pytest.mark.parametrize("pointer", ["#/$defs/key%3Ak", ""])
def test_json_schema(pointer):
    """In ajv's strict mode: the values alone, and whole tag sets (where AWS's own limits refuse most of them)."""
    schema = json.loads(exported("json-schema").files[0].text)
    if pointer:
        documents, expected = (
            [*VALUES, *(f"{value}." for value in VALUES)],
            [True] * len(VALUES) + [False] * len(VALUES),
        )
    else:
        documents, expected = (
            [{"k": "yes"}, {"k": "yes."}, {"k": "a: b"}, {"k": "a: b", "other": '"x"'}, {}],
            [True, False, True, False, False],
        )
    assert engines.ajv().ask({"schema": schema, "pointer": pointer, "documents": documents}) == expected


def test_terraform_module(tmp_path):
    """Validate, format and the module's own tests, with the prose in descriptions, comments and messages."""
    need.oracle()
    for file in exported("terraform-module").files:
        path = tmp_path / file.path
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_text(file.text)
    assert terraform.run(["validate", "-no-color"], tmp_path).code == 0
    lines = [
        'k = "yes"',
        'k = "y"',
        'k = "$${a}"\n    clouds = []\n    other = "\\"x\\""',
        'k = "*/"\n    clouds = []\n    other = "\\"x\\""',
    ]
    (tmp_path / "tests" / "tags.tftest.hcl").unlink()
    for number, line in enumerate(lines):
        run = f'run "one" {{\n  command = plan\n  variables {{\n    {line}\n  }}\n}}\n'
        (tmp_path / "tests" / f"case{number}.tftest.hcl").write_text(run)
    done = terraform.run(["test", "-no-color"], tmp_path)
    assert [
        f"case{number}.tftest.hcl... {word}" in done.stdout
        for number, word in enumerate(["pass", "fail", "pass", "fail"])
    ] == [True] * 4


def test_tag_policy():
    """The policy is JSON with exactly the values, and its README stays prose."""
    export = exported("aws-tag-policy")
    statements = json.loads(export.files[0].text)["tags"]
    assert statements["k"]["tag_value"]["@@assign"] == [value for value in VALUES if value.count("*") <= 1]
    readme = export.files[-1].text
    assert all(char.isprintable() for char in readme.replace("\n", ""))


@pytest.mark.parametrize("target", TARGETS)
def test_no_control_character_is_written(target):
    """Nothing in any file steers a terminal or an editor: no escape, no direction mark, no line separator."""
    for file in exported(target).files:
        strange = {char for char in file.text if not char.isprintable()} - {"\n", "\t"}
        assert strange == set(), file.path

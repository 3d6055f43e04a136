"""What the documentation shows is true."""
# ruff: noqa: E501 - tables read better unbroken

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tagwright_dictionary.loading import load, validate
from tagwright_dictionary.loading.documents import MAX_BYTES, MAX_FILES
from tagwright_dictionary.loading.exemptions import FIELDS as EXEMPTION_FIELDS
from tagwright_dictionary.loading.keys import KEY_FIELDS, MAX_NAME, MAX_VALUE, MAX_VALUES, VALUE_FIELDS
from tagwright_dictionary.loading.pattern_safety import MAX_LENGTH, problem
from tagwright_dictionary.loading.reading import FIELDS, MAX_KEYS, MAX_LAYERS
from tagwright_dictionary.loading.references import parse_reference
from tagwright_dictionary.loading.requirements import REQUIREMENT_FIELDS, SERVICE_LEVEL_FIELDS
from tagwright_dictionary.loading.settings import FIELDS as SETTINGS_FIELDS
from tagwright_dictionary.loading.tree import MAX_DEPTH, MAX_EXPANSION, MAX_NODES

TEXT = (Path(__file__).parents[3] / "docs" / "dictionary.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)
CSV = re.search(r"(    value,title.*?)\n\n", TEXT, re.DOTALL)


def test_the_small_dictionary_is_valid(write):
    write("d.yaml", BLOCKS[0])
    assert validate("d.yaml") == ()


def test_the_exemption_is_honoured(write):
    write("d.yaml", "keys: {model: {}}\nexemptions: e.yaml\n", head=True)
    write("e.yaml", BLOCKS[1])
    assert [(each.problem, each.keys) for each in load("d.yaml").exemptions] == [("", ("model",))]


def test_the_layer_says_what_it_must(write):
    """Laid over the small dictionary (with a pet requirement) it is valid, and without its declarations it is not."""
    pet = "  - {id: name-your-pet, for: all, require: owner}\n"
    write("org/dictionary.yaml", BLOCKS[0] + pet)
    write("unit/d.yaml", BLOCKS[2])
    assert validate("unit/d.yaml") == ()
    write("unit/d.yaml", BLOCKS[2].partition("loosens:")[0])
    assert {error.message.partition(":")[0] for error in validate("unit/d.yaml")} == {
        "requirements.name-your-pet",
        "keys.team.values.vision-lab",
    }


def test_the_table_is_read(write):
    assert CSV is not None
    write("v.csv", CSV.group(1))
    write("d.yaml", "keys: {team: {}, cost-center: {values_from: v.csv}}\n", head=True)
    key = load("d.yaml").key("cost-center")
    assert key is not None
    assert [(value.value, value.relation("team")) for value in key.values or ()] == [
        ("cc-4100", ("vision", "search")),
        ("cc-4000", ()),
    ]


@pytest.mark.parametrize(
    "names", [FIELDS, KEY_FIELDS, VALUE_FIELDS, REQUIREMENT_FIELDS, SERVICE_LEVEL_FIELDS, EXEMPTION_FIELDS[:-1], SETTINGS_FIELDS]
)  # fmt: skip
def test_every_field_is_documented(names):
    """`problem` of an exemption is the one field that only `dump` writes."""
    assert [name for name in names if not re.search(rf"\b{name}\b", TEXT)] == []


def test_the_limits_are_those_of_the_code():
    limits = TEXT.partition("## Limits")[2]
    counts = (MAX_FILES, MAX_NODES, MAX_DEPTH, MAX_EXPANSION, MAX_KEYS, MAX_VALUES, MAX_LENGTH, MAX_VALUE, MAX_NAME)
    assert [int(number.replace(",", "")) for number in re.findall(r"[0-9][0-9,]*(?= )", limits)] == [
        MAX_BYTES // 2**20,
        *counts,
    ]
    assert f"At most {MAX_LAYERS} files" in TEXT


def test_the_references_are_understood():
    """Every spelling of the table parses once its placeholders are filled."""
    table = re.findall(r"^\| `([^`]+)` \| (?:the repository|the digest|the full)", TEXT, re.MULTILINE)
    filled = [
        text.replace("<64 hex>", "0" * 64).replace("<commit>", "1" * 40).replace("<tag>", "v1").replace("...", "d.yaml")
        for text in table
    ]
    assert len(filled) == 4
    assert [str(parse_reference(text)) != "" for text in filled] == [True] * 4


def test_the_patterns_are_judged_as_told():
    section = TEXT.partition("## Patterns")[2].partition("## ")[0]
    shown = re.findall(r"`([^`]+)`", section)
    refused = {"(a+)+", "a*a*", ".*foo.*"}
    assert {pattern: bool(problem(pattern)) for pattern in shown} == {pattern: pattern in refused for pattern in shown}

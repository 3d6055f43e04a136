"""Writing a dictionary out: load(dump(d)) == d, and the same bytes every time."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from tests.tag_dictionary.loading.strategies import dictionaries

from tagwright_dictionary.dictionary import Dictionary
from tagwright_dictionary.loading import canonical_json, digest, dump, load

SHIPPED = Path(__file__).parents[3] / "tag_dictionary" / "dictionary.yaml"


def content(node: Any) -> Any:
    """The dictionary without locations, source and layers, as plain data to compare."""
    if is_dataclass(node):
        skipped = {"location", "source", "layers", "_index"}
        return {f.name: content(getattr(node, f.name)) for f in fields(node) if f.name not in skipped}
    return [content(item) for item in node] if isinstance(node, tuple) else node


def reloaded(here: Path, dictionary: Dictionary) -> Dictionary:
    (here / "dumped.yaml").write_text(dump(dictionary), encoding="utf-8", newline="")
    return load("dumped.yaml", cache=False)


@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(dictionaries())
def test_load_of_dump_is_the_same(here, dictionary):
    """Every valid dictionary survives, digest included, and dumps to the same bytes again."""
    again = reloaded(here, dictionary)
    assert content(again) == content(dictionary)
    assert again.digest == dictionary.digest
    assert dump(again) == dump(dictionary)


def test_shipped_survives(here):
    shipped = load(SHIPPED)
    assert content(reloaded(here, shipped)) == content(shipped)


def test_everything_is_written_into_one_file(here, write):
    """What CSV files, exemptions and layers bring in stands in the dump, and nothing else is needed to load it."""
    write("base.yaml", "keys: {a: {values_from: v.csv}}\n", head=True)
    write("v.csv", "value,aliases\nx,y;z\n")
    write("e.yaml", "- {id: e, addresses: '*', until: soon}\n")
    write("d.yaml", "extends: base.yaml\nexemptions: e.yaml\n", head=True)
    before = load("d.yaml")
    text = dump(before)
    for name in ("base.yaml", "v.csv", "e.yaml", "d.yaml"):
        (here / name).unlink()
    write("one.yaml", text)
    assert content(load("one.yaml")) == content(before)
    assert before.exemptions[0].problem


@pytest.mark.parametrize("field", ["source", "layers"])
def test_where_it_came_from_is_not_content(field):
    """The digest is of what the dictionary says, not of where it was found."""
    shipped = load(SHIPPED)
    moved = replace(shipped, **{field: "elsewhere" if field == "source" else ("x",)}, _index={})
    assert (canonical_json(moved), digest(moved)) == (canonical_json(shipped), shipped.digest)

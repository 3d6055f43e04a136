"""Rule metadata, pages and the engine name the same rules."""

from __future__ import annotations

from pathlib import Path

import pytest

from tagwright_dictionary.errors import InputError
from tagwright_dictionary.judging.engine import CHECKS
from tagwright_dictionary.rules import RULES, explain

ROOT = Path(__file__).parents[2]
HEADINGS = ["## Why", "## Fires", "## Does not fire", "## Exactly", "## Fix"]


def test_every_rule_that_judges_is_listed():
    """The table has the engine's rules and the three about suppressions and exemptions."""
    assert set(RULES) == {*CHECKS, "expired-exemption", "invalid-suppression", "unused-suppression"}
    assert [rule.id for rule in RULES.values()] == list(RULES)


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_every_rule_has_its_uniform_page(rule):
    """One page a rule, the same headings in the same order, shown by `explain` and readable in docs/."""
    page = explain(rule.id)
    assert page.startswith(f"# {rule.id}: ")
    assert [line for line in page.splitlines() if line.startswith("## ")][:5] == HEADINGS
    assert (ROOT / rule.page).read_text(encoding="utf-8") == page
    assert rule.summary.endswith(".")
    assert rule.fix.endswith(".")


def test_there_is_no_page_without_a_rule():
    """Nor a leftover of a renamed one."""
    assert {path.stem for path in (ROOT / "docs" / "rules").glob("*.md")} == set(RULES)


@pytest.mark.parametrize(("written", "hint"), [("mising-tag", "did you mean missing-tag?"), ("x", "the rules are ")])
def test_a_mistyped_rule(written, hint):
    """It is refused with the nearest, or all."""
    with pytest.raises(InputError) as caught:
        explain(written)
    assert caught.value.hint.startswith(hint)


def test_a_path_is_no_rule():
    """Nothing but the pages can be read through `explain`."""
    with pytest.raises(InputError):
        explain("../../model.py")

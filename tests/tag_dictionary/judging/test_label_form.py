"""Values where a provider allows label characters only."""

from __future__ import annotations

from datetime import date

import pytest

from tagwright_dictionary.dictionary import Dictionary, Key, ProviderEncoding, Requirement, Selector, Value
from tagwright_dictionary.judging import judge
from tagwright_dictionary.judging.label_form import to_label
from tagwright_dictionary.model import Bill, Resource, Tag, Tags

DICTIONARY = Dictionary(
    "d",
    "1.0.0",
    keys=(
        Key("owner", format="email", domains=("acme.example",), examples=("ml@acme.example",)),
        Key("team", values=(Value("Vision Lab", aliases=("CV.Lab",)), Value("search"))),
    ),
    requirements=(Requirement("r", Selector(everything=True), ("owner", "team")),),
    providers=(ProviderEncoding("gcp", values="label"),),
)


def findings(provider: str, **values: str) -> list[tuple[str, str, tuple[str, ...]]]:
    tags = Tags(tuple(Tag(key, value) for key, value in sorted(values.items())))
    resource = Resource("a", "t", provider, tags=tags, bills=(Bill("x", tags, own=True),))
    found = judge(DICTIONARY, resource, date(2026, 11, 23)).findings
    return [(finding.rule, finding.key, finding.suggestions) for finding in found]


@pytest.mark.parametrize(("value", "label"), [
    ("ml-vision@acme.example", "ml-vision_at_acme_example"),
    ("Vision Lab", "vision_lab"),
    ("cc-4100", "cc-4100"),
])  # fmt: skip
def test_the_label_form(value: str, label: str) -> None:
    """Lower case, `@` as `_at_`, everything labels forbid as `_`."""
    assert to_label(value) == label


def test_label_forms_are_judged_as_what_they_stand_for() -> None:
    """On Google Cloud the label form complies; elsewhere the same text does not."""
    labels = {"owner": "ml-vision_at_acme_example", "team": "vision_lab"}
    assert findings("google", **labels) == []
    assert [rule for rule, _, _ in findings("aws", **labels)] == ["value-not-allowed", "value-not-allowed"]


def test_wrong_labels_are_refused_with_a_label_to_paste() -> None:
    """An alias, a foreign domain and a placeholder do not pass because they are labels."""
    assert findings("google", owner="ml_at_evil_example", team="cv_lab") == [
        ("value-not-allowed", "owner", ("ml_at_acme_example",)),
        ("value-not-allowed", "team", ("vision_lab",)),
    ]
    assert findings("google", owner="todo", team="search") == [
        ("placeholder-value", "owner", ("ml_at_acme_example",)),
    ]

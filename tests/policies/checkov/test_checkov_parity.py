"""The same verdicts as the native gate, wherever Checkov's evaluation can know."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tagwright_dictionary.dictionary import Dictionary
from tagwright_dictionary.model import Judgement
from tagwright_iac.reading import ReadOptions, read
from tagwright_policies.checkov.tallying import Judged
from tagwright_policies.gate import gate

ROOT = Path(__file__).parents[3]
CASES = ROOT / "tests" / "cases"
TODAY = date(2026, 11, 23)
KNOWN = json.loads((CASES / "checkov" / "disagreements.json").read_text())

Name = tuple[str, str]


def _native(dictionary: Dictionary, folder: Path) -> dict[Name, Judgement]:
    """The native gate's judgements by (path below the cases, address); cases with a problem are left out."""
    found = {}
    for case in sorted(path for path in folder.iterdir() if path.is_dir()):
        reading = read([str(case)], ReadOptions(cwd=CASES, cache=False, jobs=1))
        if not reading.problems:
            result = gate(dictionary, reading, today=TODAY, partial=True)
            for judgement in result.judgements:
                where = judgement.resource.location
                found[where.path if where else "", judgement.resource.address] = judgement
    return found


def _claimed(judged: Judged, folder: str) -> dict[Name, dict[str, Any]]:
    rows = (row for row in judged.resources if row["framework"] == "terraform")
    return {
        (row["path"].lstrip("/"), row["address"]): row for row in rows if row["path"].lstrip("/").startswith(folder)
    }


@pytest.fixture(scope="session")
def native(demanding: Dictionary) -> dict[Name, Judgement]:
    return _native(demanding, CASES / "terraform") | _native(demanding, CASES / "checkov" / "terraform")


def test_verdicts_are_equal_or_undecided_and_every_other_is_listed(
    whole_corpus: Judged, native: dict[Name, Judgement]
) -> None:
    """Where the checks decide, they decide as the native gate does; what differs is in disagreements.json."""
    claimed = _claimed(whole_corpus, "")
    differing = {
        f"{path} {address}": [native[path, address].verdict.value, row["verdict"]]
        for (path, address), row in claimed.items()
        if (path, address) in native
        and row["verdict"] not in ("undecided", native[path, address].verdict.value)
        # Nothing is asked of it, and of its tags nothing can be seen: that claims nothing.
        and (row["complete"] or row["verdict"] != "not-applicable")
    }
    assert {name: pair for name, pair in differing.items() if KNOWN["verdicts"].get(name, [None])[:2] != pair} == {}


def test_no_tag_is_claimed_that_is_not_so(whole_corpus: Judged, native: dict[Name, Judgement]) -> None:
    """A value that the checks take for known is the one Terraform would write; Checkov's own mistakes are listed."""
    wrong: dict[str, list[str]] = {}
    for name, row in _claimed(whole_corpus, "").items():
        if name not in native:
            continue
        tags = native[name].resource.tags
        truth = {tag.key: tag.value if isinstance(tag.value, str) else None for tag in tags.items}
        keys = [key for key, value in row["tags"].items() if value is not None and truth.get(key, "") != value]
        keys += [key for key in truth if row["complete"] and key not in row["tags"]]
        if keys:
            wrong[" ".join(name)] = sorted(keys)
    assert {name: keys for name, keys in wrong.items() if not set(keys) <= set(KNOWN["tags"].get(name, ()))} == {}


def test_most_of_the_corpus_is_decided(whole_corpus: Judged, native: dict[Name, Judgement]) -> None:
    """Undecided is no way out: of what the native gate decides, the checks decide more than two thirds."""
    claimed = _claimed(whole_corpus, "")
    both = [(native[name].verdict.value, row["verdict"]) for name, row in claimed.items() if name in native]
    decided = [pair for pair in both if pair[0] != "undecided"]
    assert len(decided) > 150
    assert sum(ours == theirs for ours, theirs in decided) * 3 > len(decided) * 2


@pytest.mark.parametrize(
    "case", ["terraform_json", "cloudformation", "sam", "kubernetes", "serverless", "arm", "bicep", "terraform"]
)
def test_case_has_its_expected_verdicts(case: str, whole_corpus: Judged, checkov: Any) -> None:
    """Every resource of the corpus has exactly the verdict written down, also where the native gate reads nothing."""
    expected = json.loads((CASES / "checkov" / case / "expected.json").read_text())
    found = {
        f"{Path(row['path']).parent.name} {row['address']}": row["verdict"]
        for row in whole_corpus.resources
        if f"checkov/{case}/" in f"/{row['path']}"
    }
    if case in KNOWN["not_read"].get(checkov.version, ()):
        assert found == {}
        return
    lost = {name for name in KNOWN["may_be_undecided"] if found.get(name) == "undecided"}
    assert found == expected | dict.fromkeys(lost, "undecided")

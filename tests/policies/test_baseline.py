"""The baseline accepts today's findings and only shrinks."""

from __future__ import annotations

import json
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagwright_dictionary.errors import InputError
from tagwright_dictionary.model import Verdict
from tagwright_policies import baseline
from tagwright_policies.baseline import Baseline, Entry

entries = st.builds(
    Entry, st.text(), st.text(max_size=9), st.text(max_size=9), st.text("0123456789abcdef", min_size=32, max_size=32)
)


def test_old_findings_pass_and_new_ones_block(kit, tmp_path):
    """What was there when it was written is accepted, wherever it has moved; what is new is not."""
    before = kit.gate(kit.resource("aws_instance.a", {"env": "prod"}))
    path = tmp_path / "baseline.json"
    path.write_text(baseline.of(before.findings).dumps(), encoding="utf-8")

    moved = kit.gate(kit.resource("aws_instance.a", {"env": "prod"}, line=500), baseline=path)
    assert (moved.exit_code, moved.findings, moved.stale) == (0, (), ())
    assert [each.kind for each in moved.accepted] == ["baseline"]
    assert (moved.judgements[0].verdict, moved.judgements[0].note) == (Verdict.EXEMPT, "accepted by the baseline")

    worse = kit.gate(kit.resource("aws_instance.a", {}), kit.resource("aws_instance.b", {}), baseline=str(path))
    assert [(each.address, each.key) for each in worse.findings] == [
        ("aws_instance.a", "env"),
        ("aws_instance.b", "env"),
        ("aws_instance.b", "owner"),
    ]
    assert worse.exit_code == 1


def test_what_was_undecided_is_not_accepted_as_certain(kit):
    """An undecided finding that turns out definite is a new one."""
    undecided = kit.gate(kit.resource("aws_instance.a", {"env": "prod"}, complete=False))
    known = baseline.of(undecided.findings)
    assert kit.gate(kit.resource("aws_instance.a", {"env": "prod"}), baseline=known).exit_code == 1


def test_it_only_shrinks(kit):
    """Fixed findings are reported as stale and dropped; new ones are never added."""
    old = kit.gate(kit.resource("aws_instance.a", {}))
    known = baseline.of(old.findings)
    now = kit.gate(kit.resource("aws_instance.a", {"env": "prod"}), kit.resource("aws_instance.b", {}), baseline=known)
    assert [each.key for each in now.stale] == ["env"]
    present = [*now.findings, *(each.finding for each in now.accepted)]
    assert [(each.address, each.key) for each in known.shrunk(present).entries] == [("aws_instance.a", "owner")]
    partly = kit.gate(kit.resource("aws_instance.b"), baseline=known, partial=True)
    assert partly.stale == ()


@given(st.lists(entries).map(lambda found: Baseline(tuple(sorted(set(found))))))
def test_round_trip(known):
    """Reading what was written gives the same, and writing it again the same bytes."""
    text = known.dumps()
    assert baseline.parse(text, "b.json") == known
    assert baseline.parse(text, "b.json").dumps() == text
    json.loads(text)


GOOD = {"fingerprint": "0" * 32, "rule": "missing-tag", "address": "a", "key": "owner"}


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is not JSON"),
        (b"{", "is not JSON"),
        (b"[" * 100_000, "is not JSON"),
        (b"[]", "is no baseline"),
        (b'{"tagwright_baseline": 2, "findings": []}', "is no baseline"),
        (b'{"tagwright_baseline": 1}', 'has no list "findings"'),
        (b'{"tagwright_baseline": 1, "findings": [1]}', "finding 1"),
        (json.dumps({"tagwright_baseline": 1, "findings": [GOOD, GOOD | {"key": 1}]}).encode(), "finding 2"),
        (json.dumps({"tagwright_baseline": 1, "findings": [GOOD | {"fingerprint": "*"}]}).encode(), "finding 1"),
        ('{"tagwright_baseline": "\xe9"}'.encode("latin-1"), "is not UTF-8"),
    ],
)
def test_refuses_what_is_none(tmp_path, content, says):
    """An expected error with the file and the next step: never an empty baseline, never a traceback."""
    path = tmp_path / "baseline.json"
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        baseline.load(path)
    assert says in caught.value.message
    assert caught.value.location is not None
    assert caught.value.location.path == path.as_posix()
    assert caught.value.hint


@pytest.mark.parametrize("name", ["missing.json", ".", "a\0b"])
def test_refuses_what_cannot_be_read(tmp_path, name):
    """A missing file, a directory, a name that is none."""
    with pytest.raises(InputError, match="cannot be read"):
        baseline.load(f"{tmp_path}{os.sep}{name}")


def test_a_byte_order_mark_is_fine(tmp_path):
    """Editors write them."""
    path = tmp_path / "baseline.json"
    path.write_bytes(b"\xef\xbb\xbf" + Baseline().dumps().encode())
    assert baseline.load(path) == Baseline()

"""No resource makes `judge` raise, however hostile; what it says stays on one line and within bounds."""

from __future__ import annotations

import time
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tagwright_dictionary.dictionary import Dictionary, Key, Requirement, Selector, Value
from tagwright_dictionary.judging import Judge, judge
from tagwright_dictionary.model import Bill, Classes, Location, Origin, Resource, Severity, Tag, Tags, Unknown, Verdict

NASTY = (
    "",
    " ",
    "\x00",
    "\x1b[31mred\x1b[0m",
    "a\nb\r\nc",
    "\ud800",
    "\udcff\udcfe",
    "\u202eevil",
    "z\u0335" * 40,
    "\U0001f468\u200d\U0001f4bb",
    "{{" * 3000,
    "${" * 3000,
    "<" * 3000,
    "a@" * 500,
    "a." * 2000 + "@acme.example",
    "-" * 70000,
    "cc-" + "4" * 100000,
    "\ufdfa" * 2000,  # grows eighteen times under NFKC
    "tr\u0430ining",
    "0" * 5000,
)

texts = st.sampled_from(NASTY) | st.text(max_size=40) | st.text(st.characters(codec=None), max_size=40)
unknowns = st.builds(Unknown, texts, texts)
locations = st.none() | st.builds(Location, texts, st.integers(-1, 10**9), st.integers(-1, 10**9))
tags = st.builds(
    Tag,
    st.sampled_from(("owner", "Owner", "team", "cost-center", "workload", "environment", "model", "project")) | texts,
    texts | unknowns,
    st.none() | st.builds(Origin, texts, texts, locations),
    st.booleans(),
)
tag_sets = st.builds(
    lambda items, complete, cause: Tags(tuple(items), complete, cause),
    st.lists(tags, max_size=60),
    st.booleans(),
    st.none() | unknowns,
)
resources = st.builds(
    Resource,
    address=texts,
    type=texts | st.sampled_from(("aws_instance", "aws_sagemaker_notebook_instance")),
    provider=texts | st.sampled_from(("aws", "google", "azurerm", "kubernetes", "")),
    framework=texts | st.sampled_from(("terraform", "live")),
    taggable=st.sampled_from((True, True, True, False, None)),
    classes=st.builds(
        Classes,
        st.frozensets(st.sampled_from(("gpu", "bucket")) | texts, max_size=3),
        st.lists(st.tuples(st.sampled_from(("gpu", "function")) | texts, unknowns), max_size=2).map(tuple),
    ),
    tags=tag_sets,
    bills=st.lists(st.builds(Bill, texts, tag_sets, st.booleans(), texts, texts), max_size=3).map(tuple),
    location=locations,
    tag_location=locations,
    scope=texts,
    exists=st.none() | unknowns,
    note=texts,
)


@settings(max_examples=150, deadline=None)
@given(resources)
def test_never_raises_and_never_speaks_out_of_turn(kit, resource):
    """Any resource gets a verdict; every message and help is one bounded line of printable text; the same again gives
    the same; findings are sorted and have fingerprints."""
    judgement = kit.judge(resource)
    assert judgement == kit.judge(resource)
    assert judgement.resource is resource
    assert isinstance(judgement.verdict, Verdict)
    assert list(judgement.findings) == sorted(judgement.findings, key=lambda each: each.sort_key)
    for finding in judgement.findings:
        for line in (finding.message, finding.help):
            assert line.isprintable(), line
            assert len(line) < 2500, line
        assert finding.message
        assert len(finding.fingerprint) == 32


@settings(max_examples=150, deadline=None)
@given(texts.filter(lambda text: len(text) > 3), st.sampled_from(("owner", "team", "cost-center", "model", "project")))
def test_a_sensitive_value_is_never_shown(kit, secret, key):
    """A sensitive value is in no message, help, suggestion or value of any finding."""
    secret = f"s3cr3t{secret}"
    values = tuple(Tag(name, value) for name, value in kit.good.items() if name != key)
    judgement = kit.judge(kit.gpu((*values, Tag(key, secret, sensitive=True))))
    for finding in judgement.findings:
        said = [finding.message, finding.help, finding.value or "", *finding.suggestions]
        assert not any("s3cr3t" in text for text in said)


def test_a_sensitive_value_is_judged(kit):
    """Sensitive values are judged like others; the message says what they are and no more."""
    values = tuple(Tag(name, value) for name, value in kit.good.items() if name != "workload")
    finding = kit.only(kit.judge(kit.gpu((*values, Tag("workload", "trainng", sensitive=True)))))
    assert (finding.rule, finding.value) == ("value-not-allowed", None)
    assert finding.message == "workload = (sensitive value) is not approved"


@pytest.mark.parametrize("count", [50_000])
def test_a_list_of_fifty_thousand_values_is_no_burden(count):
    """Refusing a value of a very long list takes bounded time and still suggests the nearest."""
    key = Key("initiative", values=tuple(Value(f"initiative-{number:05}") for number in range(count)))
    need = Requirement("r", Selector(everything=True), require=("initiative",))
    judging = Judge(Dictionary("big", "1.0.0", keys=(key,), requirements=(need,)))
    resource = Resource("a.b", "a", tags=Tags((Tag("initiative", "initiatve-00042"),)))
    started = time.process_time()
    judgement = judging.judge(resource, date(2026, 1, 1))
    spent = time.process_time() - started
    assert judgement.findings[0].suggestions[0] == "initiative-00042"
    assert spent < 10  # seconds; far above what it takes, far below a blow-up


def test_caches_stay_bounded(kit):
    """A stream of ever new values, keys and types does not grow the judge without end."""
    judging = Judge(kit.dictionary)
    for number in range(4200):
        text = f"value-{number}"
        judging.judge(kit.gpu({"workload": text, f"key-{number}": text}, type=f"type_{number}"), kit.today)
    index = judging._index
    assert len(index.checks["workload"]._outcomes) <= 4096
    assert len(index._selected) <= 4096
    assert len(index._limits) <= 4096
    assert all(len(cloud._foreign) <= 4096 for cloud in index._clouds.values())


def test_a_key_that_only_a_requirement_names_is_open():
    """A dictionary built by hand may require a key that it does not describe: presence is checked, any value goes."""
    need = Requirement("r", Selector(everything=True), require=("ghost",), severity=Severity.ERROR)
    dictionary = Dictionary("d", "1.0.0", requirements=(need,))
    today = date(2026, 1, 1)
    assert judge(dictionary, Resource("a.b", "a"), today).verdict is Verdict.NON_COMPLIANT
    assert judge(dictionary, Resource("a.b", "a", tags=Tags((Tag("ghost", "x1"),))), today).verdict is Verdict.COMPLIANT


def test_a_broken_pattern_fails_closed():
    """A pattern that is none (the loader refuses it) allows nothing."""
    dictionary = Dictionary("d", "1.0.0", keys=(Key("k", pattern="("),))
    judgement = judge(dictionary, Resource("a.b", "a", tags=Tags((Tag("k", "x1"),))), date(2026, 1, 1))
    assert judgement.verdict is Verdict.NON_COMPLIANT

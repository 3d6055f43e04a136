"""Files from outside, whatever is in them: read, or refused with a message, never a crash."""

from __future__ import annotations

import hashlib
import json
import shutil
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tagwright_dictionary.errors import DictionaryError, InputError
from tagwright_dictionary.lifecycle.codeowners import differences
from tagwright_dictionary.lifecycle.costs import parse_costs
from tagwright_dictionary.lifecycle.release import _archive, release
from tagwright_dictionary.lifecycle.reviews import PullRequest, parse_event, parse_reviews, parse_teams, voices
from tagwright_dictionary.lifecycle.verify import verify

DATA = Path(__file__).parent / "data"
TODAY = date(2026, 11, 1)
HEAD = "a" * 40
FIELDS = ["pull_request", "user", "login", "head", "sha", "number", "reviews", "review", "state", "commit_id", "id",
          "submitted_at", "pull_request_url", "repository", "full_name"]  # fmt: skip
WORDS = st.sampled_from(
    [HEAD, "Alice", "APPROVED", "approved", "DISMISSED", "https://x/repos/a/b/pulls/7", "a/b", "é\x1b"]
)
ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4) | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(FIELDS), inner, max_size=6),
    max_leaves=20,
)
REVIEW = st.fixed_dictionaries(
    {"user": st.fixed_dictionaries({"login": WORDS | ANY}), "state": WORDS | ANY, "commit_id": WORDS | ANY},
    optional={"id": ANY, "submitted_at": ANY, "pull_request_url": ANY},
)
EVENT = st.fixed_dictionaries(
    {
        "pull_request": st.fixed_dictionaries(
            {"user": st.just({"login": "mallory"}), "head": st.just({"sha": HEAD})}, optional={"number": ANY}
        )
    },
    optional={"reviews": st.lists(REVIEW | ANY, max_size=3), "review": REVIEW | ANY, "repository": ANY},
)


@given(ANY | EVENT, st.lists(REVIEW, max_size=3) | ANY)
def test_events_and_reviews(event, reviews):
    """Whoever is said to approve is named in it as somebody who approved the head, and is not the author."""
    text, listed = json.dumps(event), json.dumps(reviews)
    try:
        request = parse_event(text, "e")
        further = parse_reviews(listed, "r", request)
    except InputError:
        return
    found = voices(request, further)
    assert request.author not in found.approved
    for login in found.approved:
        assert any(
            each.login == login and each.state == "APPROVED" and each.commit == HEAD
            for each in (*request.reviews, *further)
        )


@given(st.text(max_size=60) | st.binary(max_size=60).map(lambda data: data.decode("utf-8", "replace")))
def test_texts(text):
    """Events, reviews, teams, costs, CODEOWNERS."""
    for reader in (parse_event, parse_reviews, parse_teams, parse_costs):
        try:
            found = reader(text, "x")
        except InputError as error:
            found = error.location
        assert found is not None
    assert isinstance(differences(text, {"tags.yaml": ("@a",)}), tuple)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_artefacts_of_somebody_who_knows_the_digest(acme, here, data):
    """Bytes changed anywhere in the JSON, the archive, or the tar inside: refused, or still that dictionary."""
    released = here / "public"
    shutil.rmtree(released, ignore_errors=True)
    dictionary = acme()
    release(dictionary, released, TODAY)
    document = (released / "acme-1.2.0.json").read_bytes()
    kind = data.draw(st.sampled_from(["json", "gzip", "members"]))
    if kind == "members":
        names = st.sampled_from(["acme/dictionary.json", "dictionary.json", "acme/manifest.json", "../x", "a/b"])
        parts = st.sampled_from([document, b"{}", b"", b"\x00", b'{"name": "acme"}'])
        made = _archive(data.draw(st.dictionaries(names, parts, max_size=4)))
        name = "x.tar.gz"
    else:
        made = document if kind == "json" else (released / "acme-1.2.0.tar.gz").read_bytes()
        at = data.draw(st.integers(0, len(made) - 1))
        made = made[:at] + data.draw(st.binary(max_size=3)) + made[at + data.draw(st.integers(0, 3)) :]
        name = f"x.{'json' if kind == 'json' else 'tar.gz'}"
    (here / name).write_bytes(made)
    try:
        found = verify(name, sha256=hashlib.sha256(made).hexdigest())
    except (DictionaryError, InputError):
        return
    if kind != "json":  # other JSON that is canonical is another dictionary, and its digest says so
        assert found.dictionary.digest == dictionary.digest
    assert found.dictionary.digest in (hashlib.sha256(made).hexdigest(), dictionary.digest)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200), st.binary(max_size=120))
def test_signatures_and_keys(here, signature, key):
    """Any bytes in place of either: no crash, never valid."""
    pytest.importorskip("minisign")
    for name in ("acme-1.0.0.json", "acme-1.0.0.json.minisig", "minisign.pub"):
        shutil.copy(DATA / name, here / name)
    sha = hashlib.sha256((here / "acme-1.0.0.json").read_bytes()).hexdigest()
    (here / "k.pub").write_bytes(key)
    (here / "s.minisig").write_bytes(signature)
    for options in ({"signature": "s.minisig", "public_key": "minisign.pub"}, {"public_key": "k.pub"}):
        with pytest.raises((DictionaryError, InputError)):
            verify("acme-1.0.0.json", sha256=sha, **options)


def test_the_author_has_no_voice():
    """Whatever he says of his own pull request, in whichever case he writes himself."""
    reviews = json.dumps([{"user": {"login": "MALLORY"}, "state": "APPROVED", "commit_id": HEAD, "id": 1}])
    assert voices(PullRequest(7, "mallory", HEAD), parse_reviews(reviews, "r")).approved == frozenset()

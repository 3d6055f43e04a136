"""Who changed what, in real histories."""

from __future__ import annotations

from datetime import date
from textwrap import dedent

import pytest

from tagwright_dictionary.lifecycle import authorship as module
from tagwright_dictionary.lifecycle.authorship import Author, authorship
from tagwright_dictionary.lifecycle.diff import diff
from tagwright_dictionary.lifecycle.revisions import at_commit, repository

TODAY = date(2026, 11, 1)
TEXT = dedent("""\
    schema: 1
    name: d
    version: 1.0.0
    keys:
      team: {values: {vision: {}}}
      owner: {}
    """)


@pytest.fixture
def history(write, git, here):
    """commit(author, replacements...): one more commit of tags/d.yaml; who(base): the authors by path since then."""
    text = [TEXT]
    write("tags/d.yaml", TEXT)
    git("add", ".")
    git("commit", "--quiet", "-m", "start")

    def commit(author, *edits, broken=False):
        for old, new in edits:
            assert old in text[0]
            text[0] = text[0].replace(old, new)
        write("tags/d.yaml", "broken: [" if broken else text[0])
        git(
            "commit",
            "--quiet",
            "--all",
            "--allow-empty",
            "-m",
            "x",
            f"--author={author} <{author.lower()}@acme.example>",
        )

    def who(base="main"):
        place = repository(here)
        since, head = place.merge_base(base), place.commit("HEAD")
        found = authorship(place, since, head, "tags/d.yaml", ["tags/d.yaml"], TODAY)
        changes = diff(at_commit(place, since, "tags/d.yaml"), at_commit(place, head, "tags/d.yaml"), TODAY).changes
        return {each.path: [author.name for author in found.of(each)] for each in changes}, found

    git("checkout", "--quiet", "-b", "side")
    return commit, who


LAB, DEN = ("vision: {}", "vision: {}, lab: {}"), ("lab: {}", "lab: {}, den: {}")


def test_each_has_its_own(history):
    """In the order of the commits; a key's authors are those of its values too, where the whole key is new."""
    commit, who = history
    commit("Ada", LAB)
    commit("Ben", DEN)
    commit("Cy", ("lab: {}", "lab: {title: The lab}"))
    commit("Dora", ("  owner: {}", "  owner: {}\n  model: {values: {a: {}}}"))
    commit("Eli", ("a: {}", "a: {}, b: {}"))
    told, found = who()
    assert told == {
        "keys.team.values.lab": ["Ada", "Cy"],
        "keys.team.values.den": ["Ben"],
        "keys.model": ["Dora", "Eli"],
    }
    assert found.complete


def test_other_files_and_what_was_undone(history, write, git):
    """Make nobody an author."""
    commit, who = history
    commit("Ada", LAB)
    commit("Ben", ("owner: {}", "owner: {title: O}"))
    commit("Cy", ("owner: {title: O}", "owner: {}"))
    write("main.tf", "x")
    git("add", ".")
    git("commit", "--quiet", "-m", "code", "--author=Dora <d@acme.example>")
    assert who()[0] == {"keys.team.values.lab": ["Ada"]}


def test_broken_in_between(history):
    """Who broke it and who mended it are named together."""
    commit, who = history
    commit("Ada", LAB)
    commit("Ben", broken=True)
    commit("Cy", DEN)
    told, found = who()
    assert told == {"keys.team.values.lab": ["Ada"], "keys.team.values.den": ["Ben", "Cy"]}
    assert found.complete


def test_what_main_did_is_not_the_branches(history, git):
    """A merge of main brings its commits along, which are main's."""
    commit, who = history
    commit("Ada", LAB)
    git("checkout", "--quiet", "main")
    git("commit", "--quiet", "--allow-empty", "-m", "main goes on", "--author=Max <m@acme.example>")
    git("checkout", "--quiet", "side")
    git("merge", "--quiet", "--no-ff", "-m", "Merge", "main")
    assert who()[0] == {"keys.team.values.lab": ["Ada"]}


def test_too_many_commits(history, monkeypatch):
    """Everybody stands for everything: fail closed, and told."""
    commit, who = history
    monkeypatch.setattr(module, "MAX_COMMITS", 1)
    commit("Ada", LAB)
    commit("Ben", ("owner: {}", "owner: {title: O}"))
    told, found = who()
    assert told == {"keys.team.values.lab": ["Ada", "Ben"], "keys.owner.title": ["Ada", "Ben"]}
    assert not found.complete


@pytest.mark.parametrize(
    ("email", "login"),
    [
        ("7+Alice@users.noreply.github.com", "alice"),
        ("alice@users.noreply.github.com", "alice"),
        ("49699333+dependabot[bot]@users.noreply.github.com", ""),
        ("alice@acme.example", ""),
        ("7+alice@users.noreply.github.com.evil.example", ""),
        ("", ""),
    ],
)
def test_login(email, login):
    """Only from the address that GitHub gives."""
    assert Author("x", email).login == login

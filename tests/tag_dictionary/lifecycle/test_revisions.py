"""Dictionaries at a revision of a real repository."""

from __future__ import annotations

import pytest

from tagwright_dictionary.errors import InputError
from tagwright_dictionary.lifecycle.revisions import open_dictionary, repository


@pytest.fixture
def history(write, git, here):
    """main: 1.0.0 with a table; then the table changes and a branch goes on."""
    text = "schema: 1\nname: d\nversion: VERSION\nkeys: {cost-center: {values_from: centers.csv}}\n"
    write("tags/centers.csv", "value\ncc-1\n")
    write("tags/d.yaml", text.replace("VERSION", "1.0.0"))
    git("add", ".")
    git("commit", "--quiet", "-m", "one")
    git("tag", "v1")
    git("checkout", "--quiet", "-b", "side")
    write("tags/centers.csv", "value\ncc-1\ncc-2\n")
    write("tags/d.yaml", text.replace("VERSION", "1.1.0"))
    git("commit", "--quiet", "-am", "two")
    write("tags/d.yaml", text.replace("VERSION", "1.2.0"))
    return here


def _values(dictionary):
    return [value.value for value in dictionary.keys[0].values]


def test_everything_is_of_that_revision(history):
    """The dictionary and its table, not what stands in the working tree."""
    old = open_dictionary("git:v1:tags/d.yaml")
    assert (old.version, _values(old)) == ("1.0.0", ["cc-1"])
    new = open_dictionary("git:HEAD:tags/d.yaml")
    assert (new.version, _values(new)) == ("1.1.0", ["cc-1", "cc-2"])
    assert open_dictionary("tags/d.yaml").version == "1.2.0"
    assert old.source.startswith("tags/d.yaml at ")


def test_the_path_may_be_left_out(history, monkeypatch):
    """Then it is that of the other side; `./` is from here."""
    assert open_dictionary("git:main", "tags/d.yaml").version == "1.0.0"
    assert open_dictionary("git:main", "https://x.example/d.yaml#sha256=" + "0" * 64, "tags/d.yaml").version == "1.0.0"
    assert open_dictionary("git:main", "git:side:tags/d.yaml").version == "1.0.0"
    monkeypatch.chdir(history / "tags")
    assert open_dictionary("git:main:./d.yaml").version == "1.0.0"
    assert open_dictionary("git:main", "d.yaml").version == "1.0.0"


@pytest.mark.parametrize(
    ("name", "match"),
    [
        ("git:", "names no revision"),
        ("git:--all:tags/d.yaml", "names no revision"),
        ("git:nope:tags/d.yaml", "knows no commit"),
        ("git:main:nope.yaml", "there is no file"),
        ("git:main:tags", "there is no file"),
        ("git:main", "names no file"),
        ("git:main:../outside.yaml", "is not in the repository"),
    ],
)
def test_refused(history, name, match):
    """With the reason."""
    with pytest.raises(InputError, match=match):
        open_dictionary(name)


def test_outside_a_repository(here):
    """Said plainly."""
    with pytest.raises(InputError, match="is not in a git repository"):
        open_dictionary("git:main:d.yaml")


def test_environment_of_a_hook_does_not_mislead(history, monkeypatch, tmp_path):
    """A hook runs with GIT_DIR set: the repository is the one we are in."""
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    assert open_dictionary("git:v1:tags/d.yaml").version == "1.0.0"


def test_merge_base(history, git, write):
    """Where the branch left: what main did since is not the branch's change."""
    left = git("rev-parse", "main")
    git("stash", "--quiet")
    git("checkout", "--quiet", "main")
    write("other.txt", "x")
    git("add", ".")
    git("commit", "--quiet", "-m", "main goes on")
    git("checkout", "--quiet", "side")
    place = repository(history)
    assert place.merge_base("main") == left
    git("checkout", "--quiet", "--orphan", "alone")
    git("commit", "--quiet", "-m", "alone", "--allow-empty")
    with pytest.raises(InputError, match="no common ancestor"):
        place.merge_base("main")


def test_a_tag_in_the_place_of_a_branch(history, git):
    """Git would take the tag; whoever may push one must not choose what a change is compared with."""
    place = repository(history)
    main, side = git("rev-parse", "main"), git("rev-parse", "side")
    git("update-ref", "refs/remotes/origin/main", "main")
    assert place.commit("origin/main") == main
    git("tag", "-a", "-m", "mine", "origin/main", "side")
    with pytest.raises(InputError, match="refs/remotes/origin/main, refs/tags/origin/main"):
        place.commit("origin/main")
    assert place.commit("refs/remotes/origin/main") == main
    assert place.commit("refs/tags/origin/main") == side
    git("tag", "-f", "-a", "-m", "the same", "origin/main", "main")
    assert place.commit("origin/main") == main


def test_detached_and_unreferenced_commits(history, git):
    """As CI checks out: a commit that no branch names."""
    git("checkout", "--quiet", "--detach")
    git("commit", "--quiet", "-am", "three")
    commit = git("rev-parse", "HEAD")
    git("checkout", "--quiet", "main")
    assert open_dictionary(f"git:{commit}:tags/d.yaml").version == "1.2.0"

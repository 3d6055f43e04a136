"""Which dictionary applies, and the project's settings."""
# ruff: noqa: E501 - tables read better unbroken

from __future__ import annotations

from pathlib import Path

import pytest

from tagwright_dictionary.dictionary import UnknownPolicy
from tagwright_dictionary.errors import DictionaryError
from tagwright_dictionary.loading import load
from tagwright_dictionary.loading.discovery import Discovered, discover
from tagwright_dictionary.loading.settings import Settings

SHA = "0123456789abcdef" * 4


@pytest.fixture
def repository(here: Path) -> Path:
    (here / ".git").mkdir()
    (here / "a" / "b").mkdir(parents=True)
    return here


def found(start: Path, explicit: str | None = None, **environ: str) -> tuple[str, str, bool]:
    result = discover(start, explicit=explicit, environ=environ)
    return result.source, result.how, result.shipped


def test_order(repository, write):
    """Option, environment, pyproject.toml, .tagwright.yaml, shipped: each one only where those before are silent."""
    write("a/.tagwright.yaml", "dictionary: y.yaml\n")
    write("a/pyproject.toml", '[tool.tagwright]\ndictionary = "p.yaml"\n')
    start = repository / "a" / "b"
    assert found(start, "o.yaml", TAGWRIGHT_DICTIONARY="e.yaml") == ("o.yaml", "--dictionary", False)
    assert found(start, TAGWRIGHT_DICTIONARY="e.yaml") == ("e.yaml", "TAGWRIGHT_DICTIONARY", False)
    assert found(start) == (str(repository / "a/p.yaml"), "[tool.tagwright] in a/pyproject.toml", False)
    (repository / "a/pyproject.toml").unlink()
    assert found(start) == (str(repository / "a/y.yaml"), "a/.tagwright.yaml", False)
    (repository / "a/.tagwright.yaml").unlink()
    source, how, shipped = found(start, TAGWRIGHT_DICTIONARY="")
    assert (how, shipped, load(source).name) == ("shipped with tagwright", True, "tagwright-ai-ml")


def test_the_nearest_file_wins_field_by_field(repository, write):
    """A folder may change one setting and keep the others of the repository's root."""
    write(".tagwright.yaml", "dictionary: tags/d.yaml\nexclude: [vendor]\non_unknown: warn\n")
    write("a/.tagwright.yaml", "on_unknown: fail\nvar_files: prod.tfvars\n")
    result = discover(repository / "a" / "b", explicit=None, environ={})
    assert result == Discovered(
        str(repository / "tags/d.yaml"),
        ".tagwright.yaml",
        shipped=False,
        settings=Settings(
            dictionary=str(repository / "tags/d.yaml"),
            exclude=("vendor",),
            on_unknown=UnknownPolicy.FAIL,
            var_files=(str(repository / "a/prod.tfvars"),),
            files=(str(repository / "a/.tagwright.yaml"), str(repository / ".tagwright.yaml")),
            root=str(repository / "a"),
        ),
    )


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            ".tagwright.yaml",
            "dictionary: d.yaml\nexclude: [x, y]\non_unknown: ignore\nstack_tags: {team: a, owner: b@c.example}\nvar_files: [v.tfvars]\n",
        ),
        (
            "pyproject.toml",
            '[tool.other]\nx = 1\n[tool.tagwright]\ndictionary = "d.yaml"\nexclude = ["x", "y"]\non-unknown = "ignore"\nvar-files = ["v.tfvars"]\n[tool.tagwright.stack_tags]\nowner = "b@c.example"\nteam = "a"\n',
        ),
    ],
)
def test_every_setting(name, text, repository, write):
    """Both files take the same settings."""
    write(name, text)
    assert discover(repository, explicit=None, environ={}).settings == Settings(
        dictionary=str(repository / "d.yaml"),
        exclude=("x", "y"),
        on_unknown=UnknownPolicy.IGNORE,
        stack_tags=(("owner", "b@c.example"), ("team", "a")),
        var_files=(str(repository / "v.tfvars"),),
        files=(str(repository / name),),
        root=str(repository),
    )


def test_settings_stay_when_the_option_names_the_dictionary(repository, write):
    write(".tagwright.yaml", "dictionary: d.yaml\nexclude: [x]\n")
    assert discover(repository, explicit="o.yaml", environ={}).settings.exclude == ("x",)


def test_pinned_references_are_kept_as_they_are(repository, write):
    pin = f"https://acme.example/d.yaml#sha256={SHA}"
    write(".tagwright.yaml", f"dictionary: {pin}\n")
    assert found(repository) == (pin, ".tagwright.yaml", False)


def test_not_above_the_repository(repository, write):
    """A file above the repository's root does not apply."""
    inner = repository / "a" / "b"
    (inner / ".git").write_text("gitdir: elsewhere\n")  # a worktree or submodule has a file there
    write(".tagwright.yaml", "dictionary: d.yaml\n")
    assert found(inner)[2] is True


def test_outside_a_repository(here, write):
    """Without a repository the walk goes up, but never into a folder that anybody may write to."""
    start = here / "public" / "private" / "deep"
    start.mkdir(parents=True)
    write("public/private/.tagwright.yaml", "exclude: [private]\n")
    assert discover(start, explicit=None, environ={}).settings.exclude == ("private",)
    (here / "public/private/.tagwright.yaml").unlink()
    write("public/.tagwright.yaml", "exclude: [planted]\n")
    assert discover(start, explicit=None, environ={}).settings.exclude == ("planted",)
    (here / "public").chmod(0o777)
    assert discover(start, explicit=None, environ={}).settings.exclude == ()


def test_a_pyproject_without_us_is_no_matter(repository, write):
    """Not even when it is no TOML; one that mentions us must be readable."""
    write("pyproject.toml", "this is no toml")
    assert found(repository)[2] is True
    write("pyproject.toml", '[project]\ndependencies = ["tagwright"]\n')
    assert discover(repository, explicit=None, environ={}).settings == Settings()


BROKEN = {
    "no YAML": (".tagwright.yaml", "dictionary: [", ".tagwright.yaml:2:1", None),
    "a list": (".tagwright.yaml", "- a\n", ".tagwright.yaml:1:1", "the settings: expected a mapping, found a list"),
    "unknown setting": (".tagwright.yaml", "exclude: [x]\ndictionry: d.yaml\n", ".tagwright.yaml:2:1", 'unknown setting "dictionry"'),
    "twice": (".tagwright.yaml", "dictionary: a\ndictionary: b\n", ".tagwright.yaml:2:1", '"dictionary" is given twice (first on line 1)'),
    "no text": (".tagwright.yaml", "dictionary: 1\n", ".tagwright.yaml:1:1", "dictionary: expected a path or a pinned reference"),
    "not pinned": (".tagwright.yaml", "dictionary: https://acme.example/d.yaml\n", ".tagwright.yaml:1:1", "https://acme.example/d.yaml is not pinned"),
    "policy": (".tagwright.yaml", "on_unknown: off\n", ".tagwright.yaml:1:1", "on_unknown: expected ignore, warn or fail"),
    "list": (".tagwright.yaml", "exclude: {a: b}\n", ".tagwright.yaml:1:1", "exclude: expected a list of texts"),
    "tags": (".tagwright.yaml", "stack_tags: {a: 1}\n", ".tagwright.yaml:1:1", "stack_tags: expected tags with text values"),
    "no TOML": ("pyproject.toml", "[tool.tagwright\n", "pyproject.toml", None),
    "TOML typo": ("pyproject.toml", '[tool.tagwright]\nexclude = ["x"]\ndictionry = "x"\n', "pyproject.toml:3:1", 'unknown setting "dictionry"'),
    "no table": ("pyproject.toml", '[tool]\ntagwright = "d.yaml"\n', "pyproject.toml", "[tool.tagwright] is not a table"),
}  # fmt: skip


@pytest.mark.parametrize("case", BROKEN)
def test_broken_settings_are_exit_2(case, repository, write):
    """A settings file that cannot be understood is never passed over, whoever names the dictionary."""
    name, text, place, message = BROKEN[case]
    write(name, text)
    for explicit in (None, "d.yaml"):
        with pytest.raises(DictionaryError) as caught:
            discover(repository, explicit=explicit, environ={})
        assert (str(caught.value.location), caught.value.exit_code) == (place, 2)
        assert message is None or caught.value.message == message
        assert caught.value.hint


def test_a_folder_of_that_name_is_refused(repository):
    (repository / ".tagwright.yaml").mkdir()
    with pytest.raises(DictionaryError, match="is a directory"):
        discover(repository, explicit=None, environ={})


@pytest.mark.parametrize("explicit", ["", "  "])
def test_an_empty_option_is_refused(explicit, repository):
    """`--dictionary "$UNSET"` must not fall back to another dictionary."""
    with pytest.raises(DictionaryError, match="is empty"):
        discover(repository, explicit=explicit, environ={})


def test_from_a_file(repository, write):
    """The start may be a file: its folder counts."""
    write("a/.tagwright.yaml", "exclude: [x]\n")
    file = write("a/main.tf", "")
    assert discover(file, explicit=None, environ={}).settings.exclude == ("x",)

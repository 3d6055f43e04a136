"""Files that are broken or meant to harm: refused at once, with words, and never a traceback."""
# ruff: noqa: E501 - tables read better unbroken

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tagwright_dictionary.errors import DictionaryError
from tagwright_dictionary.loading import load, validate

HEAD = b"schema: 1\nname: a\nversion: 1.0.0\n"


def bomb() -> bytes:
    lines = [b"a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n".encode() for n in range(1, 12)]
    return b"".join(lines)


MUST_REFUSE = {
    "empty": (b"", "d.yaml:1:1", "expected a dictionary, found an empty file"),
    "only a comment": (b"# nothing\n", "d.yaml:1:1", "expected a dictionary, found an empty file"),
    "only null": (b"~\n", "d.yaml:1:1", "expected a dictionary, found an empty file"),
    "a list": (b"- a\n", "d.yaml:1:1", "expected a dictionary, found a list"),
    "a text": (b"hello\n", "d.yaml:1:1", 'expected a dictionary, found the text "hello"'),
    "two documents": (HEAD + b"keys: {a: {}}\n---\nx: 1\n", "d.yaml:5:1", "a second YAML document starts here"),
    "Latin-1": (HEAD + "keys: {a: {title: Équipe}}".encode("latin-1"), "d.yaml:4:19", "not UTF-8 text: found the byte 0xc9"),
    "UTF-16": (HEAD.decode().encode("utf-16"), "d.yaml:1:1", "not UTF-8 text: found UTF-16"),
    "a NUL": (HEAD + b"keys: \0\n", "d.yaml:4:7", None),
    "an escape": (HEAD + b'keys: {a: {title: "\\e[31m"}}\n', "d.yaml:4:19", 'key "a", title: the character U+001B is not allowed'),
    "reversed text": (
        HEAD + 'keys: {a: {title: "\u202eabc"}}\n'.encode(),
        "d.yaml:4:19",
        'key "a", title: the character U+202E is not allowed',
    ),
    "unclosed": (HEAD + b"keys: {a: {\n", "d.yaml:5:1", None),
    "a tab": (HEAD + b"keys:\n\ta: {}\n", "d.yaml:5:1", None),
    "alias bomb": (bomb(), "d.yaml:5:45", "YAML aliases expand to more than 100,000 nodes"),
    "alias of itself": (b"a: &a [*a]\n", "d.yaml:1:8", "the alias *a stands inside its own anchor"),
    "alias of nothing": (b"a: *b\n", "d.yaml:1:4", "the alias *b has no anchor before it"),
    "deep flow": (b"a: " + b"[" * 100_000, "d.yaml:1:35", "the YAML is nested too deeply"),
    "deep blocks": (b"".join(b" " * n + b"a:\n" for n in range(3_000)), "d.yaml:33:33", "the YAML is nested too deeply"),
    "a list as a key": (b"? [a]\n: b\n", "d.yaml:1:3", "expected a name, found a list as a key"),
    "python object": (b"!!python/object/apply:os.system [id]\n", "d.yaml:1:1", None),
}  # fmt: skip


@pytest.mark.parametrize("case", MUST_REFUSE)
def test_refused_at_its_place(case, here):
    """One error, at the right place, with a fix."""
    data, place, message = MUST_REFUSE[case]
    (here / "d.yaml").write_bytes(data)
    errors = validate("d.yaml")
    assert [str(error.location) for error in errors] == [place]
    assert message is None or errors[0].message == message
    assert errors[0].hint


def test_paths_that_are_no_file(here):
    """Directories, devices, pipes, missing and unreadable files are named for what they are, and nothing hangs."""
    (here / "folder").mkdir()
    os.mkfifo(here / "pipe")
    (here / "loop").symlink_to("loop")
    found = {
        name: validate(name)[0].message
        for name in ("folder", "pipe", "missing.yaml", "loop", "/dev/zero", "missing/x.yaml")
    }
    assert found == {
        "folder": "folder is a directory",
        "pipe": "pipe is not a regular file",
        "missing.yaml": "missing.yaml does not exist",
        "loop": "loop cannot be read: Too many levels of symbolic links",
        "/dev/zero": "/dev/zero is not a regular file",
        "missing/x.yaml": "missing/x.yaml does not exist",
    }


def test_no_permission(here):
    """A file that may not be read is an error; root, who may read everything, looks as nobody."""
    (here / "d.yaml").write_bytes(HEAD)
    (here / "d.yaml").chmod(0)
    for folder in (here, *here.parents[:-2]):
        folder.chmod(0o755)
    (here / "other.yaml").write_bytes(HEAD)
    validate("other.yaml")  # what is imported late may lie where nobody may read
    user = os.geteuid()
    os.seteuid(65534 if user == 0 else user)
    try:
        assert [error.message for error in validate("d.yaml")] == ["d.yaml may not be read"]
    finally:
        os.seteuid(user)


def test_too_large(here):
    """A file beyond the limit is refused by its size, not read to the end."""
    with (here / "d.yaml").open("wb") as stream:
        stream.truncate(17 * 1024 * 1024)
    assert [error.message for error in validate("d.yaml")] == ["d.yaml is larger than 16 MiB"]


def test_too_many_nodes(here, monkeypatch):
    """Many small nodes are refused as well, at the one that is too many."""
    monkeypatch.setattr("tagwright_dictionary.loading.tree.MAX_NODES", 1000)
    (here / "d.yaml").write_bytes(b"a: [" + b"x," * 2000 + b"]\n")
    assert [str(error).split("\n")[0] for error in validate("d.yaml")] == [
        "d.yaml:1:1999: the file has more than 1,000 YAML nodes"
    ]


@pytest.mark.parametrize("name", ["", " ", "a\0b", "a\nb"])
def test_names_that_are_none(name):
    """An empty name, or one with control characters, is an error and not a crash."""
    with pytest.raises(DictionaryError):
        load(name)


def test_path_objects_are_taken_as_they_are(here):
    """A Path is never read as a URL, and one that no system takes is an error."""
    with pytest.raises(DictionaryError):
        load(Path("a\0b"))
    with pytest.raises(DictionaryError, match="does not exist"):
        load(Path("https://acme.example/x"))


TOKENS = st.sampled_from(
    ["keys", "requirements", "values", "owner", "a", "id", "for", "all", "require", "exemptions", "extends", "schema: 1",
     "name: a", "version: 1.0.0", ": ", "- ", "\n", "\n  ", "\n    ", "{", "}", "[", "]", ",", "&a ", "*a", "!!str ", "'", '"',
     "|", ">", "#", "<<", "~", "yes", "1.10", "2027-01-01", "%", "@", "\t", "\u200b", "\x85", "é", "?", "---", "pattern: (a+)+",
     "match: {a: b.c}", "when: {a: b}", "service_levels", "providers: {gcp: {keys: {a: b}}}", "loosens", "remove"]
)  # fmt: skip


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(st.lists(TOKENS, max_size=40).map("".join), st.text(max_size=60)))
def test_never_a_traceback(here, text):
    """Whatever the text: a dictionary or a DictionaryError, and validate says which."""
    (here / "d.yaml").write_text(text, encoding="utf-8", errors="surrogatepass", newline="")
    errors = validate("d.yaml")
    assert all(isinstance(error, DictionaryError) and error.location and error.hint for error in errors)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_damaged_dictionaries_never_crash(here, data):
    """The shipped dictionary with a piece cut out or doubled is a dictionary or a list of errors."""
    text = SHIPPED
    start = data.draw(st.integers(0, len(text)))
    length = data.draw(st.integers(0, 80))
    piece = data.draw(st.sampled_from(["", "x", "[", "{", ": ", "\n", text[start : start + length] * 2]))
    (here / "d.yaml").write_text(text[:start] + piece + text[start + length :], encoding="utf-8")
    assert all(isinstance(error, DictionaryError) for error in validate("d.yaml"))


SHIPPED = (Path(__file__).parents[3] / "tag_dictionary" / "dictionary.yaml").read_text(encoding="utf-8")

"""The project's settings: `.tagwright.yaml`, or `[tool.tagwright]` in pyproject.toml. Both take the same fields."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tagwright_dictionary.dictionary import UnknownPolicy
from tagwright_dictionary.errors import DictionaryError
from tagwright_dictionary.loading.context import Context, text_problem
from tagwright_dictionary.loading.documents import Document, Documents, decode, display_path
from tagwright_dictionary.loading.problems import Problems, listing, quoted
from tagwright_dictionary.loading.references import Kind, Reference, parse_reference
from tagwright_dictionary.model import Location

FIELDS = ("dictionary", "exclude", "on_unknown", "stack_tags", "var_files")
_SYNONYMS = {"unknown": "on_unknown", "tags": "stack_tags", "ignore": "exclude", "var_file": "var_files"}


@dataclass(frozen=True, slots=True)
class Settings:
    """What a project says about itself. `files` are the files it was read from, nearest first.

    dictionary  path (absolute) or pinned reference, "" when not set
    exclude     globs of paths not to scan, relative to `root`
    on_unknown  None: the dictionary decides
    stack_tags  tags that the deployment adds to everything (CloudFormation stack tags)
    var_files   absolute paths of Terraform variable files, in order
    root        the folder of the nearest settings file, "" when there is none
    """

    dictionary: str = ""
    exclude: tuple[str, ...] = ()
    on_unknown: UnknownPolicy | None = None
    stack_tags: tuple[tuple[str, str], ...] = ()
    var_files: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    root: str = ""


NO_SETTINGS = Settings()


def read_settings(path: Path) -> dict[str, Any]:
    """The fields that the file sets, as arguments of `Settings`; {} when a pyproject.toml says nothing of tagwright.

    Raises DictionaryError (exit 2) when it is broken: what it says about the dictionary would be lost.
    """
    with Documents(cached=False) as documents:
        document = documents.open(Reference(Kind.LOCAL, str(path)))
    problems = Problems()
    if path.suffix == ".toml":
        plain, lines = _toml(document)
    else:
        plain, lines = _yaml(document, problems)
    problems.raise_if_any()
    reader = _Reader(path, lines, problems)
    fields = reader.read(plain)
    problems.raise_if_any()
    return fields


def _toml(document: Document) -> tuple[dict[str, Any], dict[str, int]]:
    if b"tagwright" not in document.data:  # most projects: not worth importing a parser
        return {}, {}
    import tomllib  # noqa: PLC0415

    text = decode(document)
    try:
        table = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise DictionaryError(
            f"not valid TOML: {error}",
            hint="correct it: it may name the dictionary",
            location=Location(document.display),
        ) from None
    tool = table.get("tool")
    found = tool.get("tagwright") if isinstance(tool, dict) else None
    if found is None:
        return {}, {}
    if not isinstance(found, dict):
        raise DictionaryError(
            "[tool.tagwright] is not a table",
            hint='write dictionary = "tags.yaml" below it',
            location=Location(document.display),
        )
    lines: dict[str, int] = {}
    inside = False
    for number, line in enumerate(text.splitlines(), 1):
        if line.lstrip().startswith("["):
            inside = line.strip().startswith("[tool.tagwright")
            if inside:
                lines.setdefault("", number)
        elif inside and "=" in line:
            lines.setdefault(line.partition("=")[0].strip().strip("\"'"), number)
    return found, lines


def _yaml(document: Document, problems: Problems) -> tuple[dict[str, Any], dict[str, int]]:
    from tagwright_dictionary.loading.schema import plain  # noqa: PLC0415 - YAML only where such a file exists
    from tagwright_dictionary.loading.tree import parse  # noqa: PLC0415

    with Documents(cached=False) as documents:
        context = Context(document, documents, problems, {})
        root = parse(decode(document), document.display, problems)
        if root is None or root.kind == "null":
            return {}, {}
        pairs = context.mapping(root, "the settings")
        return {name: plain(value) for name, _, value in pairs}, {name: key.line for name, key, _ in pairs}


class _Reader:
    def __init__(self, path: Path, lines: dict[str, int], problems: Problems) -> None:
        self.path = path
        self.shown = display_path(os.path.abspath(path))  # noqa: PTH100 - keeps symlinks
        self.lines = lines
        self.problems = problems

    def add(self, name: str, message: str, hint: str) -> None:
        line = self.lines.get(name, self.lines.get("", 0))
        self.problems.add(message, hint, Location(self.shown, line, 1 if line else 0))

    def read(self, plain: dict[str, Any]) -> dict[str, Any]:
        fields: dict[str, Any] = {}
        for written, value in plain.items():
            name = written.replace("-", "_")
            if name not in FIELDS:
                meant = _SYNONYMS.get(name)
                guess = f'did you mean "{meant}"?' if meant else self.problems.did_you_mean(name, FIELDS)
                self.add(written, f"unknown setting {quoted(written)}", f"{guess} settings: {listing(FIELDS)}".strip())
            elif name == "dictionary":
                fields[name] = self._dictionary(written, value)
            elif name == "on_unknown":
                if value in [policy.value for policy in UnknownPolicy]:
                    fields[name] = UnknownPolicy(value)
                else:
                    self.add(written, f"{written}: expected ignore, warn or fail", "write one of the three words")
            elif name == "stack_tags":
                fields[name] = self._pairs(written, value)
            else:
                texts = self._texts(written, value)
                fields[name] = tuple(map(self._beside, texts)) if name == "var_files" else texts
        return fields

    def _dictionary(self, name: str, value: object) -> str:
        if not isinstance(value, str) or not value.strip():
            self.add(
                name, f"{name}: expected a path or a pinned reference", "for example dictionary: tags/dictionary.yaml"
            )
            return ""
        try:
            line = self.lines.get(name, 0)
            reference = parse_reference(value, Location(self.shown, line, 1 if line else 0))
        except DictionaryError as error:
            self.problems.take(error)
            return ""
        return self._beside(value) if reference.kind is Kind.LOCAL else value

    def _beside(self, path: str) -> str:
        return str(Path(os.path.abspath(self.path)).parent / path)  # noqa: PTH100 - keeps symlinks

    def _texts(self, name: str, value: object) -> tuple[str, ...]:
        items = [value] if isinstance(value, str) else value
        if not isinstance(items, list) or not all(isinstance(item, str) and item for item in items):
            self.add(name, f"{name}: expected a list of texts", f"write {name}: [a, b]")
            return ()
        return tuple(items)

    def _pairs(self, name: str, value: object) -> tuple[tuple[str, str], ...]:
        if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
            self.add(name, f"{name}: expected tags with text values", f"write {name}: {{owner: a@acme.example}}")
            return ()
        for text in (*value, *value.values()):
            if problem := text_problem(text):
                self.add(name, f"{name}: {problem}", "write plain visible text")
        return tuple(sorted(value.items()))

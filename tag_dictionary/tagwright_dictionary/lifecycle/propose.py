"""Adding a value to a dictionary's own files, as a person would: one line, the version raised, nothing else touched."""

from __future__ import annotations

import csv
import difflib
import io
import os
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from tagwright_dictionary.dictionary import Dictionary, Key, Value
from tagwright_dictionary.errors import DictionaryError, InputError
from tagwright_dictionary.judging.placeholders import Placeholders
from tagwright_dictionary.judging.text import plain, quoted
from tagwright_dictionary.judging.values import KeyCheck
from tagwright_dictionary.lifecycle.changes import Diff
from tagwright_dictionary.lifecycle.diff import diff
from tagwright_dictionary.lifecycle.given import read_edited
from tagwright_dictionary.lifecycle.nearness import near_duplicates
from tagwright_dictionary.lifecycle.splicing import Edit, Source, apply, flow
from tagwright_dictionary.loading import load, references
from tagwright_dictionary.loading.documents import Document, Documents, decode, display_path
from tagwright_dictionary.loading.references import Kind, Reference
from tagwright_dictionary.model import Location


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is proposed. `relations` are the values of other keys that go with it; `reason` is for a dictionary that
    extends another, where a further value loosens; `similar` True: it may look like another value or a placeholder.
    """

    key: str
    value: str
    title: str = ""
    description: str = ""
    owner: str = ""
    billing_code: str = ""
    aliases: tuple[str, ...] = ()
    relations: tuple[tuple[str, tuple[str, ...]], ...] = ()
    reason: str = ""
    similar: bool = False

    @property
    def details(self) -> dict[str, str | list[str]]:
        """The fields of the value, as the file has them."""
        given: dict[str, str | list[str]] = {
            "title": self.title,
            "description": self.description,
            "aliases": list(self.aliases),
            "owner": self.owner,
            "billing_code": self.billing_code,
        }
        given |= {name: values[0] if len(values) == 1 else list(values) for name, values in self.relations}
        return {name: value for name, value in given.items() if value}


@dataclass(frozen=True, slots=True)
class Changed:
    """One file: its path, and its text before and after."""

    path: Path
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """The edit, valid and not yet written. `since` compares with what was committed (or stood there)."""

    files: tuple[Changed, ...]
    dictionary: Dictionary
    since: Diff
    message: str

    @property
    def patch(self) -> str:
        """A unified diff of all files."""
        parts = []
        for changed in self.files:
            shown = display_path(str(changed.path))
            lines = difflib.unified_diff(
                changed.before.splitlines(keepends=True),
                changed.after.splitlines(keepends=True),
                f"a/{shown.lstrip('/')}",
                f"b/{shown.lstrip('/')}",
            )
            parts += [line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines]
        return "".join(parts)


def propose(path: Path, wanted: Wanted, today: date, committed: Dictionary | None = None) -> Proposal:
    """Add a value to the dictionary at `path`. The version is raised as the changes since `committed` (None: since what
    stands there now) demand, once for any number of proposals.

    Raises InputError for what cannot be proposed, DictionaryError where the result would not be valid.
    """
    real = Path(os.path.realpath(path))
    old = load(real, cache=False)
    key = _checked(old, wanted)
    text = _text(real)
    source = Source(text, display_path(str(path)))
    table = _table(source, real, wanted.key)
    files = {real: text}
    edits: list[Edit] = []
    if table is not None:
        files[table] = _text(table)
        after = {table: _with_row(files[table], wanted, display_path(str(table)))}
    else:
        edits, after = _value_edits(source, key, wanted), {}
    edits, dictionary = _valid(real, source, edits, after, wanted)
    added = dictionary.key(wanted.key)
    near = near_duplicates(added, {wanted.value}) if added is not None and not wanted.similar else ()
    if near:
        raise InputError(str(near[0]), hint=f"use {near[0].other}, or say --allow-similar if both are meant")
    base = committed if committed is not None else old
    since = diff(base, dictionary, today)
    if not since.version_matches:
        edits = [*edits, _version_edit(source, since.demands)]
        dictionary = read_edited(real, _encoded({**after, real: apply(text, edits)}))
        since = diff(base, dictionary, today)
    _check_only(diff(old, dictionary, today), wanted)
    results = {**after, real: apply(text, edits)}
    changed = tuple(
        Changed(file, before, results[file]) for file, before in files.items() if results.get(file, before) != before
    )
    return Proposal(changed, dictionary, since, _message(old, dictionary, key, wanted, since))


def _checked(old: Dictionary, wanted: Wanted) -> Key:
    if not wanted.value.strip():
        raise InputError("the value is empty", hint="say which value: tagwright dictionary propose KEY VALUE")
    key = old.key(wanted.key)
    if key is None:
        names = ", ".join(plain(each.name) for each in old.keys[:12])
        raise InputError(f"{old.name} has no key {quoted(wanted.key)}", hint=f"its keys: {names}")
    if key.values is None:
        raise _unlisted(old, key, wanted.value)
    for value in key.values:
        if value.value == wanted.value:
            raise _known(wanted, value)
        if wanted.value in value.aliases:
            raise InputError(
                f"{quoted(wanted.value)} is an alias of {quoted(value.value)}", hint=f"use {value.value} instead"
            )
    for name, _ in wanted.relations:
        if old.key(name) is None:
            raise InputError(f"{old.name} has no key {quoted(name)} to relate to", hint="check --relate KEY=VALUE")
    pretends = "" if wanted.similar else Placeholders(old.placeholders).why(wanted.value, key)
    if pretends:
        raise InputError(
            f"{wanted.key}: {quoted(wanted.value)} {pretends}, which the gate refuses unless it is approved",
            hint="propose a value that says something, or say --allow-similar if it is meant",
        )
    return key


def _unlisted(old: Dictionary, key: Key, value: str) -> InputError:
    """A key without a list takes what has its form: either nothing needs to be done, or the value will not do."""
    rule = f" that matches {key.pattern}" if key.pattern else f" of the format {key.format}" if key.format else ""
    told = f"{plain(key.name)} has no list of values: any value{rule} is approved"
    fault = KeyCheck(key, Placeholders(old.placeholders)).fault(value)
    if fault is None:
        return InputError(told, hint="just use it: nothing to propose")
    return InputError(
        f"{told}, but {quoted(value)} {fault.why}", hint=f"write one that is, or change the rule of {key.name} by hand"
    )


def _known(wanted: Wanted, value: Value) -> InputError:
    """It is there already; what is on its way out is no longer to be used."""
    told = f"{quoted(wanted.value)} is approved for {wanted.key} already"
    if value.status != "deprecated":
        return InputError(told, hint="just use it")
    use = f"use {value.replaced_by}, or " if value.replaced_by else ""
    return InputError(f"{told}, but deprecated", hint=f"{use}take its status away by hand")


def _value_edits(source: Source, key: Key, wanted: Wanted) -> list[Edit]:
    """Into the list that stands in this file, else (the list is that of what is extended) into a new `add_values`."""
    root = source.root
    if root.flow_style:
        where = Location(source.display, 1, 1)
        raise DictionaryError("the dictionary is written like JSON", hint="edit it by hand", location=where)
    keys = source.child(root, "keys")
    entry = source.child(keys[1], wanted.key) if keys is not None else None
    if keys is not None:
        source.refuse_alias(*keys, "keys")
    if entry is not None:
        source.refuse_alias(*entry, f"the key {wanted.key}")
        for field in ("values", "add_values"):
            found = source.child(entry[1], field)
            if found is not None:
                source.refuse_alias(*found, f"{field} of {wanted.key}")
                return source.append(*found, wanted.value, wanted.details)
    more = {"add_values": {wanted.value: wanted.details}}
    if entry is not None and entry[1].id == "mapping":
        return [_field(source, entry, "add_values", more["add_values"])]
    if keys is not None and keys[1].id == "mapping" and keys[1].value:
        if entry is not None:  # `team:` alone: nothing is changed of what is extended yet
            stop = source.at(entry[0].end_mark) + 1
            return [Edit(stop, max(stop, source.end(*entry)), f" {flow(more)}")]
        return source.append(*keys, key.name, more)
    return [source.insert_lines(source.end(None, root), ["keys:", f"  {flow(key.name)}: {flow(more)}"])]


def _field(source: Source, entry: tuple[Any, Any], field: str, value: dict[str, Any]) -> Edit:
    node = entry[1]
    if node.flow_style or not node.value:
        edits = source.append(entry[0], node, field, value)
        return edits[0]
    column = source.column(node.value[0][0])
    return source.insert_lines(source.end(*entry), [f"{' ' * column}{field}: {flow(value)}"])


def _valid(
    real: Path, source: Source, edits: list[Edit], after: dict[Path, str], wanted: Wanted
) -> tuple[list[Edit], Dictionary]:
    """The edits with which the result is valid, and the result: as they are, else with the loosening declared."""
    tried = {**after, real: apply(source.text, edits)}
    try:
        return edits, read_edited(real, _encoded(tried))
    except DictionaryError as error:
        if "not valid YAML" in error.message:  # it was valid before the edit
            raise _unfollowed("the result would be no YAML") from None
        if source.child(source.root, "extends") is None or "loosens" not in str(error):
            raise
        if not wanted.reason.strip():
            raise InputError(
                f"a further value of {wanted.key} loosens the dictionary that this one extends",
                hint="say why with --reason TEXT: it is written under `loosens:`",
            ) from None
    declared = [*edits, _loosening(source, wanted)]
    return declared, read_edited(real, _encoded({**after, real: apply(source.text, declared)}))


def _loosening(source: Source, wanted: Wanted) -> Edit:
    entry = {"change": f"keys.{wanted.key}.values.{wanted.value}", "reason": wanted.reason}
    found = source.child(source.root, "loosens")
    if found is None:
        return source.insert_lines(source.end(None, source.root), ["loosens:", f"  - {flow(entry)}"])
    key, node = found
    source.refuse_alias(key, node, "loosens")
    if node.flow_style:
        place = source.end(None, node.value[-1]) if node.value else source.start(node) + 1
        return Edit(place, place, f"{', ' if node.value else ''}{flow(entry)}")
    first = node.value[0]
    dash = source.text.rindex("-", 0, source.start(first))
    column = source.column(first) - (source.start(first) - dash)
    return source.insert_lines(source.end(key, node), [f"{' ' * column}- {flow(entry)}"])


def _version_edit(source: Source, version: str) -> Edit:
    found = source.child(source.root, "version")
    if found is None:  # the loader has made sure of it
        raise DictionaryError("it has no version", hint="add one: version: 0.1.0", location=Location(source.display))
    source.refuse_alias(*found, "version")
    return source.replace_scalar(found[1], version)


def _table(source: Source, real: Path, key: str) -> Path | None:
    """The CSV file of the key's values, None when they stand in the YAML."""
    keys = source.child(source.root, "keys")
    entry = source.child(keys[1], key) if keys is not None else None
    found = source.child(entry[1], "values_from") if entry is not None else None
    if found is None:
        return None
    where = source.location(found[1])
    reference = references.sibling(Reference(Kind.LOCAL, str(real)), found[1].value, where)
    if reference.kind is not Kind.LOCAL:
        raise InputError(f"the values of {key} come from {reference.display}", hint="propose it there", location=where)
    if reference.sha256:
        raise InputError(
            f"the table of {key} is pinned by its digest, which an edit breaks",
            hint="edit the table, then update #sha256=",
            location=where,
        )
    return Path(os.path.realpath(reference.base))


def _with_row(text: str, wanted: Wanted, shown: str) -> str:
    header = next((row for row in csv.reader(io.StringIO(text.removeprefix("\ufeff"))) if any(row)), [])
    columns = [name.strip() for name in header]
    cells = {"value": wanted.value, **wanted.details}
    lacking = [name for name in cells if name not in columns]
    if lacking:
        raise InputError(
            f"the table has no column {lacking[0]}",
            hint=f"add it to the first line (columns: {', '.join(columns)})",
            location=Location(shown, 1, 1),
        )
    line = io.StringIO()
    newline = "\r\n" if "\r\n" in text else "\n"
    row = [";".join(cell) if isinstance(cell := cells.get(name, ""), list) else cell for name in columns]
    csv.writer(line, lineterminator=newline).writerow(row)
    gap = "" if not text or text.endswith(("\n", "\r")) else newline
    return text + gap + line.getvalue()


def _check_only(change: Diff, wanted: Wanted) -> None:
    """The edit must have done what it was meant to do, and nothing else."""
    path = f"keys.{wanted.key}.values.{wanted.value}"
    strange = [each.path for each in change.changes if each.path != path]
    if strange or not change.changes:
        what = f"it would change {strange[0]}" if strange else "the value would not be there"
        raise _unfollowed(what)


def _unfollowed(what: str) -> DictionaryError:
    return DictionaryError(f"the file is written in a way that an edit cannot follow: {what}", hint="edit it by hand")


def _encoded(files: dict[Path, str]) -> dict[Path, bytes]:
    return {path: text.encode("utf-8") for path, text in files.items()}


def _text(path: Path) -> str:
    with Documents(cached=False) as documents:
        document = documents.open(Reference(Kind.LOCAL, str(path)))
    if document.data.startswith(b"\x1f\x8b"):
        raise InputError(f"{document.display} is a released archive", hint="propose it where the dictionary is kept")
    decode(Document(document.reference, document.display, document.data))  # tells where it is not UTF-8
    return document.data.decode("utf-8")


def _message(old: Dictionary, new: Dictionary, key: Key, wanted: Wanted, since: Diff) -> str:
    words = [f"feat(tags): approve {plain(wanted.value)} as {plain(key.name)}", ""]
    about = ". ".join(part.rstrip(".") for part in (wanted.title, wanted.description) if part)
    if about:
        words.append(f"{plain(about, 400)}.")
    told = {name: value for name, value in wanted.details.items() if name not in ("title", "description")}
    for name, value in told.items():
        words.append(f"{name.replace('_', ' ')}: {plain(', '.join(value) if isinstance(value, list) else value, 200)}")
    if wanted.reason:
        words.append(f"Reason: {plain(wanted.reason, 400)}")
    if about or told or wanted.reason:
        words.append("")
    if new.version != old.version:
        words.append(f"{new.name} {old.version} -> {new.version} ({since.bump.word}).")
    else:
        words.append(f"{new.name} stays {new.version}: it was raised already since {since.old.version}.")
    if key.approvers:
        words.append(f"Needs the approval of {plain(' or '.join(key.approvers), 200)}.")
    return "\n".join(words) + "\n"

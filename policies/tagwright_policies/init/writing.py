"""The files that `init` writes, as text."""

from __future__ import annotations

import re
from collections import Counter

from tagwright_dictionary.judging.text import plain
from tagwright_dictionary.lifecycle.splicing import Source, apply, flow, scalar
from tagwright_dictionary.loading import dump
from tagwright_policies.init.observed import Observed
from tagwright_policies.init.proposal import Proposal

_SHOWN = 10
_KEY = re.compile(r"  (?! )(.+):(?: .*)?")

_HEAD = """\
# The tag dictionary of this repository, proposed by `tagwright init` from the tags in use and the dictionary that ships
# with tagwright. It is yours now: read it, correct it, name approvers. The format: docs/dictionary.md of tagwright.
#
# Approved is what is used most; other spellings are aliases, which are refused with the approved one suggested.
"""


def dictionary_text(proposal: Proposal) -> str:
    """The dictionary as YAML, each key with what was found of it as a comment."""
    import yaml  # noqa: PLC0415 - reads the names of keys back as the writer quoted them

    told = dict(proposal.used)
    lines: list[str] = []
    inside = False
    for line in dump(proposal.dictionary).splitlines():
        if not line.startswith(" "):
            inside = line == "keys:"
        found = _KEY.fullmatch(line) if inside else None
        if found is not None:
            lines += [f"  # {words}" for words in _comments(told.get(str(yaml.safe_load(found[1]))))]
        lines.append(line)
    if proposal.left_out:
        lines += ["", "# In use, but not in this dictionary (too few, or not possible as a key):"]
        lines += [f"#   {_counted(seen.spellings)}" for _, seen in proposal.left_out[:_SHOWN]]
        more = len(proposal.left_out) - _SHOWN
        lines += [f"#   and {more} more"] if more > 0 else []
    return _HEAD + "\n".join(lines) + "\n"


def settings_text(dictionary: str, existing: str = "", exclude: tuple[str, ...] = ()) -> str:
    """`.tagwright.yaml`, naming the dictionary and all that is left out; other settings of an existing file stay as
    they are.
    """
    named = f"dictionary: {scalar(dictionary)}"
    left_out = [f"exclude: {flow(exclude)}"] if exclude else []
    if not existing.strip():
        return "".join(f"{line}\n" for line in ("# tagwright's settings for this repository.", named, *left_out))
    source = Source(existing, ".tagwright.yaml")
    if source.root is None:
        return existing.rstrip("\n") + "".join(f"\n{line}" for line in (named, *left_out)) + "\n"
    edits, more = [], []
    found = source.child(source.root, "dictionary")
    if found is not None:
        edits.append(source.replace_scalar(found[1], dictionary))
    else:
        more.append(named)
    kept = source.child(source.root, "exclude")
    if kept is None:
        more += left_out
    elif kept[1].id == "sequence" and kept[1].value:
        known = {item.value for item in kept[1].value}
        edits += [edit for each in exclude if each not in known for edit in source.append(*kept, each, {})]
    elif left_out:
        one = (kept[1].value,) if kept[1].id == "scalar" else ()
        edits.append(source.replace_node(kept[1], flow((*one, *exclude))))
    if more:
        edits.append(source.insert_lines(source.end(None, source.root), more))
    return apply(existing, edits)


def _comments(seen: Observed | None) -> list[str]:
    if seen is None:
        return ["Not in use yet."]
    many = f"{seen.blocks:,} resources" if seen.blocks != 1 else "1 resource"
    words = f"On {many}" + (f", written {_counted(seen.spellings)}" if len(seen.spellings) > 1 else "") + "."
    comments = [words]
    if seen.values:
        comments.append(f"Values: {_counted(seen.values)}.")
    if seen.unknown:
        comments.append(f"On {seen.unknown:,} of them the value is not known here.")
    return comments


def _counted(counted: Counter[str]) -> str:
    ordered = sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))
    shown = ", ".join(f"{plain(name, 40)} ({many:,})" for name, many in ordered[:_SHOWN])
    more = len(ordered) - _SHOWN
    return f"{shown} and {more:,} more" if more > 0 else shown

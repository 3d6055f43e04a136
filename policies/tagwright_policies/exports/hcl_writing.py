"""HCL as `terraform fmt` writes it."""

from __future__ import annotations

from collections.abc import Sequence

from tagwright_policies.exports.quoting import hcl


def attributes(pairs: Sequence[tuple[str, str]]) -> str:
    """Lines `name = value` with their equals signs in one column."""
    width = max((len(name) for name, _ in pairs), default=0)
    return "".join(f"{name:<{width}} = {value}\n" for name, value in pairs)


def block(head: str, body: str) -> str:
    """A block with its body indented by two."""
    return f"{head} {{\n{indented(body)}}}\n"


def indented(text: str, by: int = 2) -> str:
    return "".join(f"{' ' * by}{line}\n" if line else "\n" for line in text.removesuffix("\n").split("\n"))


def items(texts: Sequence[str]) -> str:
    """A list of strings on one line."""
    return f"[{', '.join(map(hcl, texts))}]"


def mapping(name: str, pairs: Sequence[tuple[str, str]]) -> str:
    """`name = {` with the pairs aligned, or `name = {}`."""
    return f"{name} = {{\n{indented(attributes(pairs))}}}\n" if pairs else f"{name} = {{}}\n"


def nested(name: str, maps: Sequence[tuple[str, Sequence[tuple[str, str]]]]) -> str:
    """A mapping of mappings."""
    return f"{name} = {{\n{indented(''.join(mapping(inner, pairs) for inner, pairs in maps))}}}\n"

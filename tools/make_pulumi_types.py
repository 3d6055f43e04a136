"""Write the table of AWS resource types for the Pulumi room, from the installed pulumi_aws.

    python tools/make_pulumi_types.py            write the table
    python tools/make_pulumi_types.py --check    write nothing, exit 1 and show the lines that differ

The package is read as text: importing all of it takes a quarter of a minute. Nothing in the SDK says which types can
be tagged; `tags` together with `tags_all` does, because the bridge adds `tags_all` where the provider merges its
default tags. The types that have one without the other are named here, each with what its `tags` are.
"""

from __future__ import annotations

import difflib
import importlib.metadata
import importlib.util
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from read_pulumi import PulumiType, parse_type

from tagwright_dictionary.catalogue import find, tag_support
from tagwright_dictionary.catalogue.tokens import candidates

TABLE = Path(__file__).parents[1] / "pulumi_components" / "tagwright_pulumi" / "data" / "types.json"

LIARS: Final = {
    "aws:devopsguru/resourceCollection:ResourceCollection": "its tags select the resources to watch",
    "aws:inspector/resourceGroup:ResourceGroup": "its tags select the instances to inspect",
}
"""`tags` that are not the resource's own."""

CARRIERS: Final[dict[str, dict[str, Any]]] = {
    "volume_tags": {"as": "map"},
    "staging_area_tags": {"as": "map"},
    "ami_tags": {"as": "map"},
    "tag_specifications": {"as": "specifications"},
    "copy_tags_to_snapshot": {"set": True},
}
"""Top-level arguments through which tags get from a resource to what is billed in its place."""

SPECIAL: Final[dict[str, dict[str, dict[str, Any]]]] = {
    "aws:batch/jobDefinition:JobDefinition": {"propagateTags": {"set": True}},
    "aws:ecs/service:Service": {"propagateTags": {"set": "SERVICE"}},
    "aws:imagebuilder/infrastructureConfiguration:InfrastructureConfiguration": {"resourceTags": {"as": "map"}},
    "aws:sagemaker/domain:Domain": {"tagPropagation": {"set": "ENABLED"}},
}
"""The same, where the argument's name means something else on other types or its value is not a yes."""


def installed() -> Iterator[PulumiType]:
    """Every resource of the installed pulumi_aws, by token."""
    spec = importlib.util.find_spec("pulumi_aws")
    if spec is None or spec.origin is None:
        raise SystemExit("pulumi_aws is not installed: pip install 'tagwright[pulumi]'")
    found = {}
    for file in sorted(Path(spec.origin).parent.rglob("*.py")):
        parsed = parse_type(file.read_text("utf-8"))
        if parsed is not None:
            found[parsed.token] = parsed
    yield from (found[token] for token in sorted(found))


def kind(one: PulumiType) -> str:
    """One of map, list, selector (its tags are not its own), none."""
    if one.token in LIARS:
        return "selector"
    tagging = one.tagging
    if tagging is None:
        if "tags" in dict(one.arguments):
            raise SystemExit(f"{one.token} has tags that no rule here explains: decide what they are")
        return "none"
    return tagging[1]


def carriers(one: PulumiType) -> dict[str, dict[str, Any]]:
    arguments = dict(one.arguments)
    found = {_camel(name): how for name, how in CARRIERS.items() if name in arguments}
    return dict(sorted((found | SPECIAL.get(one.token, {})).items()))


def terraform_names(types: list[PulumiType]) -> dict[str, str]:
    """The Terraform type behind each token, where it is certain: the catalogue says it, or the bridge's naming leads
    to one resource that no other token leads to.
    """
    named: dict[str, str] = {}
    claims: dict[str, list[str]] = {}
    for one in types:
        entry = find(one.token)
        if entry is not None and entry.terraform:
            named[one.token] = entry.terraform
            claims.setdefault(entry.terraform, []).append(one.token)
    taken = set(claims)
    guessed: dict[str, list[str]] = {}
    for one in types:
        if one.token in named:
            continue
        for name in candidates(one.token):
            if tag_support(name).taggable is not None and name not in taken:
                guessed.setdefault(name, []).append(one.token)
                break
    for name, tokens in guessed.items():
        if len(tokens) == 1:
            named[tokens[0]] = name
    return named


def render() -> str:
    """The table's file: one type a line, sorted by token."""
    types = list(installed())
    named = terraform_names(types)
    lines = []
    for one in types:
        row: dict[str, Any] = {"kind": kind(one)}
        if row["kind"] in {"map", "list"} and one.token in named:
            row["terraform"] = named[one.token]
        if row["kind"] == "selector":
            row["why"] = LIARS[one.token]
        elif row["kind"] != "none" and carriers(one):
            row["also"] = carriers(one)
        lines.append(f"  {json.dumps(one.token)}: {json.dumps(row)}")
    head = {
        "made_by": "tools/make_pulumi_types.py",
        "made_from": f"pulumi-aws {importlib.metadata.version('pulumi-aws')}",
    }
    opening = "".join(f" {json.dumps(key)}: {json.dumps(value)},\n" for key, value in head.items())
    return "{\n" + opening + ' "types": {\n' + ",\n".join(lines) + "\n }\n}\n"


def differences() -> list[str]:
    """Lines that a regenerated table would change; empty when the file is what the package says."""
    kept = TABLE.read_text("utf-8").splitlines() if TABLE.is_file() else []
    return list(difflib.unified_diff(kept, render().splitlines(), "kept", "made", lineterm="", n=0))


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def main(arguments: list[str]) -> int:
    if "--check" in arguments:
        lines = differences()
        print(f"{len(lines)} lines differ" if lines else "as kept", *lines, sep="\n")
        return int(bool(lines))
    TABLE.write_text(render(), "utf-8")
    print(f"{TABLE.name}: written")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

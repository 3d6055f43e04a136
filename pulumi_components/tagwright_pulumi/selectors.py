"""A dictionary's `types:` under Pulumi: what names a type for Terraform or CloudFormation selects its token as well."""

from __future__ import annotations

from dataclasses import replace
from fnmatch import fnmatchcase

from tagwright_dictionary.catalogue import find
from tagwright_dictionary.dictionary import Dictionary, Requirement
from tagwright_pulumi.terraform_names import candidates
from tagwright_pulumi.types import type_table


def for_pulumi(dictionary: Dictionary) -> Dictionary:
    """The same dictionary, its requirements' type globs extended by the tokens of the types that they name.

    Where a token's Terraform name is not certain, any of the likely ones selects it: a requirement on `aws_*` must
    not pass over a type because of its name.
    """
    if not any(each.selector.types for each in dictionary.requirements):
        return dictionary
    names = {token: _names(token, info.terraform) for token, info in type_table().items() if info.taggable}
    return replace(
        dictionary,
        requirements=tuple(_extended(each, names) for each in dictionary.requirements),
        _index={},
    )


def _names(token: str, terraform: str) -> tuple[str, ...]:
    entry = find(token)
    cloudformation = (entry.cloudformation,) if entry is not None and entry.cloudformation else ()
    return (*((terraform,) if terraform else candidates(token)), *cloudformation)


def _extended(requirement: Requirement, names: dict[str, tuple[str, ...]]) -> Requirement:
    globs = requirement.selector.types
    if not globs:
        return requirement
    tokens = (
        token for token, called in names.items() if any(fnmatchcase(name, glob) for glob in globs for name in called)
    )
    return replace(requirement, selector=replace(requirement.selector, types=(*globs, *tokens)))

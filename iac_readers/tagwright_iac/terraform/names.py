"""Which files of a directory Terraform reads, by their names."""

from __future__ import annotations

import os
import re

SUFFIXES = (".tf", ".tofu", ".tf.json", ".tofu.json")
_EDITOR_LEFTOVER = re.compile(r"^\.|~$|^#.*#$")


def is_configuration_file(name: str) -> bool:
    """Whether Terraform reads a file of this name (hidden and editors' files are left out)."""
    return name.endswith(SUFFIXES) and not _EDITOR_LEFTOVER.search(name)


def _stem(name: str) -> str:
    for suffix in (".tf.json", ".tofu.json", ".tofu", ".tf"):
        if name.endswith(suffix):
            return name.removesuffix(suffix)
    return name


def is_override(name: str) -> bool:
    """Whether a file overrides the others of its directory."""
    stem = _stem(name)
    return stem == "override" or stem.endswith("_override")


def list_configuration(directory: str) -> tuple[str, ...]:
    """Names of the configuration files of a directory, sorted; a .tofu file replaces its .tf twin, as in OpenTofu.
    Only directories are left out, as in Terraform: a dangling link or a pipe is a file that cannot be read.
    """
    try:
        names = [
            entry.name
            for entry in os.scandir(directory)
            if is_configuration_file(entry.name) and not entry.is_dir(follow_symlinks=False)
        ]
    except OSError:
        return ()
    twins = {_stem(name) for name in names if name.endswith((".tofu", ".tofu.json"))}
    return tuple(sorted(name for name in names if not (name.endswith((".tf", ".tf.json")) and _stem(name) in twins)))


def relevant_names(directory: str) -> list[str]:
    """The names in a directory that change what a root in it means."""
    try:
        names = sorted(
            entry.name
            for entry in os.scandir(directory)
            if is_configuration_file(entry.name) or entry.name.endswith((".tfvars", ".tfvars.json"))
        )
    except OSError:
        return []
    for name in (".terraform/environment", ".terraform/modules/modules.json"):
        if os.path.isfile(os.path.join(directory, name)):  # noqa: PTH113, PTH118
            names.append(name)
    return names

"""The self-contained bundle: a folder of checks that any Checkov loads, without tagwright.

Three files: `__init__.py` (without one Checkov silently skips a folder), the check file, and an archive with the
judgement, the adapters and the dictionary. Their names hold the digest of the content, so that no other module of
that name is ever replaced, and two bundles can live in one process. Equal input gives equal bytes.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources

from tagwright_dictionary.dictionary import Dictionary, UnknownPolicy
from tagwright_policies.checkov.carrying import carried, renamed
from tagwright_policies.checkov.runtime.packing import packed
from tagwright_policies.checkov.runtime.planning import Plan, plan, safe
from tagwright_policies.checkov.runtime.starting import DICTIONARY, SETTINGS

MARK = "# Tag checks for Checkov, made by `tagwright checkov bundle`."
"""First line of every Python file of a bundle: how a folder of ours is told from another."""

_RUNTIME = "tagwright_policies/checkov/runtime"
_EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Options:
    """`block_warnings`: what is no error fails as well; `on_unknown` None: as the dictionary says."""

    block_warnings: bool = False
    on_unknown: UnknownPolicy | None = None


@dataclass(frozen=True, slots=True)
class Bundle:
    """File names and contents, in the order of the names."""

    files: tuple[tuple[str, bytes], ...]
    plan: Plan
    digest: str

    def __getitem__(self, name: str) -> bytes:
        return dict(self.files)[name]


def build(dictionary: Dictionary, options: Options | None = None) -> Bundle:
    """The bundle of a dictionary. Raises nothing for a dictionary that was loaded."""
    chosen = options or Options()
    settings = {
        "block_warnings": chosen.block_warnings,
        "on_unknown": chosen.on_unknown.value if chosen.on_unknown else None,
    }
    content = dict(carried())
    content[f"{_RUNTIME}/{DICTIONARY}"] = packed(dictionary).encode()
    content[f"{_RUNTIME}/{SETTINGS}"] = json.dumps(settings, sort_keys=True).encode()
    digest = _digest(content)
    package, archive = f"tagwright_bundle_{digest[:12]}", f"tagwright_bundle_{digest[:8]}.zip"
    data = _archive(package, content)
    checks = plan(dictionary)
    values = {
        "NAME": safe(dictionary.name),
        "VERSION": safe(dictionary.version),
        "DIGEST": dictionary.digest,
        "COUNT": str(len(checks.checks)),
        "FIRST": checks.checks[0].id,
        "PACKAGE": package,
        "ARCHIVE": archive,
        "SHA256": hashlib.sha256(data).hexdigest(),
    }
    source = resources.files(__package__).joinpath("templates", "check_file.py.in").read_text(encoding="utf-8")
    for name, value in values.items():
        source = source.replace(f"@{name}@", value)
    opening = f"{MARK}\n# Checkov loads no folder without this file.\n"
    files = {
        "__init__.py": opening.encode(),
        f"tagwright_checks_{digest[:8]}.py": source.encode("ascii", "backslashreplace"),
        archive: data,
    }
    return Bundle(tuple(sorted(files.items())), checks, digest)


def _digest(content: Mapping[str, bytes]) -> str:
    whole = hashlib.sha256()
    for name in sorted(content):
        whole.update(f"{name}\0{len(content[name])}\0".encode())
        whole.update(content[name])
    return whole.hexdigest()


def _archive(package: str, content: Mapping[str, bytes]) -> bytes:
    """Stored, not compressed: the bytes do not depend on the version of a compressor."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        files = {
            f"{package}/{name}": renamed(data, package) if name.endswith(".py") else data
            for name, data in content.items()
        }
        files[f"{package}/__init__.py"] = b""
        for name in sorted(files):
            info = zipfile.ZipInfo(name, _EPOCH)
            info.create_system, info.external_attr = 3, 0o644 << 16
            archive.writestr(info, files[name])
    return buffer.getvalue()

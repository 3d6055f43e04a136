"""Spoiled copies of real configurations: reading them never raises."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from random import Random

import pytest
from tests.iac_readers.terraform import texts
from tests.iac_readers.terraform.hcl_text import mutate

from tagwright_iac.codec import decode, encode
from tagwright_iac.reading import ReadOptions
from tagwright_iac.terraform.reader import read_root

ROUNDS = int(os.environ.get("TAGWRIGHT_FUZZ", "150"))
SEED = int(os.environ.get("TAGWRIGHT_FUZZ_SEED", "20261123"))
_ODD = (
    b"\x00",
    b"\xff",
    b"\xc3",
    b"\r",
    b"${",
    b"%{",
    b"~}",
    b'"',
    b"\\",
    b"<<E\n",
    b"\n",
    b"{",
    b"}",
    b"[",
    b"(",
    b"/*",
    b"#",
    b"...",
    b"\xe2\x80\xae",
)


def spoil_bytes(random: Random, data: bytes) -> bytes:
    """Bytes dropped, changed, doubled or put in."""
    spoiled = bytearray(data)
    for _ in range(random.randint(1, 8)):
        at = random.randrange(len(spoiled) + 1)
        kind = random.randrange(5)
        if kind == 0:
            del spoiled[at : at + random.randint(1, 20)]
        elif kind == 1 and at < len(spoiled):
            spoiled[at] = random.randrange(256)
        elif kind == 2:
            other = random.randrange(len(spoiled) + 1)
            spoiled[at:at] = spoiled[other : other + random.randint(1, 200)]
        elif kind == 3:
            spoiled[at:at] = random.choice(_ODD)
        else:
            del spoiled[at:]
            spoiled += data[random.randrange(len(data) + 1) :]
    return bytes(spoiled)


def spoil_text(random: Random, data: bytes) -> bytes:
    """Tokens dropped, changed or moved: more of it is still HCL, and reaches the evaluator."""
    return mutate(random, data.decode(errors="replace")).encode(errors="replace")


@pytest.mark.parametrize("spoil", [spoil_bytes, spoil_text])
def test_reading_spoiled_configurations_never_raises(tmp_path: Path, spoil: object) -> None:
    """Whatever is in the files: a reading, which can be written and read again."""
    random = Random(SEED)
    files = texts.files(".tf", ".tf.json", ".tfvars", ".tfvars.json", ".json")
    cases = sorted({path.parent for path in files})
    for number in range(ROUNDS):
        target = tmp_path / str(number)
        source = random.choice(cases)
        shutil.copytree(source, target, symlinks=True)
        chosen = sorted(path for path in target.rglob("*") if path.is_file() and path.stat().st_size < 100_000)
        for path in random.sample(chosen, min(len(chosen), random.randint(1, 3))):
            path.write_bytes(spoil(random, path.read_bytes()))  # type: ignore[operator]
        try:
            reading = read_root(target, ReadOptions(cwd=tmp_path, cache=False), boundary=tmp_path)
            assert decode(encode(reading)) == reading
        except Exception as error:
            raise AssertionError(
                f"seed {SEED}, round {number}, a spoiled copy of {source}, kept in {target}"
            ) from error
        shutil.rmtree(target)

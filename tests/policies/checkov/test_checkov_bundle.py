"""The bundle as files: the same bytes, nothing of this machine, nothing that is not ours touched."""

from __future__ import annotations

import ast
import io
import os
import re
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from tagwright_dictionary.dictionary import Dictionary, Key, Requirement, Selector, Value
from tagwright_dictionary.errors import InputError
from tagwright_policies.checkov.bundle import MARK, Bundle, Options, build
from tagwright_policies.checkov.runtime.packing import packed, unpacked
from tagwright_policies.checkov.runtime.planning import plan
from tagwright_policies.checkov.signing import TRAILER, signed
from tagwright_policies.checkov.writing import write

ROOT = Path(__file__).parents[3]
SHIPPED = ROOT / "policies" / "checkov"


@pytest.fixture(scope="module")
def bundle(shipped: Dictionary) -> Bundle:
    return build(shipped)


def _modules(bundle: Bundle) -> dict[str, str]:
    [archive] = [data for name, data in bundle.files if name.endswith(".zip")]
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return {name: opened.read(name).decode() for name in opened.namelist() if name.endswith(".py")}


def test_shipped_bundle_is_fresh(bundle: Bundle) -> None:
    """policies/checkov holds the bundle of the shipped dictionary as this code makes it."""
    present = {path.name: path.read_bytes() for path in SHIPPED.iterdir() if path.is_file()}
    stale = "tagwright checkov bundle --dictionary tag_dictionary/dictionary.yaml -o policies/checkov"
    assert sorted(present) == sorted(name for name, _ in bundle.files), f"stale: {stale}"
    assert all(present[name] == data for name, data in bundle.files), f"stale: {stale}"


def test_same_dictionary_same_bytes_whatever_the_hash_seed() -> None:
    """Byte for byte, in other processes with other seeds."""
    code = (
        "import hashlib\n"
        "from tagwright_dictionary.loading import load\n"
        "from tagwright_dictionary.loading.data import shipped_path\n"
        "from tagwright_policies.checkov.bundle import build\n"
        "files = build(load(shipped_path(), cache=False)).files\n"
        "print(hashlib.sha256(repr(files).encode()).hexdigest())\n"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(found) == 1


def test_options_change_the_names(shipped: Dictionary, bundle: Bundle) -> None:
    """Two bundles that behave differently can never be taken for each other."""
    other = build(shipped, Options(block_warnings=True))
    assert {name for name, _ in other.files} & {name for name, _ in bundle.files} == {"__init__.py"}


def test_it_imports_nothing_but_the_standard_library_checkov_and_itself(bundle: Bundle) -> None:
    """What travels needs no tagwright and no library but PyYAML, which every Checkov brings."""
    package = next(iter(_modules(bundle))).partition("/")[0]
    allowed = set(sys.stdlib_module_names) | {package, "checkov", "yaml"}
    strange = set()
    for name, source in _modules(bundle).items():
        for node in ast.walk(ast.parse(source, name)):
            if isinstance(node, ast.ImportFrom):
                strange |= {f"{name}: {node.module}"} if (node.module or "").split(".")[0] not in allowed else set()
            elif isinstance(node, ast.Import):
                strange |= {f"{name}: {each.name}" for each in node.names if each.name.split(".")[0] not in allowed}
    assert strange == set()


def test_it_holds_no_path_of_this_machine(bundle: Bundle) -> None:
    """Nothing in any file names the place where it was made."""
    for name, data in bundle.files:
        assert str(ROOT).encode() not in data, name
        assert str(Path.home()).encode() + b"/" not in data, name


def test_header_names_the_dictionary(shipped: Dictionary, bundle: Bundle) -> None:
    """A reader of the check file sees which dictionary it is."""
    [source] = [data.decode() for name, data in bundle.files if name.startswith("tagwright_checks_")]
    assert source.startswith(MARK)
    assert f"# dictionary  {shipped.name} {shipped.version}\n# digest      {shipped.digest}\n" in source


def test_a_dictionary_survives_packing(shipped: Dictionary) -> None:
    """unpacked(packed(d)) is d, but for the places it was written in."""
    again = unpacked(packed(shipped))
    assert packed(again) == packed(shipped)
    assert replace(again, keys=(), requirements=(), _index={}) == replace(
        shipped, keys=(), requirements=(), source="", exemptions=again.exemptions, _index={}
    )
    assert [key.name for key in again.keys] == [key.name for key in shipped.keys]


def test_ids_can_be_skipped_by_a_comment_and_are_unique() -> None:
    """Every id fits Checkov's skip comments, whatever the keys look like."""
    keys = ("a.b/c", "a-b-c", "ä", "", "A B")
    dictionary = Dictionary(
        "d", "1", tuple(map(Key, keys)), (Requirement("x y", Selector(everything=True), require=keys),)
    )
    ids = [check.id for check in plan(dictionary).checks]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"CKV_TAG_[A-Z0-9_]+", each) for each in ids)


def test_names_are_harmless_and_say_what_to_do() -> None:
    """The name carries key, approved values and fix, and nothing that a terminal or a CI runner obeys."""
    hostile = 'x"\n::error ::owned\x1b[31m##vso[task.complete]'
    values = (Value("prod"), Value(hostile))
    dictionary = Dictionary(
        "d\n::error::", "1", (Key("env", values=values),), (Requirement("r", Selector(everything=True), ("env",)),)
    )
    checks = plan(dictionary).checks
    text = "\n".join(check.name for check in checks)
    assert not re.search(r"(?m)(?:^|\s)::\w|##\w*\[|[\x00-\x09\x0b-\x1f\x7f]", text)
    assert any(
        "env is required on every resource. Approved: prod" in c.name and "Fix: add the tag env" in c.name
        for c in checks
    )


def test_a_hostile_dictionary_name_stays_in_its_comment() -> None:
    """No text of a dictionary becomes code of the check file."""
    bundle = build(Dictionary('x\nimport os; os.abort() #"""', "1\r\nboom()", digest="0" * 64))
    [source] = [data.decode() for name, data in bundle.files if name.startswith("tagwright_checks_")]
    calls = {ast.unparse(node.func) for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)}
    assert not calls & {"os.abort", "boom"}


def test_foreign_folder_is_refused_and_force_keeps_what_is_there(tmp_path: Path, bundle: Bundle) -> None:
    """Refused without a change; with force nothing of the user's goes."""
    (tmp_path / "mine.py").write_text("x = 1\n")
    with pytest.raises(InputError, match="holds no bundle"):
        write(bundle.files, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.py"]
    write(bundle.files, tmp_path, force=True)
    assert {path.name for path in tmp_path.iterdir()} == {"mine.py", *(name for name, _ in bundle.files)}


def test_an_older_bundle_is_replaced(tmp_path: Path, shipped: Dictionary, bundle: Bundle) -> None:
    """No check of the former dictionary stays behind."""
    write(build(shipped, Options(block_warnings=True)).files, tmp_path)
    write(bundle.files, tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {name for name, _ in bundle.files}


def test_a_file_in_the_way_is_refused(tmp_path: Path, bundle: Bundle) -> None:
    (tmp_path / "out").write_text("")
    with pytest.raises(InputError, match="is a file"):
        write(bundle.files, tmp_path / "out")


def test_signatures_are_as_checkov_wants_them(tmp_path: Path, bundle: Bundle) -> None:
    """Each Python file ends in one line over all before it; the same key gives the same bytes."""
    ecdsa = pytest.importorskip("ecdsa")
    key = ecdsa.SigningKey.generate(curve=ecdsa.NIST256p)
    (tmp_path / "key.pem").write_bytes(key.to_pem())
    files = signed(bundle.files, tmp_path / "key.pem")
    assert files == signed(bundle.files, tmp_path / "key.pem")
    for name, data in files:
        if name.endswith(".py"):
            body, _, trailer = data.rpartition(TRAILER)
            assert body == bundle[name]
            signature = bytes.fromhex(trailer.decode().strip())
            assert key.get_verifying_key().verify(
                signature, body, hashfunc=__import__("hashlib").sha256, sigdecode=ecdsa.util.sigdecode_der
            )


@pytest.mark.parametrize(("content", "says"), [("nonsense", "no private key"), (None, "cannot be read")])
def test_a_bad_key_is_one_clear_line(tmp_path: Path, bundle: Bundle, content: str | None, says: str) -> None:
    pytest.importorskip("ecdsa")
    if content is not None:
        (tmp_path / "key.pem").write_text(content)
    with pytest.raises(InputError, match=says):
        signed(bundle.files, tmp_path / "key.pem")


def test_a_key_on_another_curve_is_refused(tmp_path: Path, bundle: Bundle) -> None:
    ecdsa = pytest.importorskip("ecdsa")
    (tmp_path / "key.pem").write_bytes(ecdsa.SigningKey.generate(curve=ecdsa.NIST384p).to_pem())
    with pytest.raises(InputError, match="P-256"):
        signed(bundle.files, tmp_path / "key.pem")

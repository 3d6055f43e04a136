"""`tagwright drift compare` with states of the real terraform and run folders on disk."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from tests.drift_scanner.declared.applying import Applied
from tests.drift_scanner.declared.live_side import ACCOUNT, REGION, seen
from tests.drift_scanner.dollars import making

from tagwright_cli.commands import drift
from tagwright_cli.main import main
from tagwright_dictionary.dictionary import Dictionary
from tagwright_drift.cells import Cell, CellResult, CellState
from tagwright_drift.declared.reading import read_states

TYPES = ("aws_instance", "aws_s3_bucket", "aws_lambda_function", "aws_autoscaling_group")
HOSTILE = '<script>"|`\n\x1b[31m ::error::@everyone'
SECRETS = ("hush-hush", "quiet", "echoed-secret")
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.setitem(drift.command.lazy, "compare", ("tagwright_cli.commands.drift_compare:command", ""))
    monkeypatch.chdir(tmp_path)

    def invoke(*arguments: str) -> tuple[int, str, str]:
        code = main(["drift", "compare", *arguments, "--state", "state"])
        out, err = capfd.readouterr()
        return code, out, err

    return invoke


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> Dictionary:
    return making.dictionary(tmp_path_factory.mktemp("rules"))


def scanned(tmp_path: Path, rules: Dictionary, applied: Applied, *, hand: bool, lost: str = "") -> None:
    """A run that sees what code says, with some changes by hand, and with one type not seen."""
    (state,) = read_states([str(applied.state)])
    live = []
    for each in state.declared:
        if each.type not in TYPES or each.type == lost:
            continue
        tags = {tag.key: tag.value for tag in each.tags.items}
        if hand and each.address == "aws_instance.trainer[0]":
            tags |= {"owner": HOSTILE, "token": "quiet"}
        if hand and each.address == "aws_lambda_function.f":
            continue
        live.append(seen(each.arn, each.type, tags))
    if hand:
        mine = seen(f"arn:aws:ec2:{REGION}:{ACCOUNT}:instance/i-0aaaaaaaaaaaaaaaa", "aws_instance", {})
        live.append(replace(mine, name=HOSTILE))
    cells = [Cell(ACCOUNT, REGION, type_) for type_ in TYPES if type_ != "aws_s3_bucket"]
    extra = [
        CellResult(cell, CellState.DENIED if cell.type == lost else CellState.COMPLETE, "AccessDenied", pages=1)
        for cell in cells
    ]
    making.write_run(tmp_path / "state" / "runs", rules, making.judged(rules, live), extra=extra)


def test_no_difference(run: Run, rules: Dictionary, applied: Applied, tmp_path: Path) -> None:
    scanned(tmp_path, rules, applied, hand=False)
    code, out, err = run(str(applied.state))
    assert (code, err) == (0, "")
    assert out.startswith("No difference between code and live; 6 of 6 managed resources found live in scan")
    assert "aws_iam_role (1)" in out


@pytest.mark.parametrize("form", ["text", "json", "markdown"])
def test_differences_in_every_format(form: str, run: Run, rules: Dictionary, applied: Applied, tmp_path: Path) -> None:
    scanned(tmp_path, rules, applied, hand=True)
    code, out, err = run(str(applied.state), "--format", form)
    assert (code, err) == (1, "")
    assert run(str(applied.state), "--format", form)[1] == out
    assert not [secret for secret in SECRETS if secret in out]
    assert "\x1b" not in out
    if form == "json":
        document = json.loads(out)
        kinds = {
            name: number for name, number in document["summary"].items() if name in ("changed", "deleted", "unmanaged")
        }
        assert kinds == {"changed": 2, "deleted": 1, "unmanaged": 1}
        changed = {
            each["key"]: (each["code"], each["live"]) for each in document["differences"] if each["kind"] == "changed"
        }
        assert changed == {"owner": ("ml@x.example", HOSTILE), "token": ("(sensitive)", "(sensitive)")}
        return
    assert "::error::" not in out
    if form == "markdown":
        assert "<script>" not in out
        assert "@everyone" not in out
        assert all(line.count(" | ") == 4 for line in out.splitlines() if line.startswith("| <code>"))
    else:
        assert "4 differences between code and live (2 changed, 1 deleted, 1 unmanaged)" in " ".join(out.split())
        assert 'owner = "ml@x.example" in code' in " ".join(out.split())


def test_what_was_not_seen_is_exit_4(run: Run, rules: Dictionary, applied: Applied, tmp_path: Path) -> None:
    scanned(tmp_path, rules, applied, hand=False, lost="aws_lambda_function")
    code, out, _ = run(str(applied.state))
    assert code == 4
    assert "not seen whole: 1 cell" in out
    assert "aws_lambda_function.f" in out
    document = json.loads(run(str(applied.state), "-f", "json")[1])
    assert document["summary"]["deleted"] == 0
    assert [each["type"] for each in document["cells_not_seen"]] == ["aws_lambda_function"]


def test_bad_input(run: Run, rules: Dictionary, applied: Applied, tmp_path: Path) -> None:
    code, _, err = run(str(applied.state))
    assert (code, "there is no run in" in err) == (2, True)
    scanned(tmp_path, rules, applied, hand=False)
    (tmp_path / "bad.json").write_text("{")
    for arguments in (("none.json",), ("bad.json",), (str(applied.folder),)):
        code, out, err = run(*arguments)
        assert (code, out) == (2, "")
        assert arguments[0] in err
        assert "Traceback" not in err

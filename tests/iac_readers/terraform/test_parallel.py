"""Several processes give what one gives, whatever the order of anything."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.iac_readers.terraform.test_forest import BUCKET, call, write

from tagwright_dictionary.model import Reading
from tagwright_iac.reading import ReadOptions, read

CASES = Path(__file__).parents[2] / "cases" / "terraform"
CODE = """
import sys
from pathlib import Path
from tagwright_iac.codec import encode
from tagwright_iac.reading import ReadOptions, read
print(encode(read(["."], ReadOptions(cwd=Path(sys.argv[1]), cache=False, jobs=int(sys.argv[2])))))
"""


def reading(cwd: Path, jobs: int) -> Reading:
    return read(["."], ReadOptions(cwd=cwd, cache=False, jobs=jobs))


@pytest.mark.parametrize("jobs", [2, 3, 64])
def test_processes_give_what_one_gives(jobs: int) -> None:
    """Every case in the tests as one tree: resources, problems, files and comments in the same order."""
    assert reading(CASES, jobs) == reading(CASES, 1)


def test_the_seed_of_hashes_changes_nothing() -> None:
    """The same bytes under every PYTHONHASHSEED, by one process and by two."""
    outputs = set()
    for seed, jobs in (("0", 1), ("1", 1), ("77", 2), ("random", 2)):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        command = [sys.executable, "-c", CODE, str(CASES), str(jobs)]
        outputs.add(subprocess.run(command, capture_output=True, check=True, env=environment, timeout=120).stdout)
    assert len(outputs) == 1
    assert len(outputs.pop()) > 100_000


def test_a_shared_module_is_read_by_each_process(tmp_path: Path) -> None:
    """Roots that share modules do not depend on who read them first."""
    write(tmp_path, {f"r{index}/main.tf": call("../m") + BUCKET % index for index in range(8)})
    write(tmp_path, {"m/main.tf": BUCKET % "m" + "locals {\n  a = local.a\n}\n"})
    assert reading(tmp_path, 4) == reading(tmp_path, 1)


def test_large_trees_use_several_processes_by_themselves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without --jobs: one process for little source, one a core for much, never more than roots."""
    from tagwright_iac.terraform import forest

    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1, 2, 3}, raising=False)
    write(tmp_path, {f"r{index}/main.tf": BUCKET % index for index in range(3)})
    roots = [str(tmp_path / f"r{index}") for index in range(3)]
    options = ReadOptions(cwd=tmp_path)
    assert forest._jobs(options, roots) == 1
    (tmp_path / "r0" / "main.tf").write_text("#" * (forest.PARALLEL_BYTES + 1))
    assert forest._jobs(options, roots) == 3
    assert forest._jobs(options, roots[:1]) == 1


def test_a_process_that_is_killed_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for a worker that is gone."""
    from concurrent.futures.process import BrokenProcessPool

    from tagwright_iac.terraform import roots

    write(tmp_path, {f"r{index}/main.tf": BUCKET % index for index in range(3)})
    monkeypatch.setattr(roots, "evaluate_root", lambda *_: os._exit(9))
    with pytest.raises(BrokenProcessPool):
        reading(tmp_path, 2)


def test_progress_is_told_from_the_main_process(tmp_path: Path) -> None:
    """Each root once, however many processes there are."""
    write(tmp_path, {f"r{index}/main.tf": BUCKET % index for index in range(5)})
    calls: list[tuple[int, int]] = []
    read(["."], ReadOptions(cwd=tmp_path, cache=False, jobs=2, progress=lambda *done: calls.append(done)))
    assert calls == [(1, 5), (2, 5), (3, 5), (4, 5), (5, 5)]

"""`tagwright pulumi init-pack`: the pack that it writes is run."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tagwright_cli.main import main

DICTIONARY = """\
schema: 1
name: acme
version: 1.2.0
keys:
  owner: {format: email, default: ml@acme.example}
  workload: {values: {training: {}}}
requirements:
  - {id: spend, for: [bucket], require: [owner, workload]}
"""


@pytest.fixture
def source(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "tags.yaml"
    path.write_text(DICTIONARY)
    return path


def test_the_pack_enforces_the_dictionary(source, tmp_path, capsys):
    """Over Pulumi's own protocol, in a process of its own, without the file that the dictionary came from."""
    pytest.importorskip("pulumi_policy")
    from tagwright_pulumi.testing import run

    assert main(["pulumi", "init-pack", "pack", "--dictionary", str(source)]) == 0
    assert capsys.readouterr().out == (
        "written to pack: PulumiPolicy.yaml, __main__.py, dictionary.yaml, requirements.txt\n"
        "pulumi preview --policy-pack pack\n"
    )
    source.unlink()
    about = yaml.safe_load(Path("pack/PulumiPolicy.yaml").read_text())
    assert (about["runtime"], sorted(about)) == ("python", ["description", "runtime", "version"])

    def program():
        import pulumi_aws as aws

        aws.s3.Bucket("b")

    result = run(program, packs=[tmp_path / "pack"], preview=True)
    assert (result.exit_code, [each.policy for each in result.diagnostics]) == (1, ["tagwright-required-tags"])
    assert result.one("aws:s3/bucket:Bucket").inputs == {"tags": {"owner": "ml@acme.example"}}


def test_nothing_is_written_over(source, capsys):
    """Unless it is asked for; a refusal writes nothing at all."""
    Path("pack").mkdir()
    Path("pack/__main__.py").write_text("mine\n")
    assert main(["pulumi", "init-pack", "pack", "--dictionary", str(source)]) == 2
    assert "__main__.py already there: nothing was written" in capsys.readouterr().err
    assert [each.name for each in Path("pack").iterdir()] == ["__main__.py"]
    assert main(["pulumi", "init-pack", "pack", "--dictionary", str(source), "--force", "-q"]) == 0
    assert "PolicyPack" in Path("pack/__main__.py").read_text()


def test_a_place_that_cannot_be_written(source, capsys):
    """One line, exit 2."""
    Path("pack").write_text("a file")
    assert main(["pulumi", "init-pack", "pack", "--dictionary", str(source)]) == 2
    assert "pack: cannot be written" in capsys.readouterr().err

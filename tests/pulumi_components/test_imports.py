"""What importing costs, by what it loads; and what is said when a part is missing."""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap

import pytest

LAYERS = {
    "import tagwright_pulumi": set(),
    "import tagwright_pulumi.types; tagwright_pulumi.types.type_table()": set(),
    "from tagwright_pulumi import TagGate, tagged; TagGate()": set(),
    "import tagwright_pulumi.testing": set(),
}


def loaded(code):
    script = f"import json, sys\n{code}\nprint(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    return json.loads(done.stdout)


@pytest.mark.parametrize("code", LAYERS)
def test_importing_loads_no_aws_service(code):
    """pulumi_aws costs a tenth of a second and more for each service: nothing of it is loaded before it is used."""
    modules = loaded(code)
    assert [name for name in modules if name.partition(".")[0] == "pulumi_aws"] == []
    assert "pulumi" in modules


def test_importing_loads_no_test_kit():
    """Nor policy packs, nor the engine, nor what reads and validates YAML."""
    modules = set(loaded("import tagwright_pulumi"))
    assert not [name for name in modules if name.startswith("tagwright_pulumi.testing")]
    assert modules & {"pulumi_policy", "jsonschema", "pytest"} == set()


def test_a_component_loads_only_its_services():
    """A bucket needs S3 and not EC2."""
    code = """
        from tagwright_pulumi import Bucket
        from tagwright_pulumi.testing import run
        tags = {"owner": "a@acme.example", "cost-center": "cc-4100", "workload": "training"}
        assert run(lambda: Bucket("b", {"tags": tags})).exit_code == 0
    """
    modules = set(loaded(textwrap.dedent(code)))
    assert "pulumi_aws.s3.bucket" in modules
    assert not [name for name in modules if name.startswith(("pulumi_aws.ec2.", "pulumi_aws.sagemaker."))]


def without(package, code):
    """The outcome of code where a package is not installed."""
    block = f"""
        import sys
        class Missing:
            def find_spec(self, name, path=None, target=None):
                if name.partition(".")[0] == {package!r}:
                    raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)
        sys.meta_path.insert(0, Missing())
    """
    script = textwrap.dedent(block) + textwrap.dedent(code)
    return subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=60)


def test_without_pulumi_one_line_says_so():
    """With the command that mends it; and as an ImportError, so that `try: import` works."""
    done = without("pulumi", "import tagwright_pulumi")
    assert done.returncode == 1
    assert done.stderr.splitlines()[-2:] == [
        "tagwright_pulumi.MissingPulumiError: tagwright_pulumi needs the optional part 'pulumi'",
        "  help: pip install 'tagwright[pulumi]'",
    ]
    caught = without("pulumi", "try:\n    import tagwright_pulumi\nexcept ImportError:\n    print('caught')\n")
    assert caught.stdout == "caught\n"


def test_without_pulumi_aws_a_component_says_so():
    """A refusal without a traceback, before anything is registered."""
    done = without(
        "pulumi_aws",
        """
        from tagwright_pulumi import Bucket
        from tagwright_pulumi.testing import run
        result = run(lambda: Bucket("b", {"tags": {}}))
        print(result.exit_code, len(result.resources), *result.errors)
        """,
    )
    assert done.stdout.splitlines() == [
        "1 0 a component that creates AWS resources needs the optional part 'pulumi'",
        "  help: pip install 'tagwright[pulumi]'",
    ], done.stderr


def test_the_core_does_not_know_pulumi():
    """Judging, reading and the command line load nothing of Pulumi."""
    code = "import tagwright_dictionary.judging, tagwright_iac.reading, tagwright_policies.gate, tagwright_cli.root"
    assert [name for name in loaded(code) if name.partition(".")[0] in {"pulumi", "grpc"}] == []

"""What docs/pulumi.md says is there."""

from __future__ import annotations

import re
from pathlib import Path

import pulumi
import pytest

import tagwright_pulumi
from tagwright_pulumi import testing

TEXT = (Path(__file__).parents[2] / "docs" / "pulumi.md").read_text()
CODE = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)


@pytest.mark.parametrize("module", [tagwright_pulumi, testing], ids=lambda each: each.__name__)
def test_every_public_name_is_documented(module):
    """Classes of arguments are covered by their component."""
    missing = [
        name
        for name in module.__all__
        if name not in TEXT
        and not name.endswith("Args")
        and name not in {"DataVolume", "EndpointVariant", "RootVolume"}
    ]
    # What a user is handed, and never makes.
    assert set(missing) <= {
        "GatedTags",
        "Problem",
        "Tagged",
        "Diagnostic",
        "Failure",
        "Log",
        "LoopbackError",
        "Remediated",
    }


def test_the_first_example_says_what_is_shown(loopback, project):
    """Run with the tests' dictionary, which the text shows the name of."""
    source = project / "dictionary.yaml"
    source.write_text(source.read_text().replace(", domains: [acme.example]", ""))
    result = loopback(lambda: exec(compile(CODE[0], "docs/pulumi.md", "exec"), {}))  # noqa: S102 - our own document
    shown = re.search(r"    error: (tag policy.*?)\n\n", TEXT, re.DOTALL).group(1)
    lines = [line.removeprefix("    ") for line in shown.splitlines()]
    assert result.errors[0].splitlines()[:-1] == lines[:-1]


def test_the_second_example_runs(loopback, tags):
    """A queue, for which the tests' dictionary asks for an owner."""

    def program():
        pulumi.runtime.set_config("tagwright:defaults", '{"owner": "ml@acme.example", "workload": "training"}')
        exec(compile(CODE[1].replace("data-prep", "training"), "docs/pulumi.md", "exec"), {})  # noqa: S102

    result = loopback(program)
    assert (result.exit_code, result.errors) == (0, ())
    assert result.one("aws:sqs/queue:Queue").inputs["fifoQueue"] is True

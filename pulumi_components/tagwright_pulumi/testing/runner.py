"""`python -m tagwright_pulumi.testing.runner ADDRESS PROGRAM`: a program in a process of its own.

Everything else comes through the variables that Pulumi's own hosts set (PULUMI_PROJECT, PULUMI_CONFIG, ...).
"""

from __future__ import annotations

import json
import os
import runpy
import sys

from tagwright_pulumi.testing.executing import execute


def main(arguments: list[str]) -> int:
    """The program's exit code."""
    address, program, root = arguments
    environ = os.environ
    sys.argv = [program]
    sys.path[0] = program if os.path.isdir(program) else os.path.dirname(program)  # noqa: PTH112, PTH120
    code = execute(
        lambda: runpy.run_path(program, run_name="__main__"),
        address=address,
        project=environ["PULUMI_PROJECT"],
        stack=environ["PULUMI_STACK"],
        organization=environ["PULUMI_ORGANIZATION"],
        preview=environ["PULUMI_DRY_RUN"] == "true",
        root=root,
        config=json.loads(environ["PULUMI_CONFIG"]),
        secrets=json.loads(environ["PULUMI_CONFIG_SECRET_KEYS"]),
    )
    sys.stdout.flush()
    sys.stderr.flush()
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

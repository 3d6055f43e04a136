"""Test Pulumi programs without the Pulumi CLI, a backend or a cloud.

    from tagwright_pulumi.testing import run

    def test_bucket_is_tagged():
        result = run(program, preview=True)
        assert result.exit_code == 0
        assert result.one("aws:s3/bucket:Bucket").inputs["tags"]["owner"] == "ml@acme.example"

`run` starts a small engine on 127.0.0.1 that speaks Pulumi's own gRPC protocol, runs the unmodified program against
it in preview or update mode, and returns what the program registered. Transforms are called, policy packs and remote
components run in their own processes over their real protocols: `pulumi.runtime.set_mocks` does none of that.
`pytest_plugins = ["tagwright_pulumi.testing.plugin"]` gives the same as the fixture `pulumi_loopback`.

It is a test of the protocol, not of the Pulumi engine. It does not prove: what the engine would diff, replace or
delete (there is no state), what a provider's Check makes of the inputs (`check=` stands for it: the merging of
default tags, automatic names), what a cloud would answer (`outputs=`, `invokes=`), refresh, import, or that
`pulumi up` succeeds.
"""

from tagwright_pulumi.testing.model import (
    Diagnostic,
    Failure,
    Log,
    LoopbackError,
    Registration,
    Remediated,
    Run,
)
from tagwright_pulumi.testing.packs import Pack
from tagwright_pulumi.testing.running import run, schema
from tagwright_pulumi.testing.wire import UNKNOWN, Asset, Reference, Secret

__all__ = [
    "UNKNOWN",
    "Asset",
    "Diagnostic",
    "Failure",
    "Log",
    "LoopbackError",
    "Pack",
    "Reference",
    "Registration",
    "Remediated",
    "Run",
    "Secret",
    "run",
    "schema",
]

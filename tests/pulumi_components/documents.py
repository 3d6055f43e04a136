"""The JSON that the Pulumi CLI would write of a loopback run: `pulumi preview --json` and `pulumi stack export`.

In the form of pulumi/pulumi (sdk/go/common/display/json.go, apitype.ResourceV3, pkg/resource/stack/deployment.go): the
marker of unknowns, masked secrets in previews, encrypted ones in exports.
"""

from __future__ import annotations

from tagwright_pulumi.testing import UNKNOWN, Asset, Reference, Secret

MARKER = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
SIGNATURE = "4dabf18193072939515e22adb298388d"
SECRET = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - a signature of the format


def preview_of(run, config=None):
    """The digest of a preview."""
    steps = [_step(each) for each in run.registrations]
    diagnostics = [
        {"message": each.message, "severity": each.severity}
        for each in run.logs
        if each.severity in ("error", "warning")
    ]
    found = {"config": config or {}, "steps": steps, "duration": 1000, "changeSummary": {"create": len(steps)}}
    return {**found, "diagnostics": diagnostics} if diagnostics else found


def export_of(run):
    """The deployment after an update."""
    resources = [{**_state(each, "encrypted"), "id": f"{each.name}-id"} for each in run.registrations]
    return {"version": 3, "deployment": {"manifest": {"version": "v3.263.0"}, "resources": resources}}


def _step(each):
    return {"op": "create", "urn": each.urn, "newState": _state(each, "masked"), "detailedDiff": None}


def _state(each, secrets):
    made = {
        "urn": each.urn,
        "custom": each.custom,
        "type": each.type,
        "inputs": _value(dict(each.inputs), secrets),
        "parent": each.parent,
        "dependencies": list(each.dependencies),
        "propertyDependencies": {key: list(urns) or None for key, urns in each.property_dependencies.items()},
    }
    if each.custom and each.type.startswith("aws:"):
        project = "::".join(each.urn.split("::")[:2])
        made["provider"] = each.provider or f"{project}::pulumi:providers:aws::default_7_51_1::{MARKER}"
    return made


def _value(value, secrets):
    if value is UNKNOWN:
        return MARKER
    if isinstance(value, Secret):
        return "[secret]" if secrets == "masked" else {SIGNATURE: SECRET, "ciphertext": "v1:abc"}
    if isinstance(value, Asset):
        return {SIGNATURE: "c44067f5952c0a294b673a41bacd8c17", **value.source}
    if isinstance(value, Reference):
        return value.id or value.urn
    if isinstance(value, dict):
        return {key: _value(inner, secrets) for key, inner in value.items()}
    return [_value(each, secrets) for each in value] if isinstance(value, (list, tuple)) else value

"""Which adapter reads what Checkov shows."""

from __future__ import annotations

from collections.abc import Mapping

from tagwright_policies.checkov.adapters import (
    arm,
    cloudformation,
    kubernetes,
    serverless,
    terraform,
    terraform_json,
    terraform_plan,
)
from tagwright_policies.checkov.adapters.entity import Adapted, Adapter, Entity


def _terraform(entity: Entity) -> Adapted | None:
    """Checkov has one registry for code, JSON and plans."""
    if "__change_actions__" in entity.conf or (entity.path.endswith(".json") and not _is_code(entity.path)):
        return terraform_plan.adapt(entity)
    if _is_code(entity.path) and entity.graph is None:
        return terraform_json.adapt(entity)
    return terraform.adapt(entity)


def _is_code(path: str) -> bool:
    return path.endswith((".tf.json", ".tofu.json", ".tf", ".tofu"))


ADAPTERS: Mapping[str, Adapter] = {
    "terraform": _terraform,
    "cloudformation": cloudformation.adapt,
    "kubernetes": kubernetes.adapt,
    "serverless": serverless.adapt,
    "arm": arm.adapt,
}

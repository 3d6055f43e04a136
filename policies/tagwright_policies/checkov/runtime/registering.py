"""The checks as Checkov's classes, one instance an id and framework. Importing again registers nothing again."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from importlib import import_module
from typing import Any

from tagwright_dictionary.model import Severity
from tagwright_policies.checkov.adapters.entity import Entity
from tagwright_policies.checkov.runtime.desk import Desk
from tagwright_policies.checkov.runtime.planning import Planned

_TAGGED = ("aws_*", "awscc_*", "azapi_*", "azurerm_*", "google_*", "kubernetes_*", "kubectl_manifest")
BASES: Mapping[str, tuple[str, str, str, tuple[str, ...]]] = {
    "terraform": (
        "checkov.terraform.checks.resource.base_resource_check",
        "BaseResourceCheck",
        "supported_resources",
        _TAGGED,
    ),
    "cloudformation": (
        "checkov.cloudformation.checks.resource.base_resource_check",
        "BaseResourceCheck",
        "supported_resources",
        ("AWS::*",),
    ),
    "kubernetes": ("checkov.kubernetes.checks.resource.base_spec_check", "BaseK8Check", "supported_entities", ("*",)),
    "serverless": (
        "checkov.serverless.checks.function.base_function_check",
        "BaseFunctionCheck",
        "supported_entities",
        ("serverless_*",),
    ),
    "arm": ("checkov.arm.base_resource_check", "BaseResourceCheck", "supported_resources", ("Microsoft.*",)),
}
"""Framework to its base class in Checkov, the name of the argument for its types, and the types. One class serves
Terraform code, JSON and plans; one serves ARM and Bicep.
"""

_SEVERITIES = {Severity.ERROR: "HIGH", Severity.WARNING: "LOW", Severity.INFO: "INFO"}
_registered: list[Any] = []


def register(desk: Desk) -> None:
    """Once a process: a second load of the file finds everything done.

    Raises RuntimeError when no framework's base class could be found, or only some: Checkov then says that it cannot
    load the check, and `tagwright checkov run` refuses.
    """
    if _registered:
        return
    missing = []
    for framework in BASES:
        try:
            _registered.extend(_made(desk, framework))
        except (ImportError, AttributeError, TypeError) as error:
            missing.append(f"{framework} ({type(error).__name__}: {error})")
    desk.tally.loaded(len(_registered))
    if missing:
        raise RuntimeError(f"this Checkov has no place for checks of {', '.join(missing)}")


def _made(desk: Desk, framework: str) -> list[Any]:
    module, name, argument, types = BASES[framework]
    base = getattr(import_module(module), name)
    models = import_module("checkov.common.models.enums")
    kind = _class(base, framework, desk, models.CheckResult)
    made = []
    for planned in desk.plan.checks:
        given = {
            "name": planned.name,
            "id": planned.id,
            "categories": [models.CheckCategories.CONVENTION],
            argument: list(types),
            "guideline": planned.guideline,
        }
        check = kind(**given)
        check.severity = _severity(planned)
        made.append(check)
    return made


def _class(base: Any, framework: str, desk: Desk, results: Any) -> Any:
    """Overrides the outermost method, so that no work of Checkov's own on the configuration goes first."""

    class TagCheck(base):  # type: ignore[misc]  # the base is Checkov's, known only at run time
        def scan_entity_conf(self, conf: Any, entity_type: str) -> Any:
            self.entity_type = entity_type
            status, lines = _result(self, conf, entity_type)
            self.details.extend(lines)
            return getattr(results, status)

        scan_resource_conf = scan_spec_conf = scan_function_conf = _unused

    def _result(check: Any, conf: Any, entity_type: str) -> tuple[str, tuple[str, ...]]:
        try:
            entity = _entity(check, conf, entity_type)
            return desk.outcome(framework, entity).of(check.id)
        except Exception as error:  # noqa: BLE001 - see Desk: an exception would make the resource vanish
            return "FAILED", (f"tagwright could not judge this resource: {type(error).__name__}",)

    TagCheck.__name__ = f"TagwrightCheck_{framework}"
    # Checkov's Bicep registry takes the second part of a check's module for its framework.
    TagCheck.__module__ = f"tagwright.{framework}"
    return TagCheck


def _unused(_self: Any, _conf: Any) -> Any:
    raise NotImplementedError("scan_entity_conf is used")


def _entity(check: Any, conf: Any, entity_type: str) -> Entity:
    path, _, name = str(check.entity_path).partition(f":{entity_type}:")
    hint = conf.get("__file__") if isinstance(conf, Mapping) else None
    hint = hint[0] if isinstance(hint, list) and hint else hint
    return Entity(
        path=path,
        type=entity_type,
        name=name,
        conf=conf,
        graph=getattr(check, "graph", None),
        file=hint if isinstance(hint, str) else "",
    )


def _severity(planned: Planned) -> Any:
    """Checkov's own object, or None where this version keeps severities elsewhere."""
    try:
        severities = import_module("checkov.common.bridgecrew.severities")
        return severities.Severities[getattr(severities.BcSeverities, _SEVERITIES[planned.severity])]
    except (ImportError, AttributeError, KeyError):
        logging.getLogger(__name__).debug("no severities in this Checkov")
        return None

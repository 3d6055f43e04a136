"""Policy packs over their real protocol: Remediate, then Analyze, and AnalyzeStack at the end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime.proto import analyzer_pb2, analyzer_pb2_grpc, resource_pb2

from tagwright_pulumi.testing import wire
from tagwright_pulumi.testing.ledger import Ledger
from tagwright_pulumi.testing.model import NOTHING, Diagnostic, LoopbackError, Registration, Remediated
from tagwright_pulumi.testing.processes import Plugin
from tagwright_pulumi.testing.setting import Setting

_LEVELS: Final = {0: "advisory", 1: "mandatory", 2: "disabled", 3: "remediate"}


@dataclass(frozen=True, slots=True)
class Pack:
    """A policy pack: its folder or its `__main__.py`. `config` maps a policy's name to its properties, among which
    `enforcementLevel` is the level.
    """

    path: str | Path
    config: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


class RunningPack:
    """A pack's process and the client that speaks to it."""

    def __init__(self, pack: str | Path | Pack, engine: str, setting: Setting) -> None:
        given = pack if isinstance(pack, Pack) else Pack(pack)
        path = Path(given.path)
        main = path if path.suffix == ".py" else path / "__main__.py"
        if not main.is_file():
            raise LoopbackError(f"there is no policy pack at {path}: {main} is missing")
        self._plugin = Plugin(
            ["-m", "pulumi.policy", engine, str(main.resolve())], main.parent.resolve(), setting.environment()
        )
        self._channel = grpc.insecure_channel(self._plugin.address)
        self._stub = analyzer_pb2_grpc.AnalyzerStub(self._channel)
        info = self._stub.GetAnalyzerInfo(empty_pb2.Empty())
        self.name = info.name
        self.policies = {each.name: _LEVELS[each.enforcementLevel] for each in info.policies}
        self._configure(given.config, info)
        self._stub.ConfigureStack(
            analyzer_pb2.AnalyzerStackConfigureRequest(
                stack=setting.stack,
                project=setting.project,
                organization=setting.organization,
                dry_run=setting.preview,
                config=dict(setting.config),
                config_secret_keys=list(setting.secrets),
                tags=dict(setting.stack_tags),
            )
        )

    def stop(self) -> None:
        self._channel.close()
        self._plugin.stop()

    def remediate(self, request: resource_pb2.RegisterResourceRequest, ask: Any, ledger: Ledger) -> None:
        """Let the pack rewrite the request's properties."""
        for each in self._stub.Remediate(ask(request)).remediations:
            problem = each.diagnostic
            properties = wire.decode(each.properties) if each.HasField("properties") else NOTHING
            urn = ask(request).urn
            ledger.remediate(Remediated(each.policyName, each.policyPackName, urn, properties, problem))
            if not problem and each.HasField("properties"):
                request.object.CopyFrom(each.properties)

    def analyze(self, asked: analyzer_pb2.AnalyzeRequest, ledger: Ledger) -> bool:
        """Whether a mandatory policy is violated."""
        return _report(self._stub.Analyze(asked).diagnostics, asked.urn, ledger)

    def analyze_stack(self, resources: Iterable[Registration], ledger: Ledger) -> bool:
        asked = analyzer_pb2.AnalyzeStackRequest(resources=[_resource(each) for each in resources])
        return _report(self._stub.AnalyzeStack(asked).diagnostics, "", ledger)

    def _configure(self, config: Mapping[str, Mapping[str, Any]], info: analyzer_pb2.AnalyzerInfo) -> None:
        numbers: dict[str, Any] = {name: number for number, name in _LEVELS.items()}
        merged = {name: wire.decode(each.properties) for name, each in info.initialConfig.items()}
        for name, each in info.initialConfig.items():
            merged[name]["enforcementLevel"] = _LEVELS[each.enforcementLevel]
        for name, given in config.items():
            merged[name] = {**merged.get(name, {}), **given}
        request = analyzer_pb2.ConfigureAnalyzerRequest()
        for name, properties in merged.items():
            level = properties.get("enforcementLevel", self.policies.get(name, "advisory"))
            request.policyConfig[name].enforcementLevel = numbers[level]
            request.policyConfig[name].properties.CopyFrom(
                wire.encode({key: value for key, value in properties.items() if key != "enforcementLevel"})
            )
        self._stub.Configure(request)


def _report(diagnostics: Iterable[analyzer_pb2.AnalyzeDiagnostic], urn: str, ledger: Ledger) -> bool:
    mandatory = False
    for each in diagnostics:
        level = _LEVELS[each.enforcementLevel]
        mandatory |= level == "mandatory"
        ledger.violate(
            Diagnostic(each.policyName, each.policyPackName, level, each.message, each.urn or urn, each.description)
        )
    return mandatory


def _resource(registration: Registration) -> analyzer_pb2.AnalyzerResource:
    properties = wire.for_analyzers(wire.encode({**registration.inputs, **registration.outputs}))
    made = analyzer_pb2.AnalyzerResource(
        type=registration.type,
        properties=properties,
        urn=registration.urn,
        name=registration.name,
        parent=registration.parent,
        dependencies=list(registration.dependencies),
        options=analyzer_pb2.AnalyzerResourceOptions(protect=bool(registration.protect), parent=registration.parent),
    )
    for key, urns in registration.property_dependencies.items():
        made.propertyDependencies[key].urns.extend(urns)
    return made

"""The engine's two services, as far as a program, a policy pack and a component provider use them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NoReturn

import grpc
from google.protobuf import empty_pb2, json_format
from pulumi.runtime.proto import (
    analyzer_pb2,
    engine_pb2,
    engine_pb2_grpc,
    provider_pb2,
    resource_pb2,
    resource_pb2_grpc,
)

from tagwright_pulumi.testing import wire
from tagwright_pulumi.testing.fabricating import fabricate
from tagwright_pulumi.testing.ledger import Ledger
from tagwright_pulumi.testing.model import STACK_TYPE, Failure, Registration
from tagwright_pulumi.testing.packs import RunningPack
from tagwright_pulumi.testing.providers import RunningProvider
from tagwright_pulumi.testing.setting import Setting
from tagwright_pulumi.testing.transforming import Transforms

_SEVERITIES: Final = {0: "debug", 1: "info", 2: "warning", 3: "error"}

# Everything the SDK may ask for but state migrations and byte strings, which need a state.
_FEATURES: Final = (
    "SECRETS",
    "RESOURCE_REFERENCES",
    "OUTPUT_VALUES",
    "ALIAS_SPECS",
    "DELETED_WITH",
    "REPLACE_WITH",
    "TRANSFORMS",
    "INVOKE_TRANSFORMS",
    "PARAMETERIZATION",
    "RESOURCE_HOOKS",
    "ERROR_HOOKS",
)


class EngineService(engine_pb2_grpc.EngineServicer):
    """Log, and the root resource."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._root = ""

    def Log(self, request: engine_pb2.LogRequest, context: Any) -> empty_pb2.Empty:  # noqa: N802, ARG002
        self._ledger.log(_SEVERITIES.get(request.severity, "info"), request.message, request.urn)
        return empty_pb2.Empty()

    def GetRootResource(self, request: Any, context: Any) -> engine_pb2.GetRootResourceResponse:  # noqa: N802, ARG002
        return engine_pb2.GetRootResourceResponse(urn=self._root)

    def SetRootResource(self, request: Any, context: Any) -> engine_pb2.SetRootResourceResponse:  # noqa: N802, ARG002
        self._root = request.urn
        return engine_pb2.SetRootResourceResponse()

    def RequirePulumiVersion(self, request: Any, context: Any) -> Any:  # noqa: N802, ARG002
        return engine_pb2.RequirePulumiVersionResponse()


class MonitorService(resource_pb2_grpc.ResourceMonitorServicer):
    """Registers resources in the engine's order: transforms, the provider's Check, every pack's Remediate, every
    pack's Analyze.
    """

    def __init__(self, setting: Setting, ledger: Ledger, address: Callable[[], str]) -> None:
        self._setting = setting
        self._ledger = ledger
        self._address = address
        self._transforms = Transforms()
        self._lock = threading.Lock()
        self._provider_properties: dict[str, Mapping[str, Any]] = {}
        self.packs: Sequence[RunningPack] = ()
        self.providers: dict[str, RunningProvider] = {}

    def GetDeploymentInfo(self, request: Any, context: Any) -> resource_pb2.DeploymentInfo:  # noqa: N802, ARG002
        setting = self._setting
        return resource_pb2.DeploymentInfo(
            project=setting.project,
            stack=setting.stack,
            organization=setting.organization,
            dryRun=setting.preview,
            parallel=16,
            config=dict(setting.config),
            configSecretKeys=list(setting.secrets),
            supportedFeatures=[
                getattr(resource_pb2, f"RESOURCE_MONITOR_FEATURE_{name}")
                for name in _FEATURES
                if hasattr(resource_pb2, f"RESOURCE_MONITOR_FEATURE_{name}")
            ],
        )

    def SupportsFeature(self, request: Any, context: Any) -> resource_pb2.SupportsFeatureResponse:  # noqa: N802, ARG002
        upper = "".join(f"_{char}" if char.isupper() else char.upper() for char in request.id)
        return resource_pb2.SupportsFeatureResponse(hasSupport=upper in _FEATURES)

    def RegisterPackage(self, request: Any, context: Any) -> resource_pb2.RegisterPackageResponse:  # noqa: N802, ARG002
        return resource_pb2.RegisterPackageResponse(ref=f"{request.name}@{request.version}")

    def RegisterStackTransform(self, request: Any, context: Any) -> empty_pb2.Empty:  # noqa: N802, ARG002
        self._transforms.add(request)
        return empty_pb2.Empty()

    def RegisterStackInvokeTransform(self, request: Any, context: Any) -> empty_pb2.Empty:  # noqa: N802, ARG002
        return empty_pb2.Empty()

    def RegisterResourceHook(self, request: Any, context: Any) -> empty_pb2.Empty:  # noqa: N802, ARG002
        return empty_pb2.Empty()

    def RegisterErrorHook(self, request: Any, context: Any) -> empty_pb2.Empty:  # noqa: N802, ARG002
        return empty_pb2.Empty()

    def SignalAndWaitForShutdown(self, request: Any, context: Any) -> empty_pb2.Empty:  # noqa: N802, ARG002
        return empty_pb2.Empty()

    def RegisterResourceOutputs(self, request: Any, context: Any) -> empty_pb2.Empty:  # noqa: N802, ARG002
        self._ledger.set_outputs(request.urn, wire.decode(request.outputs))
        return empty_pb2.Empty()

    def ReadResource(self, request: Any, context: Any) -> resource_pb2.ReadResourceResponse:  # noqa: N802, ARG002
        self._ledger.read(request.type, request.id)
        urn = self._urn(request.type, request.name, request.parent)
        return resource_pb2.ReadResourceResponse(urn=urn, id=request.id, properties=request.properties)

    def Invoke(self, request: Any, context: Any) -> provider_pb2.InvokeResponse:  # noqa: N802, ARG002
        arguments = wire.decode(request.args)
        self._ledger.invoke(request.tok, arguments)
        if request.tok == "pulumi:pulumi:getResource":
            return provider_pb2.InvokeResponse()
        answer = self._setting.invokes(request.tok, arguments) if self._setting.invokes else arguments
        response = provider_pb2.InvokeResponse()
        getattr(response, "return").CopyFrom(wire.encode(answer))
        return response

    def RegisterResource(self, request: Any, context: Any) -> resource_pb2.RegisterResourceResponse:  # noqa: N802
        own = list(request.transforms)
        try:
            self._transforms.apply(request)
        except grpc.RpcError as error:
            _abort(context, grpc.StatusCode.UNKNOWN, error.details())
        urn = self._urn(request.type, request.name, request.parent)
        self._transforms.remember(urn, request.parent, own)
        if request.remote:
            return self._construct(request, context)
        return self._register(request, urn, context)

    def finish(self, registrations: Sequence[Registration]) -> None:
        """The stack is complete: the packs look at all of it."""
        for pack in self.packs:
            pack.analyze_stack(registrations, self._ledger)

    def _register(
        self, request: resource_pb2.RegisterResourceRequest, urn: str, context: Any
    ) -> resource_pb2.RegisterResourceResponse:
        setting = self._setting
        if request.custom and setting.check is not None:
            request.object.CopyFrom(wire.encode(setting.check(request.type, wire.decode(request.object))))
        for pack in self.packs:
            pack.remediate(request, lambda each: self._asked(each, urn), self._ledger)
        refused = [pack.analyze(self._asked(request, urn), self._ledger) for pack in self.packs]
        if any(refused) and not setting.preview:
            # The engine makes the resource invalid and stops; a preview goes on and fails at its end.
            _abort(context, grpc.StatusCode.UNAVAILABLE, f"{urn} violates a mandatory policy")
        registration = _registration(request, urn)
        if not self._ledger.register(registration):
            self._ledger.log("error", f"Duplicate resource URN '{urn}'; try giving it a unique name", urn)
            _abort(context, grpc.StatusCode.UNAVAILABLE, f"duplicate resource {urn}")
        if request.type.startswith("pulumi:providers:"):
            with self._lock:
                self._provider_properties[urn] = registration.inputs
        response = resource_pb2.RegisterResourceResponse(urn=urn, object=request.object)
        if request.custom and not setting.preview:
            response.id = request.importId or f"{request.name}-id"
            chosen = setting.outputs(registration) if setting.outputs is not None else {}
            raw = json_format.MessageToDict(wire.encode({**fabricate(registration)}))
            raw |= json_format.MessageToDict(request.object)
            raw |= json_format.MessageToDict(wire.encode(dict(chosen)))
            response.object.Clear()
            response.object.update(raw)
        return response

    def _construct(
        self, request: resource_pb2.RegisterResourceRequest, context: Any
    ) -> resource_pb2.RegisterResourceResponse:
        package = request.type.partition(":")[0]
        provider = self.providers.get(package)
        if provider is None:
            _abort(
                context,
                grpc.StatusCode.UNAVAILABLE,
                f"{request.type} is a remote component: give its plugin folder to run(components=[...])",
            )
        answer = provider.construct(request, self._address())
        if isinstance(answer, Failure):
            self._ledger.fail(answer)
            reasons = "".join(f"\n  {path}: {reason}" for path, reason in answer.properties)
            self._ledger.log("error", f"{request.type} {request.name!r}: {answer.message}{reasons}")
            _abort(context, grpc.StatusCode.UNAVAILABLE, "the component was not constructed")
        response = resource_pb2.RegisterResourceResponse(urn=answer.urn, object=answer.state)
        for key, dependencies in answer.stateDependencies.items():
            response.propertyDependencies[key].urns.extend(dependencies.urns)
        return response

    def _asked(self, request: resource_pb2.RegisterResourceRequest, urn: str) -> analyzer_pb2.AnalyzeRequest:
        asked = analyzer_pb2.AnalyzeRequest(
            type=request.type,
            properties=wire.for_analyzers(request.object),
            urn=urn,
            name=request.name,
            options=analyzer_pb2.AnalyzerResourceOptions(
                protect=request.protect,
                ignoreChanges=list(request.ignoreChanges),
                parent=request.parent,
                additionalSecretOutputs=list(request.additionalSecretOutputs),
            ),
        )
        provider_urn = request.provider.rpartition("::")[0]
        with self._lock:
            properties = self._provider_properties.get(provider_urn)
        if properties is not None:
            kind, name = provider_urn.split("::")[2].rpartition("$")[2], provider_urn.rpartition("::")[2]
            asked.provider.CopyFrom(
                analyzer_pb2.AnalyzerProviderResource(
                    type=kind, properties=wire.encode(properties), urn=provider_urn, name=name
                )
            )
        return asked

    def _urn(self, type_: str, name: str, parent: str) -> str:
        kind = type_
        if parent:
            above = parent.split("::")[2]
            kind = type_ if above == STACK_TYPE else f"{above}${type_}"
        return f"urn:pulumi:{self._setting.stack}::{self._setting.project}::{kind}::{name}"


def _abort(context: Any, code: grpc.StatusCode, message: str) -> NoReturn:
    context.abort(code, message)
    raise AssertionError("abort raises")


def _registration(request: resource_pb2.RegisterResourceRequest, urn: str) -> Registration:
    return Registration(
        type=request.type,
        name=request.name,
        urn=urn,
        inputs=wire.decode(request.object),
        custom=request.custom,
        remote=request.remote,
        parent=request.parent,
        protect=request.protect if request.HasField("protect") else None,
        provider=request.provider,
        providers=dict(request.providers),
        aliases=(
            *request.aliasURNs,
            *(each.urn or json_format.MessageToDict(each.spec) for each in request.aliases),
        ),
        dependencies=tuple(sorted(request.dependencies)),
        property_dependencies={
            key: tuple(sorted(each.urns)) for key, each in sorted(request.propertyDependencies.items())
        },
        ignore_changes=tuple(request.ignoreChanges),
        retain_on_delete=request.retainOnDelete if request.HasField("retainOnDelete") else None,
        delete_before_replace=request.deleteBeforeReplace if request.deleteBeforeReplaceDefined else None,
        import_id=request.importId,
        version=request.version,
    )

"""Component providers in their own process: the schema they show, and Construct."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import grpc
import yaml
from pulumi.runtime.proto import errors_pb2, provider_pb2, provider_pb2_grpc, resource_pb2, status_pb2

from tagwright_pulumi.testing.model import Failure, LoopbackError
from tagwright_pulumi.testing.processes import Plugin
from tagwright_pulumi.testing.setting import Setting


class RunningProvider:
    """The process of one plugin folder (with its `PulumiPlugin.yaml`) and the client that speaks to it."""

    def __init__(self, folder: str | Path, engine: str, setting: Setting) -> None:
        main = plugin_main(Path(folder))
        self._plugin = Plugin([str(main), engine], setting.root, setting.environment())
        self._setting = setting
        self._channel = grpc.insecure_channel(self._plugin.address)
        self._stub = provider_pb2_grpc.ResourceProviderStub(self._channel)
        try:
            self.schema: dict[str, Any] = json.loads(
                self._stub.GetSchema(provider_pb2.GetSchemaRequest(version=0)).schema
            )
        except grpc.RpcError as error:
            self.stop()
            raise LoopbackError(f"{folder} shows no schema: {error.details()}") from error
        self.package: str = self.schema["name"]

    def stop(self) -> None:
        self._channel.close()
        self._plugin.stop()

    def construct(
        self, request: resource_pb2.RegisterResourceRequest, monitor: str
    ) -> provider_pb2.ConstructResponse | Failure:
        """Have the provider build the component; its children register with the monitor at that address."""
        setting = self._setting
        asked = provider_pb2.ConstructRequest(
            project=setting.project,
            stack=setting.stack,
            organization=setting.organization,
            config=dict(setting.config),
            configSecretKeys=list(setting.secrets),
            dryRun=setting.preview,
            parallel=16,
            monitorEndpoint=monitor,
            type=request.type,
            name=request.name,
            parent=request.parent,
            inputs=request.object,
            providers=dict(request.providers),
            dependencies=list(request.dependencies),
            aliases=list(request.aliases),
            ignoreChanges=list(request.ignoreChanges),
            replaceOnChanges=list(request.replaceOnChanges),
            deletedWith=request.deletedWith,
            accepts_output_values=True,
        )
        if request.HasField("protect"):
            asked.protect = request.protect
        if request.HasField("retainOnDelete"):
            asked.retainOnDelete = request.retainOnDelete
        for key, dependencies in request.propertyDependencies.items():
            asked.inputDependencies[key].urns.extend(dependencies.urns)
        try:
            answer: provider_pb2.ConstructResponse = self._stub.Construct(asked)
        except grpc.RpcError as error:
            return _failure(request, error)
        return answer


def plugin_main(folder: Path) -> Path:
    """The program that a plugin folder names: `main` of its PulumiPlugin.yaml, else `__main__.py`."""
    manifest = folder / "PulumiPlugin.yaml"
    if not manifest.is_file():
        raise LoopbackError(f"there is no component plugin at {folder}: PulumiPlugin.yaml is missing")
    described = yaml.safe_load(manifest.read_text("utf-8"))
    runtime = described.get("runtime") if isinstance(described, dict) else None
    name = runtime.get("name") if isinstance(runtime, dict) else runtime
    if name != "python":
        raise LoopbackError(f"{manifest}: runtime is {name!r}; only python plugins can be run here")
    main = folder / (described.get("main") or ".")
    main = main / "__main__.py" if main.is_dir() else main
    if not main.is_file():
        raise LoopbackError(f"{manifest}: there is no {main}")
    return main.resolve()


def _failure(request: resource_pb2.RegisterResourceRequest, error: grpc.RpcError) -> Failure:
    properties: list[tuple[str, str]] = []
    for key, value in error.trailing_metadata() or ():
        if key == "grpc-status-details-bin":
            for detail in status_pb2.Status.FromString(value).details:
                found = errors_pb2.InputPropertiesError()
                if detail.Unpack(found):
                    properties += [(each.property_path, each.reason) for each in found.errors]
    return Failure(request.type, request.name, error.code().name, error.details() or "", tuple(properties))

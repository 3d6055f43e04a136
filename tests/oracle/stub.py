"""Stub providers that Terraform plans with: gRPC servers inside this process, on loopback ports.

    with Servers() as servers:
        terraform.run(["plan"], directory, env=servers.env())

They are handed over by TF_REATTACH_PROVIDERS, so nothing is installed, no version is chosen and nothing is left
running. Every provider instance of a configuration (default, each alias) opens a connection of its own, which is why
the provider's configuration is kept per connection. What they imitate of the real providers, and what not: the
comments of `Provider`.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from concurrent import futures
from types import TracebackType
from typing import Any, Self

import grpc  # type: ignore[import-untyped]
import msgpack  # type: ignore[import-untyped]
from tests.oracle import schema as schemas
from tests.oracle.fake_data import fake
from tf.gen import (  # type: ignore[import-untyped]
    grpc_controller_pb2,
    grpc_controller_pb2_grpc,
    grpc_stdio_pb2_grpc,
)
from tf.gen import tfplugin_pb2 as pb
from tf.gen import tfplugin_pb2_grpc as rpc

# Terraform's wire format for a value known only after apply: msgpack extension 0 (12 carries refinements as well).
UNKNOWN = msgpack.ExtType(0, b"\x00")
# google-beta is the same provider under another name.
SERVED_AS = {"google": ("google", "google-beta")}


def is_unknown(value: Any) -> bool:
    return isinstance(value, msgpack.ExtType)


class Provider(rpc.ProviderServicer):  # type: ignore[misc]
    """One stub provider. Every argument is optional; a computed attribute that is not set is unknown at plan.

    `salt` changes what data sources return (see `fake_data`). `faithful` makes `tags_all` as coarse as the real aws
    provider's plan: wholly unknown as soon as an own tag is unknown or empty or there are no tags, and defaults with
    unknown values left out; without it tags_all is told per key, as it will be after apply. `resolve` plans computed
    attributes as (salted) known values, as if everything had been applied: what a reader claims in spite of unknowns
    must hold in every such world.
    """

    def __init__(self, name: str) -> None:
        self.schema = schemas.load(name)
        self.salt = 0
        self.faithful = False
        self.resolve = False
        self._configurations: dict[str, dict[str, Any]] = {}
        self._response = self._schema_response()

    def forget(self) -> None:
        """Drop the configurations of earlier plans (ports are used again)."""
        self._configurations.clear()

    def GetProviderSchema(self, request: Any, context: Any) -> Any:  # noqa: N802
        return self._response

    def ValidateProviderConfig(self, request: Any, context: Any) -> Any:  # noqa: N802
        return pb.ValidateProviderConfig.Response()

    def ValidateResourceConfig(self, request: Any, context: Any) -> Any:  # noqa: N802
        return pb.ValidateResourceConfig.Response()

    def ValidateDataResourceConfig(self, request: Any, context: Any) -> Any:  # noqa: N802
        return pb.ValidateDataResourceConfig.Response()

    def ConfigureProvider(self, request: Any, context: Any) -> Any:  # noqa: N802
        self._configurations[context.peer()] = _unpack(request.config) or {}
        return pb.ConfigureProvider.Response()

    def UpgradeResourceState(self, request: Any, context: Any) -> Any:  # noqa: N802
        state = json.loads(request.raw_state.json)
        return pb.UpgradeResourceState.Response(upgraded_state=_pack(state))

    def ReadResource(self, request: Any, context: Any) -> Any:  # noqa: N802
        return pb.ReadResource.Response(new_state=request.current_state)

    def PlanResourceChange(self, request: Any, context: Any) -> Any:  # noqa: N802
        state = _unpack(request.proposed_new_state)
        if state is not None:
            block = self.schema.resources[request.type_name]
            self._compute(block, state, request.type_name)
            self._plan_tags(block, state, _unpack(request.config), context.peer())
        return pb.PlanResourceChange.Response(planned_state=_pack(state))

    def ApplyResourceChange(self, request: Any, context: Any) -> Any:  # noqa: N802
        return pb.ApplyResourceChange.Response(
            diagnostics=[pb.Diagnostic(severity=pb.Diagnostic.ERROR, summary="the stub provider only plans")]
        )

    def ImportResourceState(self, request: Any, context: Any) -> Any:  # noqa: N802
        block = self.schema.resources[request.type_name]
        state: dict[str, Any] = dict.fromkeys(block.attributes) | {name: [] for name in block.blocks}
        imported = pb.ImportResourceState.ImportedResource(
            type_name=request.type_name, state=_pack(state | {"id": request.id})
        )
        return pb.ImportResourceState.Response(imported_resources=[imported])

    def ReadDataSource(self, request: Any, context: Any) -> Any:  # noqa: N802
        state = _unpack(request.config)
        block = self.schema.data[request.type_name]
        configuration = self._configurations.get(context.peer(), {})
        for name, attribute in block.attributes.items():
            if not attribute.computed or state.get(name) is not None:
                continue
            if request.type_name == "aws_default_tags" and name == "tags":
                defaults = self._defaults(context.peer())
                state[name] = {} if is_unknown(defaults) else _known(defaults or {})
            else:
                state[name] = fake(request.type_name, name, attribute.type, configuration, self.salt)
        return pb.ReadDataSource.Response(state=_pack(state))

    def StopProvider(self, request: Any, context: Any) -> Any:  # noqa: N802
        return pb.StopProvider.Response()

    def _compute(self, block: schemas.Block, state: dict[str, Any], name: str) -> None:
        """Fill the computed attributes that are not set; `name` tells fakes of different resource types apart."""
        for key, attribute in block.attributes.items():
            if attribute.computed and state.get(key) is None:
                state[key] = fake(name, key, attribute.type, {}, self.salt) if self.resolve else UNKNOWN
        for key, nested in block.blocks.items():
            items = state.get(key)
            for item in items if isinstance(items, list) else ():
                if isinstance(item, dict):
                    self._compute(nested.block, item, name)

    def _defaults(self, peer: str) -> Any:
        """default_tags or default_labels of the connection's provider instance: a map, None, or unknown."""
        configuration = self._configurations.get(peer, {})
        if self.schema.name == "google":
            return configuration.get("default_labels")
        blocks = configuration.get("default_tags")
        if is_unknown(blocks):
            return UNKNOWN
        return blocks[0]["tags"] if blocks else None

    def _plan_tags(self, block: schemas.Block, state: dict[str, Any], config: Mapping[str, Any], peer: str) -> None:
        defaults = self._defaults(peer)
        if schemas.DEFAULTS_PART in block.attributes:
            state[schemas.DEFAULTS_PART] = defaults
        if not block.defaults:
            return
        own = state.get(block.tags)
        if self.faithful:
            defaults = _known({} if is_unknown(defaults) else defaults or {})
            coarse = is_unknown(own) or not own or any(is_unknown(value) or value == "" for value in own.values())
            merged = UNKNOWN if coarse else defaults | _present(own or {})
        elif is_unknown(own) or is_unknown(defaults):
            merged = UNKNOWN
        else:
            merged = _present(defaults or {}) | _present(own or {})
        if "terraform_labels" in block.attributes:
            state["terraform_labels"] = state["effective_labels"] = merged
        elif config.get("tags_all") is None:
            state["tags_all"] = merged if is_unknown(merged) else self._without_ignored(merged, peer)

    def _without_ignored(self, tags: Mapping[str, Any], peer: str) -> dict[str, Any]:
        blocks = self._configurations.get(peer, {}).get("ignore_tags")
        ignored = blocks[0] if blocks and not is_unknown(blocks) else {}
        keys, prefixes = ignored.get("keys"), ignored.get("key_prefixes")
        keys = () if is_unknown(keys) else tuple(keys or ())
        prefixes = () if is_unknown(prefixes) else tuple(prefixes or ())
        return {key: value for key, value in tags.items() if key not in keys and not key.startswith(prefixes)}

    def _schema_response(self) -> Any:
        return pb.GetProviderSchema.Response(
            provider=pb.Schema(block=_block(self.schema.provider)),
            resource_schemas={name: pb.Schema(block=_block(item)) for name, item in self.schema.resources.items()},
            data_source_schemas={name: pb.Schema(block=_block(item)) for name, item in self.schema.data.items()},
            server_capabilities=pb.ServerCapabilities(get_provider_schema_optional=True),
        )


class Servers:
    """The running stubs. `env()` is what a terraform process needs to find them; `close()` stops them."""

    def __init__(self, names: Sequence[str] = schemas.PROVIDERS) -> None:
        self.providers = {name: Provider(name) for name in names}
        self._servers = []
        reattach = {}
        for name, provider in self.providers.items():
            server = grpc.server(futures.ThreadPoolExecutor(max_workers=8, thread_name_prefix=f"stub-{name}"))
            rpc.add_ProviderServicer_to_server(provider, server)
            grpc_controller_pb2_grpc.add_GRPCControllerServicer_to_server(_Controller(), server)
            grpc_stdio_pb2_grpc.add_GRPCStdioServicer_to_server(_Stdio(), server)
            port = server.add_insecure_port("127.0.0.1:0")
            server.start()
            self._servers.append(server)
            for alias in SERVED_AS.get(name, (name,)):
                reattach[f"registry.terraform.io/hashicorp/{alias}"] = {
                    "Protocol": "grpc",
                    "ProtocolVersion": 6,
                    "Pid": os.getpid(),
                    "Test": True,
                    "Addr": {"Network": "tcp", "String": f"127.0.0.1:{port}"},
                }
        self._env = {"TF_REATTACH_PROVIDERS": json.dumps(reattach)}

    def env(self, *, salt: int = 0, faithful: bool = False, resolve: bool = False) -> dict[str, str]:
        """Ready the stubs for one plan and return the variables that point Terraform at them."""
        for provider in self.providers.values():
            provider.forget()
            provider.salt = salt
            provider.faithful = faithful
            provider.resolve = resolve
        return dict(self._env)

    def close(self) -> None:
        for stopping in [server.stop(grace=None) for server in self._servers]:
            stopping.wait(5)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


class _Controller(grpc_controller_pb2_grpc.GRPCControllerServicer):  # type: ignore[misc]
    def Shutdown(self, request: Any, context: Any) -> Any:  # noqa: N802
        return grpc_controller_pb2.Empty()


class _Stdio(grpc_stdio_pb2_grpc.GRPCStdioServicer):  # type: ignore[misc]
    def StreamStdio(self, request: Any, context: Any) -> Any:  # noqa: N802
        return iter(())


def _present(tags: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in tags.items() if value is not None}


def _known(tags: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in tags.items() if value is not None and not is_unknown(value)}


def _block(block: schemas.Block) -> Any:
    nesting = pb.Schema.NestedBlock
    return pb.Schema.Block(
        attributes=[
            pb.Schema.Attribute(
                name=name,
                type=json.dumps(attribute.type).encode(),
                optional=attribute.optional,
                computed=attribute.computed,
            )
            for name, attribute in block.attributes.items()
        ],
        block_types=[
            nesting(
                type_name=name,
                block=_block(nested.block),
                nesting=nesting.SET if nested.is_set else nesting.LIST,
                max_items=nested.max_items,
            )
            for name, nested in block.blocks.items()
        ],
    )


def _unpack(value: Any) -> Any:
    return msgpack.unpackb(value.msgpack, strict_map_key=False) if value.msgpack else None


def _pack(value: Any) -> Any:
    return pb.DynamicValue(msgpack=msgpack.packb(value))

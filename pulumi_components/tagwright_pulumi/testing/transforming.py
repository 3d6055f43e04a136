"""Calling a program's transforms back, as the engine does: the resource's own, its ancestors', then the stack's."""

from __future__ import annotations

import threading
from typing import Final

import grpc
from google.protobuf import struct_pb2
from pulumi.runtime.proto import callback_pb2, callback_pb2_grpc, resource_pb2

_COPIED: Final = (
    "ignore_changes ignoreChanges",
    "replace_on_changes replaceOnChanges",
    "additional_secret_outputs additionalSecretOutputs",
    "depends_on dependencies",
)
_SCALARS: Final = (
    "provider provider",
    "version version",
    "plugin_download_url pluginDownloadURL",
    "deleted_with deletedWith",
    "import importId",
)


class Transforms:
    """The transforms of one run."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._stack: list[callback_pb2.Callback] = []
        self._own: dict[str, list[callback_pb2.Callback]] = {}
        self._parents: dict[str, str] = {}
        self._stubs: dict[str, callback_pb2_grpc.CallbacksStub] = {}

    def add(self, callback: callback_pb2.Callback) -> None:
        """A transform of the whole stack; the same one twice is called twice, as by the engine."""
        with self._lock:
            self._stack.append(callback)

    def remember(self, urn: str, parent: str, callbacks: list[callback_pb2.Callback]) -> None:
        """What a resource's children inherit."""
        with self._lock:
            # A remote component is registered twice: by the program, and by the process that constructs it.
            self._own[urn] = callbacks or self._own.get(urn, [])
            self._parents[urn] = parent

    def apply(self, request: resource_pb2.RegisterResourceRequest) -> None:
        """Change the request in place. Raises grpc.RpcError when a transform fails."""
        for callback in self._chain(request):
            asked = resource_pb2.TransformRequest(
                type=request.type,
                name=request.name,
                custom=request.custom,
                parent=request.parent,
                properties=request.object,
                options=_options(request),
            )
            invoked = self._stub(callback.target).Invoke(
                callback_pb2.CallbackInvokeRequest(token=callback.token, request=asked.SerializeToString())
            )
            answer = resource_pb2.TransformResponse.FromString(invoked.response)
            request.object.CopyFrom(answer.properties if answer.HasField("properties") else struct_pb2.Struct())
            if answer.HasField("options"):
                _take(request, answer.options)

    def _chain(self, request: resource_pb2.RegisterResourceRequest) -> list[callback_pb2.Callback]:
        with self._lock:
            chain = list(request.transforms)
            parent = request.parent
            while parent:
                chain += self._own.get(parent, [])
                parent = self._parents.get(parent, "")
            return chain + self._stack

    def _stub(self, target: str) -> callback_pb2_grpc.CallbacksStub:
        with self._lock:
            if target not in self._stubs:
                self._stubs[target] = callback_pb2_grpc.CallbacksStub(grpc.insecure_channel(target))
            return self._stubs[target]


def _options(request: resource_pb2.RegisterResourceRequest) -> resource_pb2.TransformResourceOptions:
    options = resource_pb2.TransformResourceOptions(aliases=list(request.aliases), providers=dict(request.providers))
    for pair in _COPIED:
        theirs, ours = pair.split()
        getattr(options, theirs).extend(getattr(request, ours))
    for pair in _SCALARS:
        theirs, ours = pair.split()
        setattr(options, theirs, getattr(request, ours))
    if request.HasField("protect"):
        options.protect = request.protect
    if request.HasField("retainOnDelete"):
        options.retain_on_delete = request.retainOnDelete
    if request.deleteBeforeReplaceDefined:
        options.delete_before_replace = request.deleteBeforeReplace
    return options


def _take(request: resource_pb2.RegisterResourceRequest, options: resource_pb2.TransformResourceOptions) -> None:
    del request.aliases[:]
    request.aliases.extend(options.aliases)
    request.providers.clear()
    request.providers.update(options.providers)
    for pair in _COPIED:
        theirs, ours = pair.split()
        del getattr(request, ours)[:]
        getattr(request, ours).extend(getattr(options, theirs))
    for pair in _SCALARS:
        theirs, ours = pair.split()
        setattr(request, ours, getattr(options, theirs))
    if options.HasField("protect"):
        request.protect = options.protect
    if options.HasField("retain_on_delete"):
        request.retainOnDelete = options.retain_on_delete
    if options.HasField("delete_before_replace"):
        request.deleteBeforeReplace = options.delete_before_replace
        request.deleteBeforeReplaceDefined = True

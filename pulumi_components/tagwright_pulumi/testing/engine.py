"""The loopback engine: both services on one port of 127.0.0.1, with the packs and component providers of a run."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

import grpc
from pulumi.runtime.proto import engine_pb2_grpc, resource_pb2_grpc

from tagwright_pulumi.testing.ledger import Ledger
from tagwright_pulumi.testing.model import LoopbackError, Run
from tagwright_pulumi.testing.monitor import EngineService, MonitorService
from tagwright_pulumi.testing.packs import Pack, RunningPack
from tagwright_pulumi.testing.providers import RunningProvider
from tagwright_pulumi.testing.setting import Setting

_MOST_BYTES = 400 * 1024 * 1024  # the SDK's own limit of a message

# A registration waits in its thread for transforms, packs and, for a remote component, for its children's.
_THREADS = 64

_Plugin = TypeVar("_Plugin", RunningPack, RunningProvider)


class Loopback:
    """Serves one run. Never listens on anything but 127.0.0.1, at a port that the system chooses.

    `address` serves both the monitor and the engine. Leaving the context stops every process it started.
    """

    def __init__(
        self,
        setting: Setting,
        packs: Sequence[str | Path | Pack] = (),
        components: Sequence[str | Path] = (),
    ) -> None:
        self.setting = setting
        self.ledger = Ledger()
        self.address = ""
        self._packs = packs
        self._components = components
        self._running: list[RunningPack | RunningProvider] = []
        self._pool = ThreadPoolExecutor(_THREADS, "loopback")
        self._server = grpc.server(
            self._pool,
            options=[("grpc.max_receive_message_length", _MOST_BYTES), ("grpc.so_reuseport", 0)],
        )
        self._monitor = MonitorService(setting, self.ledger, lambda: self.address)

    def __enter__(self) -> Self:
        resource_pb2_grpc.add_ResourceMonitorServicer_to_server(self._monitor, self._server)
        engine_pb2_grpc.add_EngineServicer_to_server(EngineService(self.ledger), self._server)
        self.address = f"127.0.0.1:{self._server.add_insecure_port('127.0.0.1:0')}"
        self._server.start()
        try:
            packs = [self._started(RunningPack(pack, self.address, self.setting)) for pack in self._packs]
            for folder in self._components:
                provider = self._started(RunningProvider(folder, self.address, self.setting))
                if provider.package in self._monitor.providers:
                    raise LoopbackError(f"two of the components are called {provider.package}")
                self._monitor.providers[provider.package] = provider
            self._monitor.packs = packs
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def finish(self, exit_code: int, stdout: str = "", stderr: str = "") -> Run:
        """Let the packs look at the whole stack, and hand over what happened."""
        if exit_code == 0:
            self._monitor.finish(self.ledger.close(0).registrations)
        return self.ledger.close(exit_code, stdout, stderr)

    def _started(self, plugin: _Plugin) -> _Plugin:
        self._running.append(plugin)
        return plugin

    def _stop(self) -> None:
        self._server.stop(grace=1.0).wait()
        self._pool.shutdown(wait=True, cancel_futures=True)
        for plugin in self._running:
            plugin.stop()

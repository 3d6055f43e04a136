"""`run`: one program, one mode, one result."""

from __future__ import annotations

import contextvars
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from tagwright_pulumi.testing.engine import Loopback
from tagwright_pulumi.testing.executing import Program, execute
from tagwright_pulumi.testing.model import NOTHING, LoopbackError, Run
from tagwright_pulumi.testing.packs import Pack
from tagwright_pulumi.testing.processes import environment
from tagwright_pulumi.testing.projects import find_project
from tagwright_pulumi.testing.providers import RunningProvider
from tagwright_pulumi.testing.setting import Check, Invokes, Outputs, Setting, full_config


def run(
    program: Program | str | Path,
    *,
    preview: bool = False,
    packs: Sequence[str | Path | Pack] = (),
    components: Sequence[str | Path] = (),
    config: Mapping[str, Any] | None = None,
    secrets: Sequence[str] = (),
    project: str = "",
    stack: str = "dev",
    organization: str = "organization",
    stack_tags: Mapping[str, str] | None = None,
    outputs: Outputs | None = None,
    invokes: Invokes | None = None,
    check: Check | None = None,
    root: str | Path | None = None,
    environ: Mapping[str, str] | None = None,
    timeout: float = 120.0,
) -> Run:
    """Run a Pulumi program against the loopback engine, as a preview or as an update.

    A function runs in this process (10 to 50 ms); a path, to a project folder or a `.py` file, in a process of its
    own (about a second), with the configuration of `Pulumi.<stack>.yaml` under `config`. `config` keys without a
    namespace are the project's; `secrets` names keys of it. `packs` are policy packs, `components` plugin folders
    for remote components. `outputs`, `invokes` and `check` stand for the cloud: computed outputs in an update, the
    results of data sources, the provider's Check. `root` is the project's folder for a function (default: the
    working directory), `environ` adds variables for a path. `timeout` is in seconds.

    What the program does wrong is in the `Run`; LoopbackError is for what kept it from running.
    """
    setting = Setting(
        project=project or "project",
        stack=stack,
        organization=organization,
        preview=preview,
        root=Path(root) if root is not None else Path.cwd(),
        config=full_config(project or "project", config or NOTHING),
        secrets=tuple(secrets),
        stack_tags=stack_tags or NOTHING,
        outputs=outputs,
        invokes=invokes,
        check=check,
    )
    if callable(program):
        return _in_process(program, _full_secrets(setting), packs, components, timeout)
    found = find_project(Path(program), stack)
    name = project or found.name
    setting = replace(
        setting,
        project=name,
        root=found.root,
        config=full_config(name, {**found.config, **full_config(name, config or NOTHING)}),
    )
    return _as_process(found.program, _full_secrets(setting), packs, components, environ or {}, timeout)


def schema(component: str | Path) -> dict[str, Any]:
    """The schema that a component plugin shows to `pulumi package add`."""
    with Loopback(Setting()) as engine:
        provider = RunningProvider(component, engine.address, engine.setting)
        provider.stop()
        return provider.schema


def _full_secrets(setting: Setting) -> Setting:
    full = tuple(key if ":" in key else f"{setting.project}:{key}" for key in setting.secrets)
    return replace(setting, secrets=full)


def _in_process(
    program: Program,
    setting: Setting,
    packs: Sequence[str | Path | Pack],
    components: Sequence[str | Path],
    timeout: float,
) -> Run:
    codes: list[int | BaseException] = []
    with Loopback(setting, packs, components) as engine:

        def work() -> None:
            try:
                codes.append(
                    execute(
                        program,
                        address=engine.address,
                        project=setting.project,
                        stack=setting.stack,
                        organization=setting.organization,
                        preview=setting.preview,
                        root=str(setting.root),
                        config=setting.config,
                        secrets=setting.secrets,
                    )
                )
            except BaseException as error:  # noqa: BLE001 - a test's own failure (pytest.fail) belongs to the test
                codes.append(error)

        # The settings are context variables and the event loop is the thread's: nothing of the run stays behind.
        context = contextvars.copy_context()
        thread = threading.Thread(target=context.run, args=(work,), name="pulumi-program", daemon=True)
        thread.start()
        thread.join(timeout)
        if not codes:
            raise LoopbackError(f"the program did not end within {timeout:g} s")
        if isinstance(codes[0], BaseException):
            raise codes[0]
        return engine.finish(codes[0])


def _as_process(
    program: Path,
    setting: Setting,
    packs: Sequence[str | Path | Pack],
    components: Sequence[str | Path],
    environ: Mapping[str, str],
    timeout: float,
) -> Run:
    with Loopback(setting, packs, components) as engine:
        command = [sys.executable, "-m", "tagwright_pulumi.testing.runner"]
        try:
            done = subprocess.run(  # noqa: S603 - the caller's own program, by the running interpreter
                [*command, engine.address, str(program), str(setting.root)],
                cwd=setting.root,
                env=environment({**setting.environment(), **environ}),
                capture_output=True,
                timeout=timeout,
                check=False,
                stdin=subprocess.DEVNULL,
            )
        except subprocess.TimeoutExpired as error:
            raise LoopbackError(f"{program} did not end within {timeout:g} s") from error
        stdout, stderr = (text.decode("utf-8", "replace") for text in (done.stdout, done.stderr))
        return engine.finish(done.returncode, stdout, stderr)

"""Running one program the way Pulumi's Python language host does: what it sets up, and how it reports the end."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Awaitable, Callable, Mapping, Sequence

import pulumi
import pulumi.runtime
from pulumi.runtime import settings

Program = Callable[[], Awaitable[None] | object]


def execute(
    program: Program,
    *,
    address: str,
    project: str,
    stack: str,
    organization: str,
    preview: bool,
    root: str,
    config: Mapping[str, str],
    secrets: Sequence[str],
) -> int:
    """Run the program in a stack against the monitor and engine at `address`; its exit code.

    Changes the Pulumi settings of the current context and makes an event loop current: call it in a context and a
    thread of its own. A `pulumi.RunError` is logged as its message, any other exception with its traceback.
    """
    settings.reset_options(
        project=project,
        stack=stack,
        root_directory=root,
        organization=organization,
        parallel=16,
        engine_address=address,
        monitor_address=address,
        preview=preview,
    )
    pulumi.runtime.set_all_config(dict(config), list(secrets))
    loop = asyncio.new_event_loop()
    # What a task reports after the program has failed is the same failure once more.
    loop.set_exception_handler(lambda _loop, _context: None)
    asyncio.set_event_loop(loop)
    try:
        loop.run_until_complete(pulumi.runtime.run_in_stack(_once(program)))
    except pulumi.RunError as error:
        pulumi.log.error(str(error))
        return 1
    except Exception:  # noqa: BLE001 - the language host reports whatever the program raises
        pulumi.log.error("Program failed with an unhandled exception:\n" + traceback.format_exc())
        return 1
    finally:
        _close(loop)
    return 0


def _once(program: Program) -> Callable[[], Awaitable[None] | None]:
    def run() -> Awaitable[None] | None:
        made = program()
        return made if isinstance(made, Awaitable) else None

    return run


def _close(loop: asyncio.AbstractEventLoop) -> None:
    """A failed program leaves tasks that wait for each other: end them, and look at what they raised."""
    for _ in range(10):
        waiting = asyncio.all_tasks(loop)
        if not waiting:
            break
        for task in waiting:
            task.cancel()
        loop.run_until_complete(asyncio.gather(*waiting, return_exceptions=True))
    loop.run_until_complete(loop.shutdown_asyncgens())
    loop.run_until_complete(loop.shutdown_default_executor())
    asyncio.set_event_loop(None)
    loop.close()

"""Read Terraform: one root module, or every root of a tree."""

from __future__ import annotations

import gc
import json
import os
import re
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from tagwright_dictionary.model import Problem, Reading, Resource
from tagwright_iac.reading import ReadOptions
from tagwright_iac.terraform.build import build_resource, consumers_of, unread_modules, walk_modules
from tagwright_iac.terraform.config import local_dependencies
from tagwright_iac.terraform.file_table import FileTable, ReadError
from tagwright_iac.terraform.instance import ModuleInstance
from tagwright_iac.terraform.session import ModuleLibrary, Session
from tagwright_iac.terraform.suppressions import SuppressionIndex
from tagwright_iac.terraform.tree import find_boundary
from tagwright_iac.terraform.values import EvalError, LimitError
from tagwright_iac.terraform.variables import read_root_values

_STACKS = (512, 128, 32)
"""Megabytes of address space for the stack, the first that can be had."""

_FRAMES_A_MEGABYTE = 117
_LOCAL_NAME = re.compile(r"\blocal\s*\.\s*([^\W\d][\w-]*)")


def with_deep_stack(function: Any, *arguments: Any) -> Any:
    """Call in a thread with a stack that long chains of references cannot exhaust (virtual memory only)."""
    box: dict[str, Any] = {}

    def target() -> None:
        try:
            box["value"] = function(*arguments)
        except BaseException as error:  # noqa: BLE001 - carried over to the caller's thread
            box["error"] = error

    # Nearly everything a reading makes lives until its end: looking for garbage meanwhile costs a quarter of the time.
    collecting = gc.isenabled()
    gc.disable()
    previous_limit = sys.getrecursionlimit()
    try:
        _start(target).join()
    finally:
        sys.setrecursionlimit(previous_limit)
        if collecting:
            gc.enable()
    if "error" in box:
        raise box["error"]
    return box["value"]


def _start(target: Callable[[], None]) -> threading.Thread:
    """A thread with the deepest stack that the process may have, and the recursion limit that fits it."""
    previous = threading.stack_size()
    for megabytes in _STACKS:
        threading.stack_size(megabytes * 1024 * 1024)
        sys.setrecursionlimit(megabytes * _FRAMES_A_MEGABYTE)
        # A daemon: an interrupt ends the program, not only the wait.
        thread = threading.Thread(target=target, name="tagwright-reader", daemon=True)
        try:
            thread.start()
        except RuntimeError:
            if megabytes == _STACKS[-1]:
                raise
            continue
        finally:
            threading.stack_size(previous)
        break
    return thread


def read_root(directory: Path, options: ReadOptions | None = None, *, boundary: Path | None = None) -> Reading:
    """Read one directory as a root module, whoever calls it. `boundary` is the tree whose files may be read
    (the repository it is in, else the directory itself). Never raises for what the files contain.
    """
    chosen = options or ReadOptions()
    full = os.path.abspath(directory)  # noqa: PTH100
    limit = os.path.realpath(boundary) if boundary is not None else find_boundary(full)
    library = ModuleLibrary(FileTable(os.path.abspath(chosen.cwd), limit))  # noqa: PTH100
    reading: Reading = with_deep_stack(evaluate_root, library, full, chosen)
    return reading


def closure(library: ModuleLibrary, directory: str) -> tuple[str, ...]:
    """The directories that the code of a root names, its own first: local module calls, followed as written."""
    found: dict[str, None] = {}
    pending = [directory]
    while pending:
        current = pending.pop()
        if current not in found:
            found[current] = None
            if library.table.inside(current):
                pending.extend(sorted(local_dependencies(library.get(current)).values(), reverse=True))
    return tuple(found)


def evaluate_root(library: ModuleLibrary, directory: str, options: ReadOptions) -> Reading:
    """Evaluate the root module in `directory` with everything below it."""
    table = library.table
    config = library.get(directory)
    session = Session(library, directory, _workspace(table, directory, options))
    for problem in config.problems:
        session.problems[problem] = None
    values = read_root_values(table, directory, options)
    for problem in values.problems:
        session.problems[problem] = None
    if values.problems:
        session.unread_values = values.problems[0].path
    session.manifest = _manifest(session, directory)
    root = ModuleInstance(session, config, values=values.values)
    scope = os.path.relpath(os.path.realpath(directory), table.boundary).replace(os.sep, "/")
    resources: list[Resource] = []
    modules: list[ModuleInstance] = []
    suppressions = SuppressionIndex([])
    try:
        modules.extend(walk_modules(root))
        for module in {id(module.config): module for module in modules}.values():
            confirm_cycles(module)
        configs = {id(module.config): module.config for module in modules}
        suppressions = SuppressionIndex([file for item in configs.values() for file in item.files])
        users = consumers_of(modules)
        for module in modules:
            for instance in module.all_resources():
                consumers = tuple(users.get(id(instance), ()))
                resources.append(build_resource(instance, consumers, suppressions, scope))
            resources.extend(unread_modules(module, suppressions, scope))
    except LimitError as error:
        session.problem(None, f"is refused: {error}", "split the configuration, or check the plan")
    except RecursionError:
        session.problem(None, "is refused: references are chained too deep", "check the plan")
    files = {file.path for module in modules or (root,) for file in module.config.files}
    files.update(values.files)
    return Reading(
        resources=tuple(resources),
        files=tuple(sorted(files)),
        problems=tuple(sorted(session.problems, key=_problem_key)),
        suppressions=tuple(suppressions.unused),
    )


def _problem_key(problem: Problem) -> tuple[str, int, int, str]:
    return problem.path, problem.line, problem.column, problem.reason


def _workspace(table: FileTable, directory: str, options: ReadOptions) -> str:
    for name, value in options.environ:
        if name == "TF_WORKSPACE" and value:
            return value
    path = os.path.join(directory, ".terraform", "environment")  # noqa: PTH118
    if not os.path.isfile(path):  # noqa: PTH113
        return ""
    try:
        return table.text(path).strip()
    except ReadError:
        return ""


def _manifest(session: Session, directory: str) -> Mapping[str, str]:
    """Where `terraform get` put the modules: .terraform/modules/modules.json, directory by dotted module path."""
    path = os.path.join(directory, ".terraform", "modules", "modules.json")  # noqa: PTH118
    if not os.path.isfile(path):  # noqa: PTH113
        return {}
    try:
        document = json.loads(session.table.text(path))
        return {str(item["Key"]): str(item["Dir"]) for item in document["Modules"] if item.get("Key")}
    except ReadError as error:
        session.problems[error.problem] = None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        session.problems[
            Problem(session.table.show(path), "is not a module manifest", 0, 0, "run terraform get again")
        ] = None
    return {}


def confirm_cycles(module: ModuleInstance) -> None:
    """Find circles among locals that no resource uses: Terraform refuses them all the same. Names in the text are
    the suspicion, evaluation is the proof.
    """
    config = module.config
    if not config.locals:
        return
    graph: dict[str, list[str]] = {}
    split = {file.path: file.data.split(b"\n") for file in config.files}
    for name, (argument, path) in config.locals.items():
        where = argument.location
        text = b"\n".join(split[path][where.line - 1 : where.end_line]).decode(errors="replace")
        graph[name] = [other for other in _LOCAL_NAME.findall(text) if other in config.locals]
    state: dict[str, int] = {}  # 1: on the path being followed, 2: done
    for start, first in graph.items():
        if state.get(start):
            continue
        stack = [(start, iter(first))]
        state[start] = 1
        while stack:
            name, children = stack[-1]
            for child in children:
                if state.get(child) == 1:
                    try:
                        module.local(child)
                    except EvalError:
                        continue
                elif not state.get(child):
                    state[child] = 1
                    stack.append((child, iter(graph[child])))
                    break
            else:
                state[name] = 2
                stack.pop()

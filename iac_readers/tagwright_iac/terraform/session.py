"""What the module instances of one root share: files, budget, dependencies, problems."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tagwright_dictionary.model import Location, Problem
from tagwright_iac.terraform.calling import CallContext
from tagwright_iac.terraform.config import ModuleConfig, load_module
from tagwright_iac.terraform.expressions import Env
from tagwright_iac.terraform.file_table import FileTable, ReadError, files_below
from tagwright_iac.terraform.names import relevant_names
from tagwright_iac.terraform.parser import Parser
from tagwright_iac.terraform.source import SourceText, SyntaxProblem
from tagwright_iac.terraform.values import EvalError, LimitError, UnknownValue, Value, weigh

BUDGET = 10_000_000
"""Elements and characters one root may produce. Real roots stay below a hundredth of it."""

MAX_ELEMENTS = 1_000_000
"""Elements of one value at every level; lists of lists of one list grow without end in a few lines."""

MAX_MODULES = 20_000
"""Module instances of one root: modules that call modules twice double at every level."""

MAX_MODULE_DEPTH = 50
"""Module calls below one another; real trees stay below ten."""

MAX_INSTANCES = 100_000
"""Resource instances one root may expand to; a for_each over a million keys is refused."""


@dataclass(slots=True)
class ModuleLibrary:
    """Module directories, each parsed once for all roots. `names` are the relevant names each had before it was read;
    `used` the directories asked for since `start`.
    """

    table: FileTable
    modules: dict[str, ModuleConfig] = field(default_factory=dict)
    names: dict[str, list[str]] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)

    def start(self) -> None:
        """Forget what the previous root depended on."""
        self.used.clear()
        self.table.start()

    def get(self, directory: str) -> ModuleConfig:
        """The module in `directory`, parsed when first asked for."""
        self.used.add(directory)
        config = self.modules.get(directory)
        if config is None:
            self.names[directory] = relevant_names(directory)
            config = self.modules[directory] = load_module(self.table, directory)
        return config


class Session:
    """One root being evaluated; implements `CallContext` for functions."""

    def __init__(self, library: ModuleLibrary, root_directory: str, workspace: str = "") -> None:
        self.library = library
        self.table = library.table
        self.root_directory = root_directory
        self.workspace = workspace
        self.budget = BUDGET
        self.instances = 0
        self.modules = 0
        self._weights: dict[int, tuple[Value, int]] = {}
        self.problems: dict[Problem, None] = {}
        self.sensitive = False
        self.manifest: Mapping[str, str] = {}
        self.unread_values = ""
        self._dependencies: list[set[str]] = [set()]
        self._rendering = 0

    # -- dependencies ------------------------------------------------------------------------------------------------

    def begin(self, *files: str) -> None:
        """Start noting which files the value under computation depends on."""
        self._dependencies.append({file for file in files if file})

    def end(self) -> frozenset[str]:
        """The files noted since the matching `begin`; they count for the enclosing computation as well."""
        files = self._dependencies.pop()
        self._dependencies[-1] |= files
        return frozenset(files)

    def note(self, files: frozenset[str] | set[str]) -> None:
        self._dependencies[-1] |= files

    def problem(self, location: Location | None, reason: str, hint: str = "") -> None:
        """Something Terraform would refuse or that cannot be read."""
        where = location or Location(self.table.show(self.root_directory))
        self.problems[Problem(where.path, reason, where.line, where.column, hint)] = None

    # -- CallContext -------------------------------------------------------------------------------------------------

    def spend(self, amount: int) -> None:
        self.budget -= amount
        if self.budget < 0:
            raise LimitError(f"evaluating {self.table.show(self.root_directory)} takes more than {BUDGET:,} steps")

    def carry(self, value: Value) -> int:
        weight = weigh(value, self._weights)
        if weight > MAX_ELEMENTS:
            raise LimitError(
                f"{self.table.show(self.root_directory)} makes a value of more than {MAX_ELEMENTS:,} elements"
            )
        return weight

    def instance(self, count: int, what: str, location: Location) -> None:
        """Account for instances of a block. EvalError (and a problem) when there are too many: the block then stands
        for an unknown number of them.
        """
        if self.instances + count > MAX_INSTANCES:
            self.problem(
                location,
                f"{what} expands to {count:,} instances; a root may have {MAX_INSTANCES:,}",
                "split the configuration, or check the plan",
            )
            raise EvalError(f"it expands to {count:,} instances")
        self.instances += count

    def module(self, count: int, depth: int) -> None:
        """Account for module instances `depth` calls below the root. LimitError when there are too many."""
        self.modules += count
        root = self.table.show(self.root_directory)
        if self.modules > MAX_MODULES:
            raise LimitError(f"{root} has more than {MAX_MODULES:,} module instances")
        if depth >= MAX_MODULE_DEPTH:
            raise LimitError(f"{root} nests modules deeper than {MAX_MODULE_DEPTH} levels")

    def _absolute(self, path: str) -> str | UnknownValue:
        if path.startswith("~"):
            return UnknownValue(f"{path} is outside the scanned tree")
        full = os.path.normpath(os.path.join(self.root_directory, path))  # noqa: PTH118
        if not self.table.inside(full):
            return UnknownValue(f"{path} is outside the scanned tree")
        return full

    def read_file(self, path: str) -> bytes | UnknownValue:
        full = self._absolute(path)
        if isinstance(full, UnknownValue):
            return full
        if not os.path.isfile(full):  # noqa: PTH113
            self.table.touched.add(full)
            raise EvalError(f"there is no file {path}")
        try:
            data = self.table.read(full)
        except ReadError as error:
            return UnknownValue(f"{path} {error.problem.reason}")
        self.spend(len(data) // 16)
        self.note({self.table.show(full)})
        return data

    def file_exists(self, path: str) -> bool | UnknownValue:
        full = self._absolute(path)
        if isinstance(full, UnknownValue):
            return full
        self.table.touched.add(full)
        return os.path.isfile(full)  # noqa: PTH113

    def list_files(self, path: str) -> Sequence[str] | UnknownValue:
        full = self._absolute(path)
        if isinstance(full, UnknownValue):
            return full
        found: list[str] = []
        for names in files_below(full):
            self.spend(len(names) + 1)
            found.extend(names)
        found.sort()
        self.table.listings[full] = tuple(found)
        return found

    def render_template(self, text: str, variables: Mapping[str, Value], name: str) -> Value:
        self._rendering += 1
        if self._rendering > 10:  # Terraform forbids templatefile inside a template; nothing real nests this deep.
            raise LimitError("templates include one another without end")
        try:
            node = Parser(SourceText(name, text)).template_only()
            return node.evaluate(Env(_TemplateScope(self), dict(variables)))
        except SyntaxProblem as problem:
            raise EvalError(f"{problem.location}: {problem.message}") from problem
        finally:
            self._rendering -= 1


class _TemplateScope:
    """A template sees the variables it is given and nothing else."""

    def __init__(self, session: Session) -> None:
        self.context: CallContext = session
        self.session = session

    @property
    def sensitive_seen(self) -> bool:
        return self.session.sensitive

    @sensitive_seen.setter
    def sensitive_seen(self, value: bool) -> None:
        self.session.sensitive = value

    def lookup(self, root: str, names: tuple[str, ...], env: Env) -> tuple[Value, int]:  # noqa: ARG002
        raise EvalError(f"the template has no variable {root!r}")


def nothing() -> Any:
    """A scope in which no reference has a value (tfvars files, --var)."""
    return _NoScope()


class _NoScope:
    sensitive_seen = False

    def __init__(self) -> None:
        self.context = _NoFiles()

    def lookup(self, root: str, names: tuple[str, ...], env: Env) -> tuple[Value, int]:  # noqa: ARG002
        raise EvalError(f"a variable's value may not refer to {root!r}")


class _NoFiles:
    """Functions may not be called in tfvars files at all; this only bounds what is evaluated."""

    def spend(self, amount: int) -> None:
        if amount > BUDGET:
            raise LimitError("the variable's value is too large")

    def carry(self, value: Value) -> int:
        return len(value)

    def read_file(self, path: str) -> bytes | UnknownValue:  # noqa: ARG002
        raise EvalError("functions may not be called here")

    def file_exists(self, path: str) -> bool | UnknownValue:  # noqa: ARG002
        raise EvalError("functions may not be called here")

    def list_files(self, path: str) -> Sequence[str] | UnknownValue:  # noqa: ARG002
        raise EvalError("functions may not be called here")

    def render_template(self, text: str, variables: Mapping[str, Value], name: str) -> Value:  # noqa: ARG002
        raise EvalError("functions may not be called here")

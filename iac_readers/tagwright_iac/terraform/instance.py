"""A module instance: its variables, locals, outputs and resources, evaluated when asked for."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from tagwright_dictionary.model import Unknown
from tagwright_iac.terraform import conversion
from tagwright_iac.terraform.addresses import instance_key
from tagwright_iac.terraform.bodies import Argument
from tagwright_iac.terraform.calling import CallContext
from tagwright_iac.terraform.config import (
    Declaration,
    ModuleConfig,
    is_local_source,
    literal,
    module_source,
)
from tagwright_iac.terraform.expansion import Expansion, expand, unknown_names
from tagwright_iac.terraform.expressions import Env, LazyObject
from tagwright_iac.terraform.providers import ProviderScope
from tagwright_iac.terraform.session import Session
from tagwright_iac.terraform.type_syntax import parse_type
from tagwright_iac.terraform.types import ANY, TypeSpec
from tagwright_iac.terraform.values import (
    EvalError,
    ObjectValue,
    UnknownValue,
    Value,
    mark_sensitive,
)
from tagwright_iac.terraform.variables import Assignment

NO_VALUE_HINT = "pass --var-file, or check the plan"
APPLY_HINT = "known after apply: check the plan or the live resource"


class ModuleObject(LazyObject):
    """`module.x` (one instance): its outputs."""

    __slots__ = ("module",)

    def __init__(self, module: ModuleInstance) -> None:
        super().__init__(rest=UnknownValue(f"{module.address or 'the root module'} as a whole is not evaluated"))
        self.module = module

    def resolve(self, name: str) -> Value:
        return self.module.output(name)


class ModuleInstance:
    """One instance of a module; implements `expressions.Evaluator`."""

    def __init__(
        self,
        session: Session,
        config: ModuleConfig,
        *,
        parent: ModuleInstance | None = None,
        call: Declaration | None = None,
        call_env: Env | None = None,
        name: str = "",
        key: str = "",
        values: Mapping[str, Assignment] | None = None,
        exists: Unknown | None = None,
    ) -> None:
        self.session = session
        self.context: CallContext = session
        self.config = config
        self.parent = parent
        self.call = call
        self.call_env = call_env
        self.values = values or {}
        self.exists: Unknown | None = exists if exists is not None else (parent.exists if parent else None)
        prefix = f"{parent.address}." if parent is not None and parent.address else ""
        self.address: str = f"{prefix}module.{name}{key}" if name else ""
        block_prefix = f"{parent.block_address}." if parent is not None and parent.block_address else ""
        self.block_address: str = f"{block_prefix}module.{name}" if name else ""
        self.key_path: str = f"{parent.key_path}.{name}".lstrip(".") if parent is not None else ""
        self.name = name
        self.depth: int = parent.depth + 1 if parent is not None else 0
        self.env: Env = Env(self)
        self.providers = ProviderScope(self)
        self._memo: dict[tuple[str, ...], tuple[Value, str | None, frozenset[str]]] = {}
        self._active: dict[tuple[str, ...], None] = {}
        self._resources: dict[tuple[str, str, str], tuple[Any, ...]] = {}
        self._children: dict[str, tuple[ModuleInstance, ...] | UnknownValue] = {}

    # -- Evaluator ---------------------------------------------------------------------------------------------------

    @property
    def sensitive_seen(self) -> bool:
        return self.session.sensitive

    @sensitive_seen.setter
    def sensitive_seen(self, value: bool) -> None:
        self.session.sensitive = value

    def lookup(self, root: str, names: tuple[str, ...], env: Env) -> tuple[Value, int]:  # noqa: ARG002
        """See `Evaluator`."""
        if root == "var":
            return (self.variable(names[0]), 1) if names else (self._whole("var"), 0)
        if root == "local":
            return (self.local(names[0]), 1) if names else (self._whole("local"), 0)
        if root == "module":
            return (self.child(names[0]), 1) if names else (self._whole("module"), 0)
        if root == "path":
            return self._path(names), 1
        if root == "terraform":
            return self._terraform(names), 1
        if root == "data":
            if len(names) < 2:
                raise EvalError("a data source is named by its type and name")
            return self.resource_value("data", names[0], names[1]), 2
        if root in ("each", "count"):
            raise EvalError(f"{root} is not defined here")
        if root == "self":
            raise EvalError("self is not defined here")
        if root == "ephemeral":
            return UnknownValue("ephemeral values are never stored", APPLY_HINT), len(names)
        if not names:
            raise EvalError(f"{root!r} is not a reference")
        return self.resource_value("managed", root, names[0]), 1

    def _whole(self, root: str) -> Value:
        return UnknownValue(f"{root} as a whole is not a value")

    def _path(self, names: tuple[str, ...]) -> Value:
        which = names[0] if names else ""
        if which == "module":
            relative = os.path.relpath(self.config.directory, self.session.root_directory)
            return relative.replace(os.sep, "/")
        if which == "root":
            return "."
        if which == "cwd":
            return UnknownValue("path.cwd depends on the machine")
        raise EvalError("path has module, root and cwd")

    def _terraform(self, names: tuple[str, ...]) -> Value:
        if names[:1] == ("workspace",):
            return self.session.workspace or UnknownValue(
                "terraform.workspace is not known here", "set TF_WORKSPACE, or check the plan"
            )
        if names[:1] == ("applying",):
            return UnknownValue("terraform.applying changes between plan and apply")
        raise EvalError("terraform has the attribute workspace")

    # -- symbols -----------------------------------------------------------------------------------------------------

    def memoized(self, key: tuple[str, ...], compute: Callable[[], Value], file: str) -> Value:
        """Compute once; errors and the files depended on are remembered with the value."""
        hit = self._memo.get(key)
        if hit is None:
            if key in self._active:
                names = [".".join(step) for step in self._active]
                circle = " -> ".join([*names[names.index(".".join(key)) :], ".".join(key)])
                self.session.problem(
                    self._location(key), f"a cycle of references: {circle}", "break the circle: Terraform refuses it"
                )
                raise EvalError(f"a cycle of references: {circle}")
            self._active[key] = None
            self.session.begin(file)
            value: Value = None
            problem: str | None = None
            try:
                value = compute()
            except EvalError as error:
                problem = str(error)
            finally:
                del self._active[key]
                files = self.session.end()
            hit = self._memo[key] = (value, problem, files)
        else:
            self.session.note(hit[2])
        if hit[1] is not None:
            raise EvalError(hit[1])
        return hit[0]

    def _location(self, key: tuple[str, ...]) -> Any:
        if key[0] == "local" and key[1] in self.config.locals:
            return self.config.locals[key[1]][0].location
        if key[0] == "var" and key[1] in self.config.variables:
            return self.config.variables[key[1]].location
        if key[0] == "output" and key[1] in self.config.outputs:
            return self.config.outputs[key[1]].location
        return None

    def local(self, name: str) -> Value:
        """`local.name`."""
        found = self.config.locals.get(name)
        if found is None:
            raise EvalError(f"there is no local value named {name!r}")
        argument, file = found
        return self.memoized(
            ("local", name), lambda: argument.expression(f"local.{name}", "local").evaluate(self.env), file
        )

    def output(self, name: str) -> Value:
        """The output `name`, for the caller."""
        found = self.config.outputs.get(name)
        if found is None:
            raise EvalError(f"{self.address or 'the module'} has no output named {name!r}")

        def compute() -> Value:
            arguments = found.body.arguments()
            if "value" not in arguments:
                return None
            value = arguments["value"].expression(f"output.{name}", "local").evaluate(self.env)
            if literal(arguments.get("sensitive")) is True:
                self.session.sensitive = True
                value = mark_sensitive(value)
            return value

        return self.memoized(("output", name), compute, found.file)

    def variable(self, name: str) -> Value:
        """`var.name`: what was passed or assigned, else the default, else unknown whatever the type."""
        found = self.config.variables.get(name)
        if found is None:
            raise EvalError(f"there is no variable named {name!r}")
        return self.memoized(("var", name), lambda: self._variable(name, found), found.file)

    def _variable(self, name: str, declaration: Declaration) -> Value:
        arguments = declaration.body.arguments()
        spec = self._type(name, arguments)
        given, value = self._given(name, spec)
        nullable = literal(arguments.get("nullable")) is not False
        if not given or (value is None and not nullable):
            default = arguments.get("default")
            if default is None:
                value = self._no_value(name)
            else:
                value = default.expression(f"var.{name}", "variable").evaluate(self.env)
        value = conversion.convert(value, spec)
        if literal(arguments.get("sensitive")) is True:
            self.session.sensitive = True
            value = mark_sensitive(value)
        return value

    def _type(self, name: str, arguments: Mapping[str, Argument]) -> TypeSpec:
        """The type constraint, parsed once for every instance of the module."""
        spec = self.config.types.get(name)
        if spec is None:
            argument = arguments.get("type")
            spec = parse_type(argument.expression()) if argument is not None else ANY
            self.config.types[name] = spec
        return spec

    def _given(self, name: str, spec: TypeSpec) -> tuple[bool, Value]:
        """Whether the variable was given a value, and that value."""
        if self.call is not None and self.parent is not None and self.call_env is not None:
            argument = self.call.body.arguments().get(name)
            if argument is None:
                return False, None
            self.session.note({self.call.file})
            return True, argument.expression(f"module.{self.name}", "module-argument").evaluate(self.call_env)
        assignment = self.values.get(name)
        if self.parent is None and self.session.unread_values:
            return True, UnknownValue(f"{self.session.unread_values} cannot be read and may set var.{name}")
        if assignment is None:
            return False, None
        if assignment.file:
            self.session.note({assignment.file})
        return True, assignment.value(spec)

    def _no_value(self, name: str) -> UnknownValue:
        if self.call is not None:
            return UnknownValue(f"{self.address} does not pass the required var.{name}", "pass it in the module block")
        return UnknownValue(f"var.{name} has no value here", NO_VALUE_HINT)

    # -- resources ---------------------------------------------------------------------------------------------------

    def resource_value(self, mode: str, type_: str, name: str) -> Value:
        """`type.name` as expressions see it: an instance, a list or a map of instances, or unknown."""
        declarations = self.config.resources if mode == "managed" else self.config.data
        declaration = declarations.get((type_, name))
        if declaration is None:
            raise EvalError(f"there is no {'resource' if mode == 'managed' else 'data source'} {type_}.{name}")
        instances, expansion = self.resource_instances(mode, type_, name, declaration)
        if expansion.kind == "single":
            return instances[0].value
        if expansion.unknown is not None:
            return expansion.unknown.derived()
        if expansion.kind == "count":
            return tuple(instance.value for instance in instances)
        return ObjectValue({instance.key: instance.value for instance in instances})

    def resource_instances(
        self, mode: str, type_: str, name: str, declaration: Declaration
    ) -> tuple[tuple[Any, ...], Expansion]:
        """The instances of a block in order, the one standing for an unknown number last."""
        from tagwright_iac.terraform.resource import ResourceInstance  # noqa: PLC0415 - the two know each other

        key = (mode, type_, name)
        found = self._resources.get(key)
        if found is None:
            address = f"{type_}.{name}" if mode == "managed" else f"data.{type_}.{name}"
            self.session.begin(declaration.file)
            try:
                expansion = expand(declaration.body.arguments(), self.env, self.session, address)
            finally:
                files = self.session.end()
            instances = [
                ResourceInstance(self, mode, type_, name, declaration, item, names, files)
                for item, names in expansion.items
            ]
            if expansion.unknown is not None:
                names = unknown_names(expansion)
                instances.append(
                    ResourceInstance(self, mode, type_, name, declaration, expansion.unknown, names, files)
                )
            found = self._resources[key] = (tuple(instances), expansion)
        instances_found, expansion_found = found
        return instances_found, expansion_found

    def all_resources(self) -> Iterator[Any]:
        """Every managed resource instance of this module, in source order of blocks."""
        for (type_, name), declaration in self.config.resources.items():
            instances, _ = self.resource_instances("managed", type_, name, declaration)
            yield from instances

    # -- child modules -----------------------------------------------------------------------------------------------

    def child(self, name: str) -> Value:
        """`module.name` as expressions see it."""
        if name not in self.config.modules:
            raise EvalError(f"there is no module named {name!r}")
        children = self.children(name)
        if isinstance(children, UnknownValue):
            return children
        expansion = self._child_expansion(name)
        if expansion.kind == "single":
            return ModuleObject(children[0])
        if expansion.unknown is not None:
            return expansion.unknown.derived()
        if expansion.kind == "count":
            return tuple(ModuleObject(child) for child in children)
        return ObjectValue(
            {key: ModuleObject(child) for (key, _), child in zip(expansion.items, children, strict=True)}
        )

    def _child_expansion(self, name: str) -> Expansion:
        call = self.config.modules[name]
        key = ("expansion", name)
        value: Expansion = self.memoized(
            key, lambda: expand(call.body.arguments(), self.env, self.session, f"module.{name}"), call.file
        )
        return value

    def children(self, name: str) -> tuple[ModuleInstance, ...] | UnknownValue:
        """The instances of a module call; unknown (with the cause) when its code cannot be read here."""
        found = self._children.get(name)
        if found is None:
            found = self._children[name] = self._load_children(name)
        return found

    def _load_children(self, name: str) -> tuple[ModuleInstance, ...] | UnknownValue:
        call = self.config.modules[name]
        directory = self._module_directory(name, call)
        if isinstance(directory, UnknownValue):
            return directory
        ancestor: ModuleInstance | None = self
        while ancestor is not None:
            if ancestor.config.directory == directory:
                self.session.problem(
                    call.location, f"module.{name} includes itself", "break the circle of modules: Terraform refuses it"
                )
                return UnknownValue(f"module.{name} includes itself")
            ancestor = ancestor.parent
        config = self.session.library.get(directory)
        for problem in config.problems:
            self.session.problems[problem] = None
        expansion = self._child_expansion(name)
        self.session.module(len(expansion.items) or 1, self.depth)
        instances = [
            ModuleInstance(
                self.session,
                config,
                parent=self,
                call=call,
                call_env=self.env.bind(**names),
                name=name,
                key=instance_key(key),
            )
            for key, names in expansion.items
        ]
        if expansion.unknown is not None:
            names = unknown_names(expansion)
            instances.append(
                ModuleInstance(
                    self.session,
                    config,
                    parent=self,
                    call=call,
                    call_env=self.env.bind(**names),
                    name=name,
                    key="[?]",
                    exists=to_unknown(expansion.unknown),
                )
            )
        return tuple(instances)

    def _module_directory(self, name: str, call: Declaration) -> str | UnknownValue:
        source = module_source(call)
        if source is None:
            return UnknownValue(f"the source of module.{name} is not a constant")
        key_path = f"{self.key_path}.{name}".lstrip(".")
        if is_local_source(source):
            directory = os.path.normpath(os.path.join(self.config.directory, source.replace("\\", "/")))  # noqa: PTH118
        elif key_path in self.session.manifest:
            directory = os.path.normpath(os.path.join(self.session.root_directory, self.session.manifest[key_path]))  # noqa: PTH118
        else:
            return UnknownValue(f"module.{name} ({source}) is not on disk", "run terraform get, or check the plan")
        if not self.session.table.inside(directory):
            return UnknownValue(f"module.{name} ({source}) leads outside the scanned tree")
        if not os.path.isdir(directory):  # noqa: PTH112
            self.session.problem(
                call.location, f"the directory of module.{name} does not exist: {source}", "correct the source"
            )
            return UnknownValue(f"module.{name} ({source}) does not exist")
        return directory


def to_unknown(value: UnknownValue) -> Unknown:
    """The model's unknown of an evaluator's one."""
    return Unknown(value.cause, value.hint)

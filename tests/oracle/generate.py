"""Random but valid configurations, as hypothesis strategies: what people write, in every combination.

Variables with and without values, tfvars, a graph of locals, merges and conditionals, count and for_each, modules one
or two deep with `providers` maps and aliases, default_tags, values known only after apply, dynamic blocks, overrides.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from hypothesis import strategies as st
from tests.oracle.generate_expressions import KEYS, Expression, Scope, Writer, derive, quote

TYPES = (
    "aws_instance",
    "aws_s3_bucket",
    "aws_sqs_queue",
    "aws_lambda_function",
    "aws_ebs_volume",
    "google_storage_bucket",
)
LABELLED = ("google_storage_bucket",)
OBJECT = 'object({ owner = optional(string, "dflt"), team = optional(string), n = optional(number, 3) })'


@dataclass(frozen=True, slots=True)
class Configuration:
    """Files by relative name, and worlds: values (`-var`) for the variables that have none."""

    files: tuple[tuple[str, str], ...]
    worlds: tuple[tuple[tuple[str, str], ...], ...]

    def write(self, directory: Path) -> None:
        for name, content in self.files:
            path = directory / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode())

    def __str__(self) -> str:
        return "\n".join(f"=== {name}\n{content}" for name, content in self.files)


class _Module:
    """One module directory being written."""

    def __init__(self, draw: st.DrawFn, scope: Scope, aliases: tuple[str, ...]) -> None:
        self.draw = draw
        self.scope = scope
        self.aliases = aliases
        self.text: list[str] = []
        self.override: list[str] = []
        self.names = 0

    @property
    def writer(self) -> Writer:
        return Writer(self.draw, self.scope)

    def name(self, prefix: str) -> str:
        self.names += 1
        return f"{prefix}{self.names}"

    def locals(self, *, free: bool) -> None:
        """A few locals, each of which may use the earlier ones; written in any order."""
        blocks = []
        for _ in range(self.draw(st.integers(1, 3))):
            writer = Writer(self.draw, self.scope.only(free=free))
            name = self.name("l")
            kind = writer.pick("map", "map", "string", "list")
            value = {"map": writer.map, "string": writer.string, "list": writer.list}[kind](2)
            target = {"map": self.scope.maps, "string": self.scope.strings, "list": self.scope.lists}[kind]
            target.append(replace(value, text=f"local.{name}"))
            blocks.append(f"locals {{\n  {name} = {value.text}\n}}")
            if self.writer.maybe(12):
                other = {"map": writer.map, "string": writer.string, "list": writer.list}[kind](1)
                target[-1] = replace(
                    target[-1],
                    unknown=value.unknown or other.unknown,
                    open=value.open or other.open,
                    null=value.null or other.null,
                )
                self.override.append(f"locals {{\n  {name} = {other.text}\n}}")
        self.text += self.draw(st.permutations(blocks))

    def anchor(self) -> None:
        """A resource others refer to: some attributes are set, some known only after apply."""
        name = self.name("anchor")
        writer = self.writer
        tags = writer.map(1)
        lines = [f"  tags = {tags.text}"]
        if writer.maybe(2):
            lines.append(f'  bucket = "{name}"')
            self.scope.strings.append(Expression(f"aws_s3_bucket.{name}.bucket", local=True))
        self.text.append(f'resource "aws_s3_bucket" "{name}" {{\n' + "\n".join(lines) + "\n}")
        self.scope.strings.append(Expression(f"aws_s3_bucket.{name}.arn", unknown=True, local=True))
        # As a map(string) its nulls are null elements still.
        self.scope.maps.append(replace(tags, text=f"aws_s3_bucket.{name}.tags", local=True))

    def resource(self) -> None:
        writer = self.writer
        type_, name = writer.pick(*TYPES), self.name("r")
        lines = []
        kind = writer.pick("one", "one", "count", "set", "map")
        scope = self.scope.copy()
        known = Writer(self.draw, self.scope.only(known=True))
        if kind == "count":
            flag = known.boolean(1)
            number = writer.pick("0", "1", "2", "3") if not flag.known else f"({flag.text}) ? 2 : 0"
            lines.append(f"  count = {number}")
            scope.numbers.append(Expression("count.index"))
        elif kind in ("set", "map"):
            lines.append(f"  for_each = {self._instances(known, kind, scope)}")
        if self.aliases and type_ not in LABELLED and writer.maybe(3):
            alias = writer.pick(*self.aliases)
            lines.append(f"  provider = {writer.pick(f'aws.{alias}', f'aws.{alias}', quote(f'aws.{alias}'))}")
        inside = Writer(self.draw, scope)
        tags: Expression | None = None
        if not writer.maybe(8):
            tags = self._tags(inside)
            lines.append(f"  {'labels' if type_ in LABELLED else 'tags'} = {tags.text}")
        self.text.append(f'resource "{type_}" "{name}" {{\n' + "\n".join(lines) + "\n}")
        if writer.maybe(10) and type_ not in LABELLED:
            self.override.append(f'resource "{type_}" "{name}" {{\n  tags = {inside.map(1).text}\n}}')
        elif tags is not None and type_ not in LABELLED:
            self._refer(f"{type_}.{name}", kind, tags)

    def _refer(self, address: str, kind: str, tags: Expression) -> None:
        """Let what follows copy from this resource."""
        index = {"one": "", "count": "[0]", "set": '["a"]', "map": '["owner"]'}[kind]
        copied = f"{address}.tags" if kind == "one" else f"try({address}{index}.tags, {{}})"
        if "each." in tags.text or "count." in tags.text:
            tags = replace(tags, null=True)
        # try() loses the keys of a map that has anything unknown.
        is_open = tags.open or (kind != "one" and tags.unknown)
        self.scope.maps.append(replace(tags, text=copied, open=is_open, local=True))
        if kind == "one":
            self.scope.strings.append(Expression(f"{address}.id", unknown=True, local=True))
        elif kind == "count":
            self.scope.numbers.append(Expression(f"length({address})", local=True))
            names = f'[for item in {address}[*].tags : try(item["Name"], "none")]'
            self.scope.lists.append(replace(tags, text=f"[for x in {names} : coalesce(x, 0)]", null=False, local=True))
        else:
            self.scope.lists.append(Expression(f"keys({address})", local=True))

    def _instances(self, known: Writer, kind: str, scope: Scope) -> str:
        """A for_each that Terraform can expand."""
        if kind == "set":
            items = known.list(1)
            text = items.text if items.known else '["a", "b"]'
            scope.strings += [Expression("each.key"), Expression("each.value")]
            # Sets of numbers or bools are refused.
            return f"toset([for item in {text} : tostring(item)])"
        source = self.writer.map(1)
        if source.open:
            source = known.map(1)
        if source.open:
            source = Expression('{ a = "1", "b c" = 2 }')
        scope.strings += [
            Expression("each.key"),
            Expression("each.value", unknown=source.unknown, null=source.null, local=source.local),
        ]
        return source.text

    def _tags(self, writer: Writer) -> Expression:
        """A tags argument, sometimes laid out over lines with a heredoc and comments."""
        if not writer.maybe(4):
            return writer.map(3)
        first, middle, last = writer.string(2), writer.string(1), writer.string(1)
        lines = [
            f"    {writer.key(writer.pick(*KEYS))} {first.text}{writer.pick('', ',', ' # note')}",
            f"    heredoc = <<-EOT\n      {writer.pick('text', '$${esc}')} ${{{middle.text}}}\n    EOT",
            f"    {writer.key('last')} {last.text}",
        ]
        return derive("{\n" + "\n".join(lines) + "\n  }", first, middle, last)

    def group(self) -> None:
        """An autoscaling group with static and dynamic tag blocks."""
        writer = self.writer
        blocks = [
            f'  tag {{\n    key = "st-{key}"\n    value = {writer.string(1).text}\n'
            f"    propagate_at_launch = {writer.pick('true', 'false')}\n  }}"
            for key in self.draw(st.lists(st.sampled_from(KEYS), max_size=2, unique=True))
        ]
        source = writer.map(2)
        value = 'coalesce(tag.value, "none")' if source.null else "tag.value"
        blocks.append(
            f'  dynamic "tag" {{\n    for_each = {source.text}\n    content {{\n      key = tag.key\n'
            f'      value = {value}\n      propagate_at_launch = tag.key != "Name"\n    }}\n  }}'
        )
        name = self.name("g")
        self.text.append(
            f'resource "aws_autoscaling_group" "{name}" {{\n  max_size = 1\n  min_size = 1\n'
            + "\n".join(blocks)
            + "\n}"
        )

    def call(self, source: str, needs_alias: bool, outputs: tuple[str, ...]) -> None:
        """A module call; its outputs come into scope."""
        writer, name = self.writer, self.name("m")
        known = Writer(self.draw, self.scope.only(known=True))
        lines = [f'  source = "{source}"']
        kind = writer.pick("one", "one", "count", "each")
        scope = self.scope.copy()
        instance = ""
        if kind == "count":
            lines.append("  count = 2")
            scope.numbers.append(Expression("count.index"))
            instance = "[1]"
        elif kind == "each":
            lines.append('  for_each = toset(["x", "y z"])')
            scope.strings.append(Expression("each.key"))
            instance = '["y z"]'
        inside = Writer(self.draw, scope)
        names = known.list(1)
        lines.append(f"  names = {names.text if names.known else '[]'}")
        label, tags = inside.string(2), inside.map(2)
        lines += [f"  label = {label.text}", f"  tags = {tags.text}"]
        if writer.maybe(2):
            lines.append(f"  settings = {{ owner = {writer.pick('null', quote('set'))}, extra = 1 }}")
        if needs_alias:
            given = writer.pick("aws", *(f"aws.{alias}" for alias in self.aliases))
            lines.append(f"  providers = {{\n    aws.peer = {given}\n    aws = aws\n  }}")
        elif self.aliases and writer.maybe(2):
            lines.append(f"  providers = {{\n    aws = aws.{writer.pick(*self.aliases)}\n  }}")
        self.text.append(f'module "{name}" {{\n' + "\n".join(lines) + "\n}")
        for output in outputs:
            text = f"module.{name}{instance}.{output}"
            if output == "tags":
                self.scope.maps.append(Expression(text, unknown=True, open=True, null=True, local=True))
            else:
                self.scope.strings.append(Expression(text, unknown=True, local=True))


def _child(draw: st.DrawFn, below: str, *, peer: bool) -> str:
    """The text of a module directory: variables, locals, resources, perhaps a call of the module `below`, outputs."""
    scope = Scope(
        strings=[
            # What callers pass may be unknown; a map(string) may hold nulls and be wholly unknown.
            Expression("var.label", unknown=True),
            Expression("var.settings.owner"),
            Expression("var.settings.team", null=True),
        ],
        numbers=[Expression("var.settings.n")],
        lists=[Expression("var.names")],
        maps=[
            Expression("var.tags", unknown=True, open=True, null=True),
            Expression("var.settings", null=True),
        ],
    )
    module = _Module(draw, scope, ("peer",) if peer else ())
    needs = "      configuration_aliases = [aws.peer]\n" if peer else ""
    source = '      source = "hashicorp/aws"\n'
    module.text.append(f"terraform {{\n  required_providers {{\n    aws = {{\n{source}{needs}    }}\n  }}\n}}")
    module.text += [
        'variable "label" {\n  type = string\n}',
        'variable "names" {\n  type = list(string)\n}',
        f'variable "tags" {{\n  type = map({module.writer.pick("string", "string", "any")})\n  default = {{}}\n}}'
        if module.writer.maybe(2)
        else 'variable "tags" {\n  type = map(string)\n}',
        f'variable "settings" {{\n  type = {OBJECT}\n  default = {{}}\n}}',
    ]
    module.locals(free=False)
    module.anchor()
    for _ in range(draw(st.integers(1, 2))):
        module.resource()
    if below:
        module.call(below, needs_alias=False, outputs=("tags",))
        module.resource()
    module.text.append(f'output "tags" {{\n  value = {module.writer.map(2).text}\n}}')
    module.text.append(f'output "text" {{\n  value = {module.writer.string(2).text}\n}}')
    return "\n\n".join(module.text) + "\n"


@st.composite
def configurations(draw: st.DrawFn) -> Configuration:
    """A root module, with tfvars, aliases and modules."""
    files: dict[str, str] = {}
    scope = Scope()
    module = _Module(draw, scope, ())
    worlds = _variables(module, files)
    module.text.append('resource "terraform_data" "seed" {}')
    scope.strings.append(Expression("terraform_data.seed.id", unknown=True))
    if draw(st.integers(0, 5)) == 0:
        scope.maps.append(Expression("jsondecode(terraform_data.seed.id)", unknown=True, open=True, null=True))
    module.locals(free=True)
    module.aliases = _providers(module)
    module.anchor()
    _modules(draw, module, files)
    module.locals(free=False)
    for _ in range(draw(st.integers(2, 5))):
        module.resource()
    if module.writer.maybe(2):
        module.group()
    blocks = draw(st.permutations(module.text))
    half = draw(st.integers(0, len(blocks)))
    files["main.tf"] = "\n\n".join(blocks[:half]) + "\n"
    files["more.tf"] = "\n\n".join(blocks[half:]) + "\n"
    if module.override:
        files["override.tf"] = "\n\n".join(module.override) + "\n"
    return Configuration(tuple(sorted(files.items())), worlds)


def _variables(module: _Module, files: dict[str, str]) -> tuple[tuple[tuple[str, str], ...], ...]:
    """Variables with defaults, values in tfvars, and some with neither. Returns the worlds for the latter."""
    writer, scope = module.writer, module.scope
    tfvars: list[str] = []
    first: list[tuple[str, str]] = []
    second: list[tuple[str, str]] = []
    module.text.append('variable "name" {\n  default = "dflt"\n}')
    scope.strings.append(Expression("var.name"))
    if writer.maybe(2):
        tfvars.append(f"name = {quote(writer.pick('from tfvars', 'x'))}")
    map_default = writer.pick("{}", '{ owner = "var", n = 1 }', '{ Name = "v", team = null }')
    module.text.append(f'variable "more" {{\n  type = map(string)\n  default = {map_default}\n}}')
    scope.maps.append(Expression("var.more", null="null" in map_default))
    if writer.maybe(3):
        tfvars.append('more = {\n  env = "tfvars"\n  "a" : 1.0\n}')
    module.text.append(f'variable "settings" {{\n  type = {OBJECT}\n  default = {{ team = "t" }}\n}}')
    scope.maps.append(Expression("var.settings", null=True))
    scope.numbers.append(Expression("var.settings.n"))
    module.text.append('variable "names" {\n  default = ["b", "a", "b"]\n}')
    scope.lists.append(Expression("var.names"))
    module.text.append('variable "on" {\n  type = bool\n  default = true\n}')
    scope.bools.append(Expression("var.on"))
    if writer.maybe(3):
        tfvars.append(writer.pick("on = false", 'on = "true"'))
    needs = writer.maybe(3)
    if needs and writer.maybe(2):
        module.text.append('variable "needed" {\n  type = string\n}')
        scope.strings.append(Expression("var.needed", unknown=True))
        first.append(("needed", "one"))
        second.append(("needed", "vision"))
    if needs and writer.maybe(2):
        module.text.append('variable "needed_map" {\n  type = map(string)\n}')
        scope.maps.append(Expression("var.needed_map", unknown=True, open=True))
        first.append(("needed_map", "{}"))
        second.append(("needed_map", '{ owner = "world", team = "w", zz = "1" }'))
    if needs and writer.maybe(2):
        module.text.append(f'variable "needed_object" {{\n  type = {OBJECT}\n}}')
        scope.maps.append(Expression("var.needed_object", unknown=True, open=True, null=True))
        scope.strings.append(Expression("var.needed_object.owner", unknown=True))
        first.append(("needed_object", "{}"))
        second.append(("needed_object", '{ team = "w", n = 9 }'))
    if tfvars:
        name = writer.pick("terraform.tfvars", "x.auto.tfvars")
        files[name] = "\n".join(tfvars) + "\n"
    return (tuple(first), tuple(second)) if first else ()


def _providers(module: _Module) -> tuple[str, ...]:
    """Provider blocks: a default one, aliases, each with or without default_tags."""
    aliases = module.draw(st.lists(st.sampled_from(("west", "east")), max_size=2, unique=True))
    for alias in ("", *aliases):
        free = Writer(module.draw, module.scope.only(free=True))
        lines = [f'  alias = "{alias}"'] if alias else ['  region = "eu-west-1"']
        match free.pick("plain", "plain", "dynamic", "none"):
            case "plain":
                lines.append(f"  default_tags {{\n    tags = {free.map(2).text}\n  }}")
            case "dynamic":
                flag = Writer(module.draw, module.scope.only(free=True, known=True)).boolean(1)
                condition = flag.text if flag.known else "true"
                tags = f"merge({free.map(1).text}, {{ from = default_tags.value }})"
                lines.append(
                    f'  dynamic "default_tags" {{\n    for_each = {condition} ? ["d"] : []\n'
                    f"    content {{\n      tags = {tags}\n    }}\n  }}"
                )
            case _:
                pass
        module.text.append('provider "aws" {\n' + "\n".join(lines) + "\n}")
    if module.writer.maybe(3):
        labels = Writer(module.draw, module.scope.only(free=True)).map(1)
        module.text.append(f'provider "google" {{\n  default_labels = {labels.text}\n}}')
    return tuple(aliases)


def _modules(draw: st.DrawFn, module: _Module, files: dict[str, str]) -> None:
    count = draw(st.integers(0, 2))
    for index in range(count):
        below = ""
        if draw(st.booleans()):
            below = "./below"
            files[f"m{index}/below/main.tf"] = _child(draw, "", peer=False)
        peer = draw(st.integers(0, 2)) == 0
        files[f"m{index}/main.tf"] = _child(draw, below, peer=peer)
        for _ in range(draw(st.integers(1, 2))):
            module.call(f"./m{index}", needs_alias=peer, outputs=("tags", "text"))
    if draw(st.booleans()):
        value = module.writer.map(2)
        module.text.append(f"// may hang on the modules above\nlocals {{\n  after = {value.text}\n}}")
        module.scope.maps.append(derive("local.after", value, null=value.null))

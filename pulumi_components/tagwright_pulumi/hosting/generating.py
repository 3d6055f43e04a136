"""A component package made from a dictionary: required tags are required inputs, closed lists of values are enums, so
that programs in TypeScript, Go or C# fail to compile where a tag is missing or wrong.

What is written is Python source that is the same for equal dictionaries. Values that are open, and rules between
tags, are judged when the component is constructed, by the dictionary in the package.
"""

from __future__ import annotations

import ast
import inspect
import json
import keyword
import re
import textwrap
from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from tagwright_dictionary.catalogue import classify
from tagwright_dictionary.dictionary import Dictionary, Key
from tagwright_dictionary.errors import InputError
from tagwright_dictionary.judging import judge_for
from tagwright_dictionary.loading.dumping import dump
from tagwright_dictionary.model import Certainty, Classes, Resource, Severity
from tagwright_pulumi.hosting.provider import COMPONENTS, LEAST

_TOKENS: Final = {
    "BedrockInferenceProfile": ("aws:bedrock/inferenceProfile:InferenceProfile", ()),
    "Bucket": ("aws:s3/bucket:Bucket", ()),
    "Function": ("aws:lambda/function:Function", ()),
    "GpuNode": ("aws:ec2/instance:Instance", ("gpu",)),
    "GpuNodeGroup": ("aws:ec2/launchTemplate:LaunchTemplate", ("gpu",)),
    "SageMakerEndpoint": ("aws:sagemaker/endpointConfiguration:EndpointConfiguration", ()),
    "SageMakerNotebook": ("aws:sagemaker/notebookInstance:NotebookInstance", ()),
}
"""What each component's tags are judged as."""

_NAME: Final = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_MOST_VALUES: Final = 500
"""Longer lists stay text: an enum of thousands of members is no help to anybody."""


def package(dictionary: Dictionary, *, name: str, version: str, today: date) -> dict[str, str]:
    """The files of the package, by name. Raises InputError for a name that Pulumi would not take.

    `today` decides which requirements are errors by now.
    """
    if not _NAME.fullmatch(name) or len(name) > 60:
        raise InputError(f"{name[:60]!r} is no name of a Pulumi package", hint="lower-case letters, digits and hyphens")
    return {
        "PulumiPlugin.yaml": "runtime: python\n",
        "requirements.txt": f"tagwright[pulumi]=={version}\npulumi>={LEAST},<4\n",
        "dictionary.yaml": dump(dictionary),
        "__main__.py": _MAIN.format(name=json.dumps(name), version=json.dumps(dictionary.version)),
        "tagged_components.py": _components(dictionary, name, today),
    }


_MAIN: Final = '''\
"""Made by `tagwright pulumi generate`: Pulumi starts this, and asks it for the schema of the components."""

import tagged_components
from tagwright_pulumi.hosting import serve

if __name__ == "__main__":
    serve(tagged_components.COMPONENTS, name={name}, version={version})
'''

_HEAD: Final = '''\
"""Components whose inputs are the tags of the dictionary {dictionary}.

Made by `tagwright pulumi generate`: change the dictionary and generate it anew, rather than this file.
"""

from collections.abc import Mapping
from enum import Enum
from pathlib import Path
from typing import NotRequired, Optional, TypedDict

import pulumi

import tagwright_pulumi
from tagwright_pulumi import {nested}, TagGate

GATE = TagGate(Path(__file__).with_name("dictionary.yaml"))


def _tags(args, names):
    """The tags among the arguments, and the other arguments."""
    rest = {{key: value for key, value in args.items() if key not in names and key != "more_tags"}}
    tags = {{names[key]: value for key, value in args.items() if key in names and value is not None}}
    plain = {{key: value.value if isinstance(value, Enum) else value for key, value in tags.items()}}
    more = args.get("more_tags")
    if more is None:
        return {{**rest, "tags": plain}}
    if isinstance(more, pulumi.Output):
        both = pulumi.Output.all(more=more, own=plain)
        return {{**rest, "tags": both.apply(lambda two: {{**two["more"], **two["own"]}})}}
    return {{**rest, "tags": {{**more, **plain}}}}
'''


def _components(dictionary: Dictionary, package_name: str, today: date) -> str:
    keys = {key.name: key for key in dictionary.keys}
    needed = {each.__name__: _required(dictionary, each.__name__, today) for each in COMPONENTS}
    enums = _enums(keys.values())
    title = f"{_prose(dictionary.name)} {_prose(dictionary.version)}"
    found = [_HEAD.format(dictionary=title, nested=", ".join(_NESTED))]
    found += [_enum(keys[key], enums[key]) for key in sorted(enums)]
    found += (_component(each, package_name, keys, needed[each.__name__], enums) for each in COMPONENTS)
    names = "".join(f"    {each.__name__},\n" for each in COMPONENTS)
    found.append(f"COMPONENTS = (\n{names})\n")
    return "\n\n".join(found)


_NESTED: Final = ("DataVolume", "EndpointVariant", "RootVolume")


def _required(dictionary: Dictionary, component: str, today: date) -> frozenset[str]:
    """The keys that the judge certainly misses on such a component without any tags."""
    token, classes = _TOKENS[component]
    certain = classify(token, {}).certain | frozenset(classes)
    resource = Resource("x", token, provider="aws", framework="pulumi", classes=Classes(certain))
    findings = judge_for(dictionary).judge(resource, today).findings
    return frozenset(
        each.key
        for each in findings
        if each.rule == "missing-tag" and each.severity is Severity.ERROR and each.certainty is Certainty.DEFINITE
    )


def _enums(keys: Iterable[Key]) -> dict[str, str]:
    """For each key with a closed list the name of its enum."""
    found: dict[str, str] = {}
    taken = {*_NESTED, "Enum", *(f"{each.__name__}{end}" for each in COMPONENTS for end in ("", "Args"))}
    for key in sorted(keys, key=lambda each: each.name):
        values = [each for each in key.values or () if each.status == "active"]
        if not values or len(values) > _MOST_VALUES:
            continue
        name = _distinct("".join(word.capitalize() for word in _words(key.name)) or "Tag", taken)
        taken.add(name)
        found[key.name] = name
    return found


def _enum(key: Key, name: str) -> str:
    about = key.description or key.title or f"Approved values of {key.name}."
    lines = [f"class {name}(str, Enum):", f"    {_doc(about)}", ""]
    taken: set[str] = set()
    for value in key.values or ():
        if value.status != "active":
            continue
        member = _distinct("_".join(_words(value.value)).upper() or "VALUE", taken)
        taken.add(member)
        lines.append(f"    {member} = {_text(value.value)}")
        if value.title or value.description:
            lines.append(f"    {_doc(value.title or value.description)}")
    return "\n".join(lines) + "\n"


def _component(
    component: type, package_name: str, keys: dict[str, Key], needed: frozenset[str], enums: dict[str, str]
) -> str:
    name = component.__name__
    inputs = [each for each in _annotated(_arguments(component)) if each[0] != "tags"]
    outputs = _annotated(component)
    taken = {each[0] for each in inputs} | {"more_tags"}
    lines = [f"class {name}Args(TypedDict):", f'    """Arguments of a {name}."""', ""]
    names: dict[str, str] = {}
    # What the judge asks for may be a key that the dictionary does not describe.
    for key_name in sorted({*keys, *needed}, key=lambda each: (each not in needed, each)):
        key = keys.get(key_name) or Key(key_name)
        field = _distinct(_identifier(key_name), taken)
        taken.add(field)
        names[field] = key_name
        kind = enums.get(key_name) or "pulumi.Input[str]"
        lines.append(f"    {field}: {kind if key_name in needed else f'NotRequired[{kind}]'}")
        lines.append(f"    {_doc(_about(key))}")
    lines.append("    more_tags: NotRequired[pulumi.Input[Mapping[str, pulumi.Input[str]]]]")
    lines.append('    """Further tags, judged by the tag dictionary."""')
    for field, annotation, about in inputs:
        lines += [f"    {field}: {annotation}", f"    {_doc(about)}"]
    lines += ["", "", f"class {name}(tagwright_pulumi.{name}):", f"    {_doc(inspect.getdoc(component) or name)}", ""]
    for field, annotation, about in outputs:
        lines += [f"    {field}: {annotation}", f"    {_doc(about)}"]
    mapping = "".join(f"        {_text(field)}: {_text(key)},\n" for field, key in names.items())
    lines += [
        "",
        f"    component_type = {_text(f'{package_name}:index:{name}')}",
        f"    tag_inputs = {{\n{mapping}    }}",
        "",
        f"    def __init__(self, name: str, args: {name}Args, opts: Optional[pulumi.ResourceOptions] = None):",
        "        super().__init__(name, _tags(args, self.tag_inputs), opts, gate=GATE)",
    ]
    return "\n".join(lines) + "\n"


def _arguments(component: type) -> type:
    found: Any = inspect.signature(component).parameters["args"].annotation
    made: type = found
    return made


def _annotated(kind: type) -> list[tuple[str, str, str]]:
    """(name, annotation, docstring) of a class's own fields, as they are written."""
    source = textwrap.dedent(inspect.getsource(kind))
    (body,) = (node.body for node in ast.parse(source).body if isinstance(node, ast.ClassDef))
    found = []
    for place, node in enumerate(body):
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            after = body[place + 1] if place + 1 < len(body) else None
            about = after.value.value if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant) else ""
            found.append((node.target.id, ast.unparse(node.annotation), str(about)))
    return found


def _about(key: Key) -> str:
    about = key.description or key.title or f"The tag {key.name}."
    example = f" For example {key.examples[0]}." if key.examples else ""
    return f"{about.rstrip()}{example}"


def _identifier(key: str) -> str:
    name = "_".join(_words(key)) or "tag"
    return f"tag_{name}" if keyword.iskeyword(name) else name


def _words(text: str) -> list[str]:
    """Its words in lower case; digits at the front get a letter, because no language takes them there."""
    words = re.findall(r"[a-z0-9]+", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", text).lower())
    if words and words[0][0].isdigit():
        words[0] = f"v{words[0]}"
    return words


def _distinct(name: str, taken: Iterable[str]) -> str:
    """The name, or the first free one like it. Inputs that are called like a tag give the tag another name."""
    used = {each.lower() for each in taken}
    if name.lower() not in used and not keyword.iskeyword(name):
        return name
    tries = (f"tag_{name}" if name.islower() else f"Tag{name}", *(f"{name}_{number}" for number in range(2, 10_000)))
    return next(each for each in tries if each.lower() not in used)


def _text(value: str) -> str:
    """A string literal that no value can break out of."""
    return json.dumps(value, ensure_ascii=True)


def _doc(text: str) -> str:
    return _text(" ".join(text.split()))


def _prose(text: str) -> str:
    """Text inside of a docstring."""
    return re.sub(r"[^A-Za-z0-9 ._+-]", "_", text)

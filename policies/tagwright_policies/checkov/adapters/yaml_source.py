"""YAML and JSON templates, with CloudFormation's short forms as long ones and the line of every mapping.

PyYAML comes with every Checkov. Aliases cannot blow up: the text is bounded, and nodes are shared, not copied.
"""

from __future__ import annotations

from typing import Any

from tagwright_policies.checkov.adapters.files import text_of

LINE = "__line__"
_LARGEST = 2_000_000
_LAST: list[tuple[str, Any]] = []


def document(file: str) -> dict[str, Any] | None:
    """The first document of the file as plain values; None when it cannot be read. Every mapping knows its first line
    under `LINE`. The last few files are kept.
    """
    content = text_of(file) if file else None
    if content is None or len(content) > _LARGEST:
        return None
    for known, found in _LAST:
        if known == content:
            return found if isinstance(found, dict) else None
    made = _parse(content)
    del _LAST[4:]
    _LAST.insert(0, (content, made))
    return made if isinstance(made, dict) else None


def _parse(content: str) -> Any:
    import yaml  # noqa: PLC0415 - checks of Terraform need none

    class Loader(yaml.SafeLoader):
        """Of its own, so that nothing is registered on the shared one."""

    def mapping(loader: Any, node: Any) -> dict[str, Any]:
        loader.flatten_mapping(node)
        made: dict[str, Any] = {}
        for key, value in node.value:
            made[str(loader.construct_object(key, deep=True))] = loader.construct_object(value, deep=True)
        made[LINE] = node.start_mark.line + 1
        return made

    def function(loader: Any, suffix: str, node: Any) -> Any:
        if isinstance(node, yaml.ScalarNode):
            value: Any = loader.construct_scalar(node)
        elif isinstance(node, yaml.SequenceNode):
            value = loader.construct_sequence(node, deep=True)
        else:
            value = mapping(loader, node)
        if suffix == "GetAtt" and isinstance(value, str):
            value = value.split(".", 1)
        return {suffix if suffix in {"Ref", "Condition"} else f"Fn::{suffix}": value}

    Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, mapping)
    Loader.add_multi_constructor("!", function)
    # A date stays the text it is written as: tags are text.
    Loader.yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in found if tag != "tag:yaml.org,2002:timestamp"]
        for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    try:
        return yaml.load(content, Loader=Loader)  # noqa: S506 - a SafeLoader
    except (yaml.YAMLError, RecursionError, ValueError, TypeError):
        return None

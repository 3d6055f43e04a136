"""A root module around a configuration, so that Terraform plans it with really unknown inputs.

Terraform refuses a root module with a required variable that has no value. Called as a module the same configuration
can be handed a value that is known only after apply, and shows what stays known. The wrapper declares the other
variables as the configuration does and passes them on, because a child module reads no tfvars. What differs inside:
`path.module` and `path.root`, and every address starts with `PREFIX`.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Collection, Iterator
from pathlib import Path

PREFIX = "module.root."
_UNKNOWN = "jsondecode(terraform_data.oracle_unknown.id)"


def wrap(configuration: Path, wrapper: Path, source: str, unknown: Collection[str]) -> None:
    """Write into `wrapper` a root module that calls `configuration` (at `source`, relative to `wrapper`) with every
    variable of `unknown` unknown."""
    declared: set[str] = set()
    for file in sorted(configuration.iterdir()):
        if file.suffix == ".tf":
            blocks = [text for name, text in _variables(file) if name not in unknown]
            declared |= {name for name, _ in _variables(file)}
            (wrapper / file.name).write_text("\n\n".join(blocks) + "\n", encoding="utf-8")
        elif file.name.endswith(".tf.json"):
            content = json.loads(file.read_text(encoding="utf-8-sig"))
            variables = content.get("variable", {}) if isinstance(content, dict) else {}
            declared |= set(variables)
            kept = {name: body for name, body in variables.items() if name not in unknown}
            (wrapper / file.name).write_text(json.dumps({"variable": kept}), encoding="utf-8")
        elif file.is_dir():
            if file.name != ".terraform":
                shutil.copytree(
                    file, wrapper / file.name, ignore=shutil.ignore_patterns("*.tf", "*.tf.json"), dirs_exist_ok=True
                )
        else:
            shutil.copy(file, wrapper / file.name)
    arguments = "".join(
        f"  {name} = {_UNKNOWN if name in unknown else f'var.{name}'}\n" for name in sorted(declared | set(unknown))
    )
    (wrapper / "oracle_wrapper.tf").write_text(
        f'resource "terraform_data" "oracle_unknown" {{}}\n\nmodule "root" {{\n  source = "{source}"\n{arguments}}}\n',
        encoding="utf-8",
    )


def _variables(file: Path) -> Iterator[tuple[str, str]]:
    """Name and source text of each `variable` block."""
    import tree_sitter
    import tree_sitter_hcl

    source = file.read_bytes().removeprefix(b"\xef\xbb\xbf")
    parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_hcl.language()))
    for body in parser.parse(source).root_node.children:
        for block in body.children:
            words = [child for child in block.children if child.type in ("identifier", "string_lit")]
            if block.type == "block" and len(words) > 1 and words[0].text == b"variable":
                yield (words[1].text or b"").decode().strip('"'), (block.text or b"").decode()

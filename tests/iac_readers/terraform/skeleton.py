"""One shape for what three independent parsers make of a file: ours, python-hcl2 and tree-sitter-hcl.

A body is (arguments by name, blocks): names and structure, no positions and no layout.
"""

# ruff: noqa: E501 - rows of sample texts; seeded randomness

from __future__ import annotations

import re
from typing import Any

import hcl2
import tree_sitter
import tree_sitter_hcl
from lark import Token, Tree

from tagwright_iac.terraform import nodes as ast
from tagwright_iac.terraform.parser import ParsedBlock

Shape = Any
ANY = ("any",)
"""What python-hcl2 does not parse (heredocs are one token there): equal to everything."""


# -- ours ---------------------------------------------------------------------------------------------------------------


def ours(body: ParsedBlock, *, expressions: bool = True) -> Shape:
    """The shape of a body our parser read."""
    arguments = {item.name: _node(item.expression) if expressions else ANY for item in body.attributes}
    return arguments, [(block.type, block.labels, ours(block, expressions=expressions)) for block in body.blocks]


def _node(node: Any) -> Shape:
    match node:
        case ast.Literal(value=str()):
            return ("text", ())
        case ast.Literal(word=word):
            return ("word", word) if word else ("number", "")
        case ast.Template():
            return ("text", tuple(_leaves(node)))
        case ast.Reference():
            shape: Shape = ("name", node.root)
            for name in node.names:
                shape = ("attribute", shape, name)
            return shape
        case ast.Attribute():
            return ("attribute", _node(node.target), node.name)
        case ast.Index():
            return ("index", _node(node.target), _node(node.key))
        case ast.SplatElement():
            return ("element",)
        case ast.Splat():
            return ("splat", _node(node.target), _node(node.each))
        case ast.Parenthesis():
            return ("parenthesis", _node(node.inner))
        case ast.Unary():
            return ("unary", node.operator, _node(node.operand))
        case ast.Binary():
            return ("binary", node.operator, _node(node.left), _node(node.right))
        case ast.Conditional():
            return ("conditional", _node(node.condition), _node(node.if_true), _node(node.if_false))
        case ast.Call():
            return ("call", node.name, tuple(map(_node, node.arguments)), node.expand)
        case ast.Tuple():
            return ("tuple", tuple(map(_node, node.items)))
        case ast.Object():
            return ("object", tuple((_key(item.key), _node(item.value)) for item in node.items))
        case ast.ForTuple():
            parts = (node.collection, node.value, node.condition)
            return ("for", node.key_name, node.value_name, *(part and _node(part) for part in parts))
        case ast.ForObject():
            parts = (node.collection, node.key, node.value, node.condition)
            return ("for", node.key_name, node.value_name, *(part and _node(part) for part in parts), node.group)
    raise AssertionError(type(node))


def _key(key: Any) -> Shape:
    return _plain_key(key) if isinstance(key, str) else _node(key)


def _plain_key(key: str) -> Shape:
    """A literal key; what escapes and accents make of one is not compared."""
    return ("key", key if re.fullmatch(r"[\w.:/ -]+", key, re.ASCII) else "?")


def _leaves(node: Any) -> list[str]:
    """Names and numbers inside a template, in the order they are written."""
    if isinstance(node, ast.Template):
        return [leaf for part in node.parts if not isinstance(part, str) for leaf in _leaves(part)]
    if isinstance(node, ast.JoinedFor):
        loop = node.loop
        names = [name for name in (loop.key_name, loop.value_name) if name]
        return [*names, *_leaves(loop.collection), *_leaves(loop.value)]
    if isinstance(node, ast.Conditional):
        return [leaf for part in (node.condition, node.if_true, node.if_false) for leaf in _leaves(part)]
    return _flat(_node(node))


# -- python-hcl2 --------------------------------------------------------------------------------------------------------


def from_hcl2(text: str) -> Shape:
    """The shape python-hcl2 sees. Its parser's exceptions come through."""
    # It wants a new line at the end.
    tree = hcl2.parses_to_tree(text if text.endswith("\n") else text + "\n")
    return _lark_body(tree.children[0])


def _named(tree: Tree[Token], *names: str) -> list[Tree[Token]]:
    return [child for child in tree.children if isinstance(child, Tree) and child.data in names]


def _text(tree: Tree[Token] | Token) -> str:
    return str(tree) if isinstance(tree, Token) else "".join(_text(child) for child in tree.children)


def _lark_body(body: Tree[Token]) -> Shape:
    arguments = {}
    for attribute in _named(body, "attribute"):
        name, expression = (child for child in attribute.children if isinstance(child, Tree))
        arguments[_text(name)] = _lark(expression)
    blocks = []
    for block in _named(body, "block"):
        head = [child for child in block.children if isinstance(child, Tree) and child.data not in ("body", _BREAK)]
        labels = tuple(_text(label).strip('"') for label in head[1:])
        blocks.append((_text(head[0]), labels, _lark_body(_named(block, "body")[0])))
    return arguments, blocks


_BREAK = "new_line_or_comment"


def _parts(tree: Tree[Token]) -> list[Any]:
    return [child for child in tree.children if isinstance(child, Tree) and child.data != _BREAK]


def _lark(tree: Tree[Token]) -> Shape:
    parts = _parts(tree)
    tokens = [str(child).strip() for child in tree.children if isinstance(child, Token)]
    match tree.data:
        case "expr_term":
            inner = _lark(parts[0])
            return ("parenthesis", inner) if tokens[:1] == ["("] else inner
        case "identifier" | "keyword":
            return ("name", _text(tree))
        case "literal_value":
            return ("word", _text(tree))
        case "int_lit" | "float_lit":
            return ("unary", "-", ("number", "")) if _text(tree).startswith("-") else ("number", "")
        case "string":
            return _lark_string(tree)
        case "heredoc_template" | "heredoc_template_trim":
            return ANY
        case "tuple":
            return ("tuple", tuple(map(_lark, parts)))
        case "object":
            return ("object", tuple(_lark_item(item) for item in parts))
        case "function_call":
            names = [_text(part) for part in parts if part.data == "identifier"]
            arguments = [child for part in parts if part.data == "arguments" for child in part.children]
            values = [child for child in arguments if isinstance(child, Tree) and child.data != _BREAK]
            return ("call", "::".join(names), tuple(map(_lark, values)), "..." in map(str, arguments))
        case "get_attr_expr_term" | "index_expr_term":
            return _lark_step(_lark(parts[0]), parts[1])
        case "attr_splat_expr_term" | "full_splat_expr_term":
            # It hangs `a[*].b[*].c` as (a[*].b)[*].c, where HashiCorp's parser takes `.b[*].c` for each element of a.
            nested = tree.data == "full_splat_expr_term" and _parts(parts[0])[0].data == tree.data
            return ANY if nested else _lark_splat(_lark(parts[0]), parts[1])
        case "unary_op":
            return ("unary", tokens[0], _lark(parts[0]))
        case "binary_op":
            operator, right = _parts(parts[1])
            return ("binary", _text(operator).split("\n")[-1].strip(), _lark(parts[0]), _lark(right))
        case "conditional":
            return ("conditional", *map(_lark, parts))
        case "for_tuple_expr" | "for_object_expr":
            return _lark_for(tree, parts, tokens)
    raise AssertionError(tree.data)


def _lark_item(item: Tree[Token]) -> Shape:
    key, value = _parts(item)
    shape = _lark(_parts(key)[0])
    if shape[0] in ("name", "word"):
        shape = _plain_key(shape[1])
    elif shape == ("text", ()):
        shape = _plain_key(_text(key).strip('"'))
    return shape, _lark(value)


def _lark_step(target: Shape, step: Tree[Token]) -> Shape:
    if step.data == "get_attr":
        return ("attribute", target, _text(_parts(step)[0]))
    if step.data == "short_index":
        return ("index", target, ("number", ""))
    return ("index", target, _lark(_parts(step)[0]))


def _lark_splat(target: Shape, splat: Tree[Token]) -> Shape:
    steps = _parts(splat)
    if splat.data == "attr_splat":  # an index in brackets after `.*` belongs to the whole
        cut = next((index for index, step in enumerate(steps) if step.data == "braces_index"), len(steps))
        steps, outer = steps[:cut], steps[cut:]
    else:
        outer = []
    each: Shape = ("element",)
    for step in steps:
        each = _lark_step(each, step)
    shape: Shape = ("splat", target, each)
    for step in outer:
        shape = _lark_step(shape, step)
    return shape


def _lark_for(tree: Tree[Token], parts: list[Any], tokens: list[str]) -> Shape:
    intro = _parts(parts[0])
    names = [_text(part) for part in intro[:-1]]
    key_name, value_name = names if len(names) == 2 else ("", names[0])
    condition = _named(tree, "for_cond")
    values = [_lark(part) for part in parts[1:] if part.data != "for_cond"]
    shape = (
        "for",
        key_name,
        value_name,
        _lark(intro[-1]),
        *values,
        _lark(_parts(condition[0])[0]) if condition else None,
    )
    return (*shape, "..." in tokens) if tree.data == "for_object_expr" else shape


def _lark_string(tree: Tree[Token]) -> Shape:
    parts = _parts(tree)
    inner = [_parts(part)[0] if _parts(part) else None for part in parts]
    if len(inner) == 1 and inner[0] is not None and inner[0].data == "interpolation":
        return _lark(_parts(inner[0])[0])
    leaves: list[str] = []
    for part in inner:
        for piece in _parts(part) if part is not None else ():
            leaves.extend(_flat(_lark(piece)))
    return ("text", tuple(leaves))


def _flat(shape: Shape) -> list[str]:
    """Names and numbers of a shape, in order."""
    match shape:
        case None:
            return []
        case ("number", _):
            return ["#"]
        case ("name" | "word" | "key", str(name)):
            return [name]
        case ("text", leaves):
            return list(leaves)
        case ("attribute", target, name):
            return [*_flat(target), name]
        case ("call", name, arguments, _):
            return [name, *(leaf for argument in arguments for leaf in _flat(argument))]
        case ("unary", _, operand):
            return _flat(operand)
        case ("binary", _, left, right):
            return [*_flat(left), *_flat(right)]
        case ("for", key, value, *rest):
            return [
                *filter(None, (key, value)),
                *(leaf for part in rest if isinstance(part, tuple) for leaf in _flat(part)),
            ]
        case ("tuple" | "object", items):
            return [
                leaf
                for item in items
                for leaf in (_flat(item) if isinstance(item[0], str) else _flat(item[0]) + _flat(item[1]))
            ]
        case (_, *rest):
            return [leaf for part in rest for leaf in _flat(part)]
    raise AssertionError(shape)


# -- tree-sitter --------------------------------------------------------------------------------------------------------


def from_tree_sitter(data: bytes) -> Shape | None:
    """Arguments and blocks that tree-sitter-hcl sees; None when it finds a fault."""
    parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_hcl.language()))
    root = parser.parse(data).root_node
    if root.has_error:
        return None
    bodies = [child for child in root.children if child.type == "body"]
    return _sitter_body(bodies[0], data) if bodies else ({}, [])


def _sitter_body(body: Any, data: bytes) -> Shape:
    arguments, blocks = {}, []
    for child in body.children:
        if child.type == "attribute":
            arguments[_sitter_text(child.children[0], data)] = ANY
        elif child.type == "block":
            words = [part for part in child.children if part.type in ("identifier", "string_lit")]
            inner = [part for part in child.children if part.type == "body"]
            labels = tuple(_sitter_text(part, data).strip('"') for part in words[1:])
            shape = _sitter_body(inner[0], data) if inner else ({}, [])
            blocks.append((_sitter_text(words[0], data), labels, shape))
    return arguments, blocks


def _sitter_text(node: Any, data: bytes) -> str:
    return data[node.start_byte : node.end_byte].decode()


def same(left: Shape, right: Shape) -> bool:
    """Whether two shapes agree; `ANY` agrees with everything."""
    if ANY in (left, right):
        return True
    if isinstance(left, dict) and isinstance(right, dict):
        return list(left) == list(right) and all(same(left[name], right[name]) for name in left)
    if isinstance(left, list | tuple) and isinstance(right, list | tuple):
        return len(left) == len(right) and all(map(same, left, right))
    return bool(left == right)

"""`type = map(object({...}))`: type constraints from expressions."""

from __future__ import annotations

from tagwright_iac.terraform import nodes as ast
from tagwright_iac.terraform.expressions import Env, Expression
from tagwright_iac.terraform.session import nothing
from tagwright_iac.terraform.types import ANY, Attribute, TypeSpec
from tagwright_iac.terraform.values import EvalError

_PRIMITIVE = {name: TypeSpec(name) for name in ("string", "number", "bool")}
_COLLECTION = ("list", "set", "map")


def parse_type(expression: Expression) -> TypeSpec:
    """The type an expression denotes; quoted names are the syntax of Terraform 0.11. EvalError when it is none."""
    if isinstance(expression, ast.Literal) and isinstance(expression.value, str):
        if expression.value in _COLLECTION:
            return TypeSpec(expression.value, ANY)
        return _PRIMITIVE.get(expression.value, ANY)
    if isinstance(expression, ast.Reference) and not expression.names:
        if expression.root in _COLLECTION:
            return TypeSpec(expression.root, ANY)
        return _PRIMITIVE.get(expression.root, ANY)
    if isinstance(expression, ast.Call) and expression.arguments:
        name, argument = expression.name, expression.arguments[0]
        if name in _COLLECTION:
            return TypeSpec(name, parse_type(argument))
        if name == "tuple" and isinstance(argument, ast.Tuple):
            return TypeSpec(name, elements=tuple(parse_type(item) for item in argument.items))
        if name == "object" and isinstance(argument, ast.Object):
            return TypeSpec(name, attributes=tuple((str(item.key), _attribute(item.value)) for item in argument.items))
    raise EvalError("this is not a type constraint")


def _attribute(expression: Expression) -> Attribute:
    if isinstance(expression, ast.Call) and expression.name == "optional" and expression.arguments:
        spec = parse_type(expression.arguments[0])
        if len(expression.arguments) > 1:
            default = expression.arguments[1].evaluate(Env(nothing()))
            return Attribute(spec, optional=True, has_default=True, default=default)
        return Attribute(spec, optional=True)
    return Attribute(parse_type(expression))

"""Every node of the syntax tree under one name, for those who build or take apart expressions."""

from __future__ import annotations

from tagwright_iac.terraform.calls import Call
from tagwright_iac.terraform.expressions import (
    Attribute,
    Binary,
    Conditional,
    Expression,
    Index,
    Literal,
    Parenthesis,
    Reference,
    Splat,
    SplatElement,
    Template,
    Unary,
)
from tagwright_iac.terraform.loops import ForObject, ForTuple, JoinedFor
from tagwright_iac.terraform.objects import Object, ObjectItem, Tuple, object_key

__all__ = [
    "Attribute", "Binary", "Call", "Conditional", "Expression", "ForObject", "ForTuple", "Index", "JoinedFor",
    "Literal", "Object", "ObjectItem", "Parenthesis", "Reference", "Splat", "SplatElement", "Template", "Tuple",
    "Unary", "object_key",
]  # fmt: skip

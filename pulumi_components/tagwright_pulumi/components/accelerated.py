"""Whether an instance type has an accelerator, for components that are only for those."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tagwright_dictionary.catalogue import classify
from tagwright_dictionary.judging.text import quoted
from tagwright_pulumi.components.arguments import ARGUMENT, camel
from tagwright_pulumi.errors import Problem

_INSTANCE = "aws:ec2/instance:Instance"


def only_gpu(component: str, argument: str = "instance_type") -> Callable[[Mapping[str, Any]], Problem | None]:
    """A check that refuses a type that certainly has no accelerator. A family that the catalogue does not know is let
    through: AWS adds them faster than catalogues learn, and it is judged as a GPU all the same.
    """

    def check(arguments: Mapping[str, Any]) -> Problem | None:
        value = arguments.get(argument)
        if value is None or not isinstance(value, str):
            return _not_text(argument, value)
        classes = classify(_INSTANCE, {"instanceType": (value,)})
        if value.strip() and ("gpu" in classes.certain or classes.possible):
            return None
        message = f"{argument} {quoted(value)} has no accelerator, but {component} is for GPU nodes"
        help_text = (
            "choose an accelerated family (p4d, p5, p6, g5, g6, g6e, trn1, trn2, inf2), or create a plain instance "
            "with tagged(aws.ec2.Instance)."
        )
        return Problem(ARGUMENT, message, path=camel(argument), help=help_text)

    return check


def _not_text(argument: str, value: object) -> Problem | None:
    """A missing one has been reported as missing, an output is looked at when it is known."""
    if isinstance(value, (bool, int, float)):
        message = f"{argument} is {type(value).__name__}, not a string"
        return Problem(ARGUMENT, message, path=camel(argument), help='write it like "p5.48xlarge".')
    return None

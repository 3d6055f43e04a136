"""Whatever the API's model allows to be answered: a lister gives resources or says what is wrong, and never crashes."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.drift_scanner.compute.scripted import model

from tagwright_dictionary.loading import load
from tagwright_dictionary.loading.discovery import discover
from tagwright_drift.cells import GLOBAL, Cell, CellState
from tagwright_drift.inventories.aws.actions import actions_of, api_name
from tagwright_drift.inventories.aws.contract import Refused
from tagwright_drift.inventories.aws.registry import listers
from tagwright_drift.inventories.contract import CellTrouble
from tagwright_drift.judging import plain_judging

ROUNDS = 8
DEEPEST = 9
THEN = datetime(2026, 1, 1, tzinfo=UTC)
TEXTS = ("x1", "x2", "a/b:c", "é☃", "0", "", "aws:x", "arn:aws-cn:q:r:1:z/w", "n--x-s3")


def answer(shape: Any, chance: random.Random, depth: int = 0, name: str = "") -> Any:
    """One of the values that the model allows: optional members there or not, enums by their words."""
    kind = shape.type_name
    if kind == "structure":
        needed = set(shape.required_members)
        kept = ((key, of) for key, of in shape.members.items() if key in needed or chance.random() < 0.7)
        return {key: answer(of, chance, depth + 1, key) for key, of in kept if depth <= DEEPEST}
    if kind == "list":
        count = chance.choice((0, 1, 1, 2)) if depth <= DEEPEST else 0
        return [answer(shape.member, chance, depth + 1, name) for _ in range(count)]
    if kind == "map":
        count = chance.choice((0, 1, 2))
        return {answer(shape.key, chance, depth + 1): answer(shape.value, chance, depth + 1) for _ in range(count)}
    if kind == "string":
        return "" if "oken" in name or "arker" in name else chance.choice(shape.enum or TEXTS)
    plain: dict[str, Sequence[Any]] = {
        "integer": (0, 1, -1, 10**6),
        "long": (0, 1, -1, 10**12),
        "float": (0.0, 1.5),
        "double": (0.0, 1.5),
        "boolean": (False, True),
        "timestamp": (THEN,),
        "blob": (b"x",),
    }
    return chance.choice(plain[kind])


class Anything:
    """A site of China that answers so, and refuses now and then. `asked` are the IAM actions that it took."""

    account, region, partition = "123456789012", "cn-north-1", "aws-cn"

    def __init__(self, seed: str) -> None:
        self.chance = random.Random(seed)
        self.asked: set[str] = set()

    def call(
        self, service: str, operation: str, *, answers: tuple[str, ...] = (), **arguments: Any
    ) -> Mapping[str, Any]:
        del arguments
        self.asked.update(actions_of(service, api_name(service, operation)))
        if self.chance.random() < 0.05:
            if answers and self.chance.random() < 0.5:
                raise Refused(answers[0], "not there")
            raise CellTrouble(CellState.DENIED, "AccessDenied")
        found: Mapping[str, Any] = answer(model(service)[operation].output_shape, self.chance)
        return found

    def pages(self, service: str, operation: str, **arguments: Any) -> Iterator[Mapping[str, Any]]:
        for _ in range(2):
            yield self.call(service, operation, **arguments)

    def swept(self) -> Mapping[str, tuple[tuple[str, str], ...]]:
        return {}

    def at(self, region: str) -> Anything:
        del region
        return self

    def spread(self, function: Callable[[Any], Any], items: Sequence[Any]) -> list[Any]:
        return [function(item) for item in items]

    def counted(self) -> int:
        return 1


@pytest.mark.parametrize("type_", listers())
def test_no_answer_of_the_api_crashes_a_lister(type_: str, tmp_path: Path) -> None:
    """What comes is judged without a crash; no request goes beyond the actions that the policy is made of."""
    judging = plain_judging(load(discover(tmp_path, explicit=None, environ={}).source, cache=False), date(2026, 11, 26))
    lister = listers()[type_]
    region = GLOBAL if lister.kind == "global" else "cn-north-1"
    for seed in range(ROUNDS):
        site = Anything(f"{type_} {seed}")
        try:
            for page in lister.read(site, Cell(site.account, region, type_), THEN):
                unread = [each for each in page.resources if not each.resource.tags.complete]
                assert page.unread == len(unread)
                assert len(judging([each.resource for each in page.resources])) == len(page.resources)
        except CellTrouble:
            pass
        assert site.asked <= set(lister.actions), seed

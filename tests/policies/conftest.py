"""A small dictionary and resources for the gate."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from tagwright_dictionary.dictionary import Dictionary, Exemption, Key, Requirement, Selector, UnknownPolicy, Value
from tagwright_dictionary.model import Certainty, Location, Reading, Resource, Severity, Tag, Tags, TagValue, Unknown
from tagwright_dictionary.suppression_syntax import parse
from tagwright_policies.gate import GateResult, gate

TODAY = date(2026, 11, 1)


class Kit:
    """What the gate tests are written with."""

    today = TODAY
    waiting = Unknown("var.tags has no value here", "pass --var-file")
    good: Mapping[str, TagValue] = {"owner": "vision", "env": "prod"}

    @staticmethod
    def dictionary(*exemptions: Exemption, **changes: Any) -> Dictionary:
        given: dict[str, Any] = {
            "keys": (Key("owner"), Key("env", values=(Value("prod"), Value("dev"))), Key("team")),
            "requirements": (
                Requirement("must", Selector(everything=True), require=("owner", "env")),
                Requirement("should", Selector(types=("aws_sqs_queue",)), require=("team",), severity=Severity.WARNING),
            ),
            "exemptions": exemptions,
        }
        return Dictionary("d", "1.0.0", **(given | changes))

    @staticmethod
    def resource(address: str, values: Mapping[str, TagValue] = good, *comments: str, **about: Any) -> Resource:
        items = tuple(Tag(key, value) for key, value in sorted(values.items()))
        complete = about.pop("complete", True)
        path = about.pop("path", "main.tf")
        return Resource(
            address,
            about.pop("type", address.split(".")[-2]),
            "aws",
            tags=Tags(items, complete, None if complete else Kit.waiting),
            location=Location(path, about.pop("line", 10), 1),
            suppressions=tuple(Kit.comment(text, path, 5 + number) for number, text in enumerate(comments)),
            **about,
        )

    @staticmethod
    def comment(text: str, path: str = "main.tf", line: int = 5) -> Any:
        found = parse(text, Location(path, line, 1))
        assert found is not None
        return found

    @staticmethod
    def reading(*resources: Resource, **about: Any) -> Reading:
        return Reading(resources, about.pop("files", ("main.tf",)), **about)

    @staticmethod
    def gate(*resources: Resource, dictionary: Dictionary | None = None, **about: Any) -> GateResult:
        today = about.pop("today", TODAY)
        return gate(dictionary or Kit.dictionary(), Kit.reading(*resources), today=today, **about)

    @staticmethod
    def brief(result: GateResult) -> list[tuple[str, str, str, str]]:
        """Every finding that counts: (rule, address, key, severity), with a question mark where undecided."""
        return [
            (
                each.rule + ("?" if each.certainty is Certainty.UNDECIDED else ""),
                each.address,
                each.key,
                each.severity.value,
            )
            for each in result.findings
        ]

    exemption = staticmethod(
        lambda **about: Exemption(
            **({"id": "legacy", "reason": "moves in March", "approver": "ann", "until": date(2026, 12, 31)} | about)
        )
    )
    policy = UnknownPolicy


@pytest.fixture(scope="session")
def kit() -> type[Kit]:
    return Kit

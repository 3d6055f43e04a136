"""The dictionary that the rule tables judge by, and short ways to write resources."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import pytest

from tagwright_dictionary.dictionary import (
    Condition,
    Dictionary,
    Key,
    Match,
    ProviderEncoding,
    Requirement,
    Selector,
    Value,
)
from tagwright_dictionary.judging import judge
from tagwright_dictionary.model import (
    Certainty,
    Classes,
    Finding,
    Judgement,
    Location,
    Resource,
    Severity,
    Tag,
    Tags,
    TagValue,
    Unknown,
)

TODAY = date(2026, 11, 1)
WAITING = Unknown("var.tags has no value here", "pass --var-file, or check the plan")

ACME = Dictionary(
    "acme-ml",
    "2.3.0",
    keys=(
        Key("owner", format="email", domains=("acme.example",)),
        Key(
            "team",
            values=(
                Value(
                    "vision",
                    title="Computer vision",
                    relations=(("cost-center", ("cc-4100", "cc-4110")), ("owner", ("ml-vision@acme.example",))),
                ),
                Value("search", title="Search ranking", relations=(("cost-center", ("cc-4200",)),)),
                Value("lab", aliases=("research",)),
            ),
        ),
        Key(
            "cost-center",
            pattern="cc-[0-9]{4}",
            values=(
                Value("cc-4100", title="Research"),
                Value("cc-4110", title="Production"),
                Value("cc-4200", title="Search"),
            ),
        ),
        Key(
            "workload",
            values=(
                Value("experimentation", aliases=("experiment", "poc")),
                Value("training"),
                Value("inference", aliases=("serving",)),
                Value("data-prep"),
                Value("platform"),
                Value("model-api"),
                Value("batch", status="deprecated", until=date(2027, 1, 31), replaced_by="data-prep"),
                Value("adhoc", status="deprecated", replaced_by="experimentation"),
            ),
        ),
        Key(
            "environment", values=(Value("prod", aliases=("production", "prd", "live")), Value("staging"), Value("dev"))
        ),
        Key("model", pattern="[a-z0-9][a-z0-9.-]{1,62}", examples=("llama-3",)),
        Key("project"),
        Key("initiative"),
        Key("budget", format="integer"),
        Key("ends-on", format="date"),
        Key("docs", format="url"),
        Key("role", format="arn"),
        Key("slug", format="slug"),
    ),
    requirements=(
        Requirement(
            "accountable-ai-spend",
            Selector(classes=("gpu", "bucket", "function")),
            require=("owner", "cost-center", "workload"),
        ),
        Requirement(
            "production-names-its-model",
            Selector(classes=("gpu", "ai-service")),
            require=("model",),
            when=Condition((("environment", ("prod",)), ("workload", ("training", "inference")))),
        ),
        Requirement(
            "cost-center-of-team",
            Selector(everything=True),
            match=(Match("cost-center", "team", "cost-center"),),
        ),
        Requirement("one-purpose", Selector(everything=True), exclusive=(("project", "initiative"),)),
        Requirement(
            "notebooks-have-a-budget",
            Selector(types=("aws_sagemaker_*",)),
            require=("budget",),
            severity=Severity.WARNING,
            becomes_error=date(2027, 1, 1),
        ),
    ),
    providers=(
        ProviderEncoding("gcp", (("cost-center", "cost_center"),)),
        ProviderEncoding("kubernetes", (("cost-center", "acme.example/cost-center"),), ("owner",)),
    ),
)

GOOD: Mapping[str, TagValue] = {
    "owner": "ml-vision@acme.example",
    "team": "vision",
    "cost-center": "cc-4100",
    "workload": "training",
    "environment": "dev",
    "Name": "trainer",
}


def tags_of(values: Mapping[str, TagValue] | tuple[Tag, ...] = (), *, complete: bool = True) -> Tags:
    items = values if isinstance(values, tuple) else tuple(Tag(key, value) for key, value in values.items())
    return Tags(tuple(sorted(items, key=lambda tag: tag.key)), complete, None if complete else WAITING)


def gpu(values: Mapping[str, TagValue] | tuple[Tag, ...] = (), *, complete: bool = True, **changes: Any) -> Resource:
    """A GPU node on AWS with these tags."""
    given: dict[str, Any] = {
        "address": "aws_instance.trainer",
        "type": "aws_instance",
        "provider": "aws",
        "classes": Classes(frozenset({"gpu"})),
        "tags": tags_of(values, complete=complete),
        "location": Location("train.tf", 10, 1),
        "tag_location": Location("train.tf", 12, 3),
    }
    return Resource(**(given | changes))


class Kit:
    """What the rule tables are written with."""

    dictionary = ACME
    today = TODAY
    good = GOOD
    waiting = WAITING
    gpu = staticmethod(gpu)
    tags = staticmethod(tags_of)

    @staticmethod
    def judge(resource: Resource, today: date = TODAY, dictionary: Dictionary = ACME) -> Judgement:
        return judge(dictionary, resource, today)

    @staticmethod
    def brief(judgement: Judgement) -> list[tuple[str, str, str]]:
        """Every finding as (rule, key, severity), with a question mark where it is undecided."""
        return sorted(
            (each.rule + ("?" if each.certainty is Certainty.UNDECIDED else ""), each.key, each.severity.value)
            for each in judgement.findings
        )

    @staticmethod
    def only(judgement: Judgement) -> Finding:
        assert len(judgement.findings) == 1, judgement.findings
        return judgement.findings[0]

    with_: Callable[..., dict[str, TagValue]] = staticmethod(lambda **more: GOOD | more)


@pytest.fixture(scope="session")
def kit() -> type[Kit]:
    return Kit

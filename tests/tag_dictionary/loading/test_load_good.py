"""What a correct file becomes: the whole dictionary, and the shipped one."""

from __future__ import annotations

from datetime import date
from importlib import resources
from pathlib import Path

import pytest

from tagwright_dictionary.classes import CLASSES
from tagwright_dictionary.dictionary import (
    Condition,
    Dictionary,
    Exemption,
    Key,
    Match,
    ProviderEncoding,
    Requirement,
    Selector,
    ServiceLevel,
    Target,
    UnknownPolicy,
    Value,
)
from tagwright_dictionary.judging.placeholders import Placeholders
from tagwright_dictionary.judging.values import KeyCheck
from tagwright_dictionary.loading import canonical_json, digest, load, validate
from tagwright_dictionary.model import Location, Severity

REPOSITORY = Path(__file__).parents[3]

FULL = """
schema: 1
name: acme-ml
version: 2.3.0
contacts: [platform-finops@acme.example]
keys:
  owner:
    title: Owner
    description: Who answers for it.
    format: email
    domains: [acme.example]
    approvers: [platform-finops]
  team:
    values:
      vision: {title: Computer vision, cost-center: [cc-4100, cc-4110], owner: ml-vision@acme.example}
      search: {cost-center: cc-4200, status: deprecated, until: 2027-06-30, replaced_by: vision}
  cost-center:
    pattern: "cc-[0-9]{4}"
    values_from: cost_centers.csv
  environment: {values: {prod: {aliases: [production, prd]}, dev: }, default: dev}
  model: {pattern: "[a-z0-9][a-z0-9.-]{1,62}", examples: llama-3.1}
requirements:
  - id: accountable
    description: Why.
    for: [gpu, bucket]
    types: aws_sagemaker_*
    require: [owner, cost-center]
    when: {environment: prod, team: [vision, search]}
    reach: warning
  - {id: of-team, for: all, match: {cost-center: team.cost-center}, exclusive: [[team, model]]}
  - {id: later, types: [aws_s3_bucket], require: team, from: 2027-01-01}
unknown: fail
placeholders: [acme-todo]
providers:
  kubernetes: {keys: {cost-center: acme.example/cost-center}, annotations: [owner]}
  gcp: {keys: {cost-center: cost_center}}
service_levels:
  - {for: [gpu], when: {environment: prod}, remediate_within: 48h, severity: critical}
  - {for: all, remediate_within: 30m}
targets: {spend_compliance: {green: 98, yellow: 90.5}, count_compliance: {green: 95, yellow: 95}}
exemptions: exemptions.yaml
"""
CSV = "value,title,team,owner\ncc-4100,Research,vision,a@acme.example\ncc-4110,,,\ncc-4200,Search,search,\n"
EXEMPTIONS = """\
- {id: e1, reason: Migration, approver: cfo, until: 2027-03-01,
   addresses: aws_x.*, rules: [missing-tag], keys: [owner]}
"""


def test_every_field_arrives(write):
    """Every field of the format becomes the field of the model that it documents, with its place."""
    write("d.yaml", FULL)
    write("cost_centers.csv", CSV)
    write("exemptions.yaml", EXEMPTIONS)

    def at(line: int, column: int) -> Location:
        return Location("d.yaml", line, column)

    dictionary = load("d.yaml")
    assert dictionary == Dictionary(
        name="acme-ml",
        version="2.3.0",
        contacts=("platform-finops@acme.example",),
        keys=(
            Key(
                "owner",
                "Owner",
                "Who answers for it.",
                format="email",
                domains=("acme.example",),
                approvers=("platform-finops",),
                location=at(6, 3),
            ),
            Key(
                "team",
                values=(
                    Value(
                        "vision",
                        "Computer vision",
                        owner="ml-vision@acme.example",
                        relations=(("cost-center", ("cc-4100", "cc-4110")),),
                        location=at(14, 7),
                    ),
                    Value(
                        "search",
                        status="deprecated",
                        until=date(2027, 6, 30),
                        replaced_by="vision",
                        relations=(("cost-center", ("cc-4200",)),),
                        location=at(15, 7),
                    ),
                ),
                location=at(12, 3),
            ),
            Key(
                "cost-center",
                pattern="cc-[0-9]{4}",
                values=(
                    Value(
                        "cc-4100",
                        "Research",
                        owner="a@acme.example",
                        relations=(("team", ("vision",)),),
                        location=Location("cost_centers.csv", 2, 1),
                    ),
                    Value("cc-4110", location=Location("cost_centers.csv", 3, 1)),
                    Value(
                        "cc-4200",
                        "Search",
                        relations=(("team", ("search",)),),
                        location=Location("cost_centers.csv", 4, 1),
                    ),
                ),
                location=at(16, 3),
            ),
            Key(
                "environment",
                values=(
                    Value("prod", aliases=("production", "prd"), location=at(19, 26)),
                    Value("dev", location=at(19, 62)),
                ),
                default="dev",
                location=at(19, 3),
            ),
            Key("model", pattern="[a-z0-9][a-z0-9.-]{1,62}", examples=("llama-3.1",), location=at(20, 3)),
        ),
        requirements=(
            Requirement(
                "accountable",
                Selector(classes=("gpu", "bucket"), types=("aws_sagemaker_*",)),
                require=("owner", "cost-center"),
                when=Condition((("environment", ("prod",)), ("team", ("vision", "search")))),
                reach=Severity.WARNING,
                description="Why.",
                location=at(22, 5),
            ),
            Requirement(
                "of-team",
                Selector(everything=True),
                match=(Match("cost-center", "team", "cost-center"),),
                exclusive=(("team", "model"),),
                location=at(29, 5),
            ),
            Requirement(
                "later",
                Selector(types=("aws_s3_bucket",)),
                require=("team",),
                severity=Severity.WARNING,
                becomes_error=date(2027, 1, 1),
                location=at(30, 5),
            ),
        ),
        unknown=UnknownPolicy.FAIL,
        placeholders=("acme-todo",),
        providers=(
            ProviderEncoding("gcp", (("cost-center", "cost_center"),)),
            ProviderEncoding("kubernetes", (("cost-center", "acme.example/cost-center"),), ("owner",)),
        ),
        service_levels=(
            ServiceLevel(Selector(classes=("gpu",)), 48.0, Condition((("environment", ("prod",)),)), "critical"),
            ServiceLevel(Selector(everything=True), 0.5),
        ),
        targets=(Target("count_compliance", 95.0, 95.0), Target("spend_compliance", 98.0, 90.5)),
        exemptions=(
            Exemption(
                "e1",
                "Migration",
                "cfo",
                date(2027, 3, 1),
                addresses=("aws_x.*",),
                rules=("missing-tag",),
                keys=("owner",),
                location=Location("exemptions.yaml", 1, 3),
            ),
        ),
        digest=digest(dictionary),
        source="d.yaml",
    )


def test_owner_of_a_value_can_be_matched(write):
    """`match: {owner: team.owner}` uses the value's own field `owner`."""
    write(
        "d.yaml",
        """
        keys:
          owner: {format: email}
          team: {values: {vision: {owner: v@acme.example}, search: {}}}
        requirements: [{id: r, for: all, match: {owner: team.owner}}]
        """,
        head=True,
    )
    team = load("d.yaml").key("team")
    assert team is not None
    assert team.values is not None
    assert [value.relation("owner") for value in team.values] == [("v@acme.example",), ()]


@pytest.mark.parametrize(
    ("written", "hours"), [("48h", 48.0), ("14d", 336.0), ("30m", 0.5), ("2w", 336.0), ("1h", 1.0), ("90m", 1.5)]
)
def test_durations(written, hours, write):
    """Minutes, hours, days and weeks arrive as hours."""
    write("d.yaml", f"keys: {{a: {{}}}}\nservice_levels: [{{for: all, remediate_within: {written}}}]\n", head=True)
    assert [level.remediate_within_hours for level in load("d.yaml").service_levels] == [hours]


def test_bytes_that_do_not_matter(write, here):
    """A byte order mark, CRLF line ends and comments change nothing but nothing else is ignored."""
    plain = "schema: 1\nname: a\nversion: 1.0.0\nkeys:\n  a: {values: [x, y]}\n"
    (here / "plain.yaml").write_bytes(plain.encode())
    (here / "bom.yaml").write_bytes(b"\xef\xbb\xbf" + plain.replace("\n", "\r\n").encode())
    (here / "comment.yaml").write_bytes(("# hello\n" + plain).encode())
    assert len({load(f"{name}.yaml").digest for name in ("plain", "bom", "comment")}) == 1
    (here / "other.yaml").write_bytes(plain.replace("x", "z").encode())
    assert load("other.yaml").digest != load("plain.yaml").digest


def test_digest_is_of_the_content(write):
    """The digest is that of the canonical JSON and covers what a CSV file brings in."""
    write("d.yaml", "keys: {a: {values_from: v.csv}}\n", head=True)
    write("v.csv", "value\nx\n")
    before = load("d.yaml")
    write("v.csv", "value\ny\n")
    after = load("d.yaml")
    assert before.digest != after.digest
    assert (
        canonical_json(before)
        == '{"schema":1,"name":"acme","version":"1.0.0","keys":{"a":{"values":{"x":{}}}},"unknown":"warn"}'
    )


class TestShipped:
    """The dictionary that ships is complete and can be used as it is."""

    @pytest.fixture
    def shipped(self) -> Dictionary:
        return load(REPOSITORY / "tag_dictionary" / "dictionary.yaml", cache=False)

    def test_the_room_points_into_the_package(self):
        """tag_dictionary/dictionary.yaml is a relative link to the file that ships."""
        link = REPOSITORY / "tag_dictionary" / "dictionary.yaml"
        assert link.is_symlink()
        assert not link.readlink().is_absolute()
        assert link.read_text() == resources.files("tagwright_dictionary").joinpath("data/dictionary.yaml").read_text()

    def test_valid(self):
        assert validate(REPOSITORY / "tag_dictionary" / "dictionary.yaml") == ()

    def test_mandatory_on_what_costs_most(self, shipped):
        """owner, cost-center and workload are errors on GPUs, buckets and functions."""
        must = {
            requirement.id: requirement
            for requirement in shipped.requirements
            if requirement.severity is Severity.ERROR
        }
        assert [(r.selector.classes, r.require) for r in must.values()] == [
            (("gpu", "bucket", "function"), ("owner", "cost-center", "workload"))
        ]

    def test_has_the_keys_of_an_ai_finops_practice(self, shipped):
        named = {key.name for key in shipped.keys}
        mandatory_or_recommended = {name for requirement in shipped.requirements for name in requirement.require}
        assert mandatory_or_recommended == {
            "owner", "team", "project", "environment", "workload", "model", "cost-center", "business-unit"
        }  # fmt: skip
        assert named - mandatory_or_recommended == {
            "initiative", "product-line", "customer-segment", "model-purpose", "data-classification"
        }  # fmt: skip

    def test_workloads_are_the_six_buckets(self, shipped):
        assert [value.value for value in shipped.key("workload").values] == [
            "experimentation", "training", "inference", "data-prep", "platform", "model-api"
        ]  # fmt: skip

    def test_every_key_is_described_and_has_something_to_type(self, shipped):
        """A reader who is no engineer finds a title, a sentence and an example or list everywhere."""
        poor = [
            key.name
            for key in shipped.keys
            if not key.title or len(key.description) < 40 or not (key.values or key.examples)
        ]
        assert poor == []
        assert [value.value for key in shipped.keys for value in key.values or () if not value.title] == []

    def test_judge_accepts_what_it_offers(self, shipped):
        """No example and no approved value is a fault to the judge."""
        checks = {key.name: KeyCheck(key, Placeholders(shipped.placeholders)) for key in shipped.keys}
        offered = [
            (key.name, text) for key in shipped.keys for text in (*key.examples, *(v.value for v in key.values or ()))
        ]
        assert [(name, text) for name, text in offered if checks[name].fault(text)] == []

    def test_production_gpus_are_urgent(self, shipped):
        first = shipped.service_levels[0]
        assert (first.selector.classes, first.when.terms, first.remediate_within_hours) == (
            ("gpu",), (("environment", ("prod",)),), 48.0
        )  # fmt: skip


def test_classes_are_sorted_and_unique():
    assert tuple(sorted(set(CLASSES))) == CLASSES

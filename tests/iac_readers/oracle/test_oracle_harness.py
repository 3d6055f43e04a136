"""The harness itself: what the stub imitates, how unknown inputs are planned, how readings are compared."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.oracle import compare, console, harness, need, planned, terraform
from tests.oracle.compare import Kind
from tests.oracle.planned import Plan, PlannedResource, PlannedTags
from tests.oracle.terraform import UNKNOWN

from tagwright_dictionary.model import Reading, Resource, Tag, Tags, Unknown


@pytest.mark.usefixtures("terraform")
class TestPlan:
    def test_each_provider_instance_keeps_its_own_defaults(self, tmp_path: Path) -> None:
        """Aliases do not overwrite one another, and tags_all is defaults under own tags without nulls."""
        (tmp_path / "main.tf").write_text(
            'provider "aws" {\n  default_tags {\n    tags = { a = "d", n = null }\n  }\n}\n'
            'provider "aws" {\n  alias = "x"\n  default_tags {\n    tags = { a = "x" }\n  }\n}\n'
            'resource "aws_sqs_queue" "d" {\n  tags = { b = "1", c = null }\n}\n'
            'resource "aws_sqs_queue" "x" {\n  provider = aws.x\n}\n'
        )
        resources = harness.plan(tmp_path).resources
        assert {address: (item.tags, item.defaults) for address, item in resources.items()} == {
            "aws_sqs_queue.d": (PlannedTags({"a": "d", "b": "1"}), PlannedTags({"a": "d"})),
            "aws_sqs_queue.x": (PlannedTags({"a": "x"}), PlannedTags({"a": "x"})),
        }
        assert resources["aws_sqs_queue.d"].values["tags_all"] == {"a": "d", "b": "1"}

    def test_variables_without_a_value_are_really_unknown(self, tmp_path: Path) -> None:
        """The wrapper passes unknowns on, keeps tfvars, and its own resources are not shown."""
        (tmp_path / "main.tf").write_text(
            'variable "m" {\n  type = map(string)\n}\nvariable "g" {}\n'
            'resource "aws_sqs_queue" "q" {\n  tags = { a = var.m["a"], g = var.g }\n}\n'
            'resource "aws_sqs_queue" "w" {\n  tags = var.m\n}\n'
        )
        (tmp_path / "terraform.tfvars").write_text('g = "given"\n')
        plan = harness.plan(tmp_path)
        assert plan.wrapped
        assert {address: item.tags for address, item in plan.resources.items()} == {
            "aws_sqs_queue.q": PlannedTags({"g": "given", "a": UNKNOWN}),
            "aws_sqs_queue.w": PlannedTags({}, complete=False),
        }

    def test_what_data_sources_return_is_not_known(self, tmp_path: Path) -> None:
        """Values that depend on data are unknown, and instances that do are loose; a configured region is known."""
        (tmp_path / "main.tf").write_text(
            'provider "aws" {\n  region = "eu-west-1"\n}\n'
            'data "aws_caller_identity" "me" {}\ndata "aws_region" "here" {}\n'
            'data "aws_availability_zones" "all" {}\n'
            'resource "aws_sqs_queue" "q" {\n'
            "  tags = { id = data.aws_caller_identity.me.account_id, region = data.aws_region.here.name }\n}\n"
            'resource "aws_subnet" "s" {\n  count = length(data.aws_availability_zones.all.names)\n}\n'
        )
        plan = harness.plan(tmp_path)
        assert plan.resources["aws_sqs_queue.q"].tags == PlannedTags({"id": UNKNOWN, "region": "eu-west-1"})
        assert plan.loose == {"aws_subnet.s"}

    def test_resolved_plans_know_computed_attributes(self, tmp_path: Path) -> None:
        """With `resolve`, what would be known after apply is known, and differs by salt."""
        (tmp_path / "main.tf").write_text(
            'resource "aws_s3_bucket" "b" {}\n'
            'resource "aws_sqs_queue" "q" {\n  tags = { arn = aws_s3_bucket.b.arn }\n}\n'
        )
        tags = [harness.plan(tmp_path, resolve=True, salt=salt).resources["aws_sqs_queue.q"].tags for salt in (0, 1)]
        assert tags == [PlannedTags({"arn": "arn-a"}), PlannedTags({"arn": "arn-b"})]
        assert harness.plan(tmp_path).resources["aws_sqs_queue.q"].tags == PlannedTags({"arn": UNKNOWN})

    def test_the_faithful_plan_is_as_coarse_as_the_real_provider(self, tmp_path: Path) -> None:
        """plan_json: tags_all is wholly unknown with an unknown own tag, and told where all are known."""
        (tmp_path / "main.tf").write_text(
            'provider "aws" {\n  default_tags {\n    tags = { d = "1" }\n  }\n}\n'
            'resource "aws_s3_bucket" "b" {\n  tags = { k = "1" }\n}\n'
            'resource "aws_sqs_queue" "q" {\n  tags = { arn = aws_s3_bucket.b.arn }\n}\n'
        )
        changes = {item["address"]: item["change"] for item in harness.plan_json(tmp_path)["resource_changes"]}
        assert changes["aws_s3_bucket.b"]["after"]["tags_all"] == {"d": "1", "k": "1"}
        assert changes["aws_sqs_queue.q"]["after_unknown"]["tags_all"] is True

    def test_terraforms_own_words_come_with_a_refusal(self, tmp_path: Path) -> None:
        """A configuration that Terraform refuses raises PlanError with its text."""
        (tmp_path / "main.tf").write_text('resource "aws_sqs_queue" "q" {\n  tags = { a = local.nope }\n}\n')
        with pytest.raises(harness.PlanError, match="Reference to undeclared local value"):
            harness.plan(tmp_path)

    def test_downloaded_modules_are_entered(self, tmp_path: Path) -> None:
        """A registry module that is in .terraform/modules already is planned without asking the registry."""
        (tmp_path / "main.tf").write_text('module "m" {\n  source  = "acme/queue/aws"\n  version = "1.0.0"\n}\n')
        module = tmp_path / ".terraform" / "modules" / "m"
        module.mkdir(parents=True)
        (module / "main.tf").write_text('resource "aws_sqs_queue" "q" {\n  tags = { a = "1" }\n}\n')
        (module.parent / "modules.json").write_text(
            '{"Modules":[{"Key":"","Source":"","Dir":"."},{"Key":"m",'
            '"Source":"registry.terraform.io/acme/queue/aws","Version":"1.0.0","Dir":".terraform/modules/m"}]}'
        )
        plan = harness.plan(tmp_path)
        assert {address: item.tags for address, item in plan.resources.items()} == {
            "module.m.aws_sqs_queue.q": PlannedTags({"a": "1"})
        }


@pytest.mark.usefixtures("terraform")
class TestConsole:
    def test_values_types_unknowns_and_errors(self) -> None:
        """Each expression gets its own value or its own error, in order."""
        files = {"m.tf": 'locals {\n  a = { x = 1 }\n}\nresource "terraform_data" "u" {}\n', "d/t.txt": "hi"}
        results = console.evaluate_many(
            [
                "merge(local.a, { y = terraform_data.u.id })",
                "upper(1)",
                "1 +",
                "local.nope",
                "null",
                'file("d/t.txt")',
                "<<EOT\nx${1 + 1}\nEOT",
                "toset([10, 9])",
            ],
            files,
        )
        assert [result.value if isinstance(result, console.Value) else "refused" for result in results] == [
            {"x": 1, "y": UNKNOWN}, "1", "refused", "refused", None, "hi", "x2\n", [9, 10],
        ]  # fmt: skip
        assert isinstance(results[7], console.Value)
        assert results[7].type == ["set", "number"]
        assert isinstance(results[3], console.ErrorText)
        assert "undeclared local value" in results[3].text

    def test_it_is_what_terraform_console_says(self, tmp_path: Path) -> None:
        """`terraform console` prints the same."""
        shown = terraform.run(["console"], tmp_path, stdin='title("a b-c")\n').stdout.strip()
        assert console.evaluate('title("a b-c")') == console.Value(shown.strip('"'), "string")


def _reading(tags: Tags, exists: Unknown | None = None) -> Reading:
    return Reading((Resource("aws_x.a", "aws_x", tags=tags, exists=exists, block="aws_x.a"),))


def _plan(tags: PlannedTags | None, loose: frozenset[str] = frozenset()) -> Plan:
    if tags is None:
        return Plan({}, {}, loose)
    resource = PlannedResource("aws_x.a", "aws_x", tags, PlannedTags(), tags, {})
    return Plan({"aws_x.a": resource}, {}, loose)


KNOWN = Tags((Tag("k", "v"),))
VAGUE = Tags((Tag("k", Unknown("why")),))
OPEN = Tags((), complete=False, cause=Unknown("why"))


@pytest.mark.parametrize(
    ("ours", "theirs", "kinds"),
    [
        (KNOWN, PlannedTags({"k": "v"}), []),
        (VAGUE, PlannedTags({"k": UNKNOWN}), []),
        (OPEN, PlannedTags({}, complete=False), []),
        (KNOWN, PlannedTags({"k": "w"}), [Kind.VALUE]),
        (Tags(), PlannedTags({"k": "v"}), [Kind.MISSING_KEY]),
        (KNOWN, PlannedTags({}), [Kind.EXTRA_KEY]),
        (VAGUE, PlannedTags({"k": "v"}), [Kind.LESS]),
        (VAGUE, PlannedTags({}), [Kind.LESS]),
        (OPEN, PlannedTags({}), [Kind.LESS]),
        (OPEN, PlannedTags({"k": "v"}), [Kind.LESS, Kind.LESS]),
        (KNOWN, PlannedTags({"k": UNKNOWN}), [Kind.MORE]),
        (Tags(), PlannedTags({}, complete=False), [Kind.MORE]),
        (KNOWN, PlannedTags({}, complete=False), [Kind.MORE, Kind.MORE]),
        (KNOWN, None, [Kind.EXTRA_RESOURCE]),
    ],
)
def test_compare_names_every_kind_of_difference(ours: Tags, theirs: PlannedTags | None, kinds: list[Kind]) -> None:
    """Equal is silent; each disagreement is named; knowing more is told apart and is no fault by itself."""
    reading, plan = _reading(ours), _plan(theirs)
    found = [*compare.compare(reading, plan), *compare.excess(reading, plan)]
    assert [difference.kind for difference in found] == kinds
    wrong = [kind for kind in kinds if kind in compare.WRONG]
    assert [difference.kind for difference in compare.contradictions(reading, plan)] == wrong


def test_compare_and_resources_that_may_exist() -> None:
    """An undecided block is less than a plan that knows its instances, and right where they depend on data."""
    vague = _reading(KNOWN, exists=Unknown("count is unknown"))
    found = compare.compare(vague, _plan(PlannedTags({"k": "v"})))
    assert [difference.kind for difference in found] == [Kind.LESS]
    assert compare.compare(vague, _plan(PlannedTags({"k": "v"}), frozenset({"aws_x.a"}))) == []
    assert [d.kind for d in compare.compare(Reading(), _plan(PlannedTags()))] == [Kind.MISSING_RESOURCE]


@pytest.mark.parametrize(
    ("address", "block"),
    [
        ("aws_x.a", "aws_x.a"),
        ("aws_x.a[0]", "aws_x.a"),
        ('module.m["a.b[0]"].aws_x.a["q\\"]\\\\"]', "module.m.aws_x.a"),
    ],
)
def test_block_addresses(address: str, block: str) -> None:
    """Instance keys are cut out, whatever they hold."""
    assert planned.block_address(address) == block


def test_without_terraform_ci_fails_and_others_skip(monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing oracle is visible everywhere and fatal in CI."""
    monkeypatch.setattr(terraform, "binary", lambda: None)
    monkeypatch.setenv("CI", "")
    with pytest.raises(pytest.skip.Exception, match="terraform binary"):
        need.oracle()
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="terraform binary"):
        need.oracle()

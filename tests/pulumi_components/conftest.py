"""Programs run against the loopback engine, judged by a small dictionary of their own."""

from __future__ import annotations

import pytest

from tagwright_pulumi.testing.plugin import pulumi_loopback  # noqa: F401 - a fixture is found by being here

DICTIONARY = """\
schema: 1
name: acme
version: 1.2.0
keys:
  owner: {format: email, domains: [acme.example]}
  team:
    values:
      vision: {cost-center: [cc-4100, cc-4110]}
      search: {cost-center: [cc-4200]}
  cost-center: {pattern: "cc-[0-9]{4}", examples: [cc-4100]}
  workload:
    values:
      training: {aliases: [train]}
      inference: {}
  environment: {values: {prod: {}, dev: {}}}
  model: {pattern: "[a-z0-9-]+"}
requirements:
  - {id: spend, for: [gpu, bucket, function, ai-service], require: [owner, cost-center, workload]}
  - {id: center-of-team, for: all, match: {cost-center: team.cost-center}}
  - {id: names-its-model, for: [gpu], when: {environment: prod}, require: [model]}
  - {id: environment-known, for: [gpu], require: [environment], severity: warning}
  - {id: queues, types: ["aws_sqs_*"], require: [owner]}
unknown: warn
"""

TAGS = {"owner": "ml@acme.example", "cost-center": "cc-4100", "workload": "training", "environment": "dev"}


@pytest.fixture
def tags():
    """Tags that every class of the dictionary accepts."""
    return dict(TAGS)


@pytest.fixture
def project(tmp_path):
    """A project folder whose settings name the dictionary."""
    (tmp_path / "dictionary.yaml").write_text(DICTIONARY)
    (tmp_path / ".tagwright.yaml").write_text("dictionary: dictionary.yaml\n")
    return tmp_path


@pytest.fixture
def loopback(pulumi_loopback, project):  # noqa: F811 - the fixture of that name
    """`run` in that project."""

    def run(program, **options):
        options.setdefault("root", project)
        return pulumi_loopback(program, **options)

    return run


@pytest.fixture(params=[True, False], ids=["preview", "update"])
def preview(request):
    return request.param

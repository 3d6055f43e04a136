from __future__ import annotations

from datetime import date

import pytest

from tagwright_dictionary.judging import judge_for
from tagwright_dictionary.loading import load
from tagwright_dictionary.loading.discovery import discover
from tagwright_dictionary.model import Resource, Tag, Tags

TEXT = """
schema: 1
name: reach
version: 1.0.0
keys:
  owner: {title: Owner, description: Who answers., format: email, domains: [acme.example]}
  team: {title: Team, description: Who runs it., pattern: "[a-z]+"}
requirements:
  - {id: owned, for: all, require: [owner], severity: error}
"""


@pytest.fixture(scope="session")
def owned(tmp_path_factory):
    """What `judge` says of a carrier with these own tags and bills: (rule, key, certainty) of each finding."""
    path = tmp_path_factory.mktemp("dictionary") / "dictionary.yaml"
    path.write_text(TEXT)
    judge = judge_for(load(discover(path.parent, explicit=str(path), environ={}).source, cache=False))

    def run(own, bills, type_="aws_autoscaling_group"):
        tags = Tags(tuple(Tag(key, value) for key, value in sorted(own.items())))
        resource = Resource("arn", type_, "aws", "live", tags=tags, bills=bills)
        findings = judge.judge(resource, date(2026, 11, 26)).findings
        return [(each.rule, each.key, str(each.certainty)) for each in findings]

    return run

"""`value-not-allowed`: what must fire with which suggestion, what must not."""

from __future__ import annotations

import pytest

from tagwright_dictionary.model import Bill, Classes, Location, Origin, Tag, Verdict

# (key, value, suggestions, a part of the message)
MUST_FIRE = [
    ("environment", "production", ("prod",), 'the dictionary writes it "prod"'),
    ("environment", "Prod", ("prod",), 'did you mean "prod"?'),
    ("environment", " prod", ("prod",), 'did you mean "prod"?'),
    ("environment", "prod\n", ("prod",), 'did you mean "prod"?'),
    ("environment", "PRODUCTION", ("prod",), 'did you mean "prod"?'),
    ("environment", "pord", ("prod",), 'did you mean "prod"?'),
    ("environment", "qa", ("prod", "staging", "dev"), "is not approved"),
    ("workload", "trainng", ("training",), 'did you mean "training"?'),
    ("workload", "data_prep", ("data-prep",), 'did you mean "data-prep"?'),
    ("workload", "dataprep", ("data-prep",), 'did you mean "data-prep"?'),
    ("workload", "poc", ("experimentation",), 'the dictionary writes it "experimentation"'),
    ("workload", "servin", ("inference",), 'did you mean "inference"?'),
    ("team", "Computer Vision", ("vision",), 'did you mean "vision"?'),
    ("cost-center", "4100", ("cc-4100", "cc-4110", "cc-4200"), "is not approved"),
    ("cost-center", "cc-9999", ("cc-4100", "cc-4110", "cc-4200"), "is not approved"),
    ("model", "Llama-3", ("llama-3",), "does not match"),
    ("model", "l", ("llama-3",), "does not match"),
    ("model", "llama-3\n", ("llama-3",), "does not match"),
    ("model", "llama 3", ("llama-3",), "does not match"),
    ("model", "mn" * 300, ("llama-3",), "is too long (600 characters)"),
    ("owner", "vision-team", (), "is not an e-mail address at acme.example"),
    ("owner", "a@acme.example.evil.com", (), "is not an e-mail address at acme.example"),
    ("owner", "a@notacme.example", (), "is not an e-mail address at acme.example"),
    ("owner", "a@sub.acme.example", (), "is not an e-mail address at acme.example"),
    ("owner", "a@b@acme.example", (), "is not an e-mail address at acme.example"),
    ("owner", "Ann <ann@acme.example>", (), "is not an e-mail address at acme.example"),
    ("owner", "ann@acme.example ", ("ann@acme.example",), "is not an e-mail address at acme.example"),
    ("owner", "ann @acme.example", (), "is not an e-mail address at acme.example"),
    ("owner", "ann@ACME.example", ("ann@acme.example",), "is not an e-mail address at acme.example"),
    ("owner", "@acme.example", (), "is not an e-mail address at acme.example"),
    ("owner", "a..b@acme.example", (), "is not an e-mail address at acme.example"),
    ("ends-on", "2026-02-30", (), "is not a date"),
    ("ends-on", "31.12.2026", (), "is not a date"),
    ("ends-on", "2026-1-1", (), "is not a date"),
    ("docs", "ftp://acme.example/x", (), "is not an http or https address"),
    ("docs", "https://", (), "is not an http or https address"),
    ("docs", "https://acme.example@evil.example/", (), "is not an http or https address"),
    ("docs", "https://acme.example/a b", (), "is not an http or https address"),
    ("role", "arn:aws:iam", (), "is not an ARN"),
    ("budget", "12.5", (), "is not a whole number"),
    ("budget", "\u0661\u0662", ("12",), "U+0661"),
    ("slug", "Two Words", (), "is not a slug"),
    ("slug", "a--b", (), "is not a slug"),
]

MUST_NOT_FIRE = [
    ("environment", "prod", "approved"),
    ("workload", "batch", "deprecated values are another rule's"),
    ("owner", "o'neil+gpu@acme.example", "a valid address"),
    ("ends-on", "2028-02-29", "a leap day"),
    ("docs", "https://wiki/x?y=z#a", "a host without a dot"),
    ("docs", "http://localhost:8080", "a port"),
    ("docs", "https://[::1]/x", "an IPv6 host"),
    ("role", "arn:aws:iam::123456789012:role/trainer", "no region"),
    ("role", "arn:aws-cn:s3:::bucket/key", "another partition"),
    ("budget", "-12", "negative"),
    ("budget", "0", "zero is a number here"),
    ("slug", "a-b-2", "a slug"),
    ("model", "llama-3.1-70b", "matches the whole pattern"),
    ("project", "Anything: goes / here", "an open key"),
    ("Name", "production", "not a key of the dictionary"),
    ("environment", "todo", "placeholder-value says it"),
    ("environment", "", "an empty optional key is as good as none"),
]


@pytest.mark.parametrize(("key", "value", "suggestions", "says"), MUST_FIRE)
def test_fires(kit, key, value, suggestions, says):
    """The value is refused once, with the nearest approved values ready to paste."""
    resource = kit.gpu({key: value}, classes=Classes(), provider="")
    finding = kit.only(kit.judge(resource))
    expected = "placeholder-value" if "U+" in says else "value-not-allowed"
    assert (finding.rule, finding.key, finding.value) == (expected, key, value)
    assert says in finding.message
    assert finding.suggestions == suggestions


@pytest.mark.parametrize(("key", "value", "why"), MUST_NOT_FIRE)
def test_does_not_fire(kit, key, value, why):
    """The value is allowed, or another rule speaks."""
    judgement = kit.judge(kit.gpu({key: value}, classes=Classes(), provider=""))
    assert [each.rule for each in judgement.findings if each.rule == "value-not-allowed"] == [], why


def test_a_value_is_checked_where_it_is_not_required(kit):
    """Value rules hold for every key of the dictionary on every taggable resource."""
    judgement = kit.judge(kit.gpu({"environment": "qa"}, classes=Classes(frozenset({"queue"}))))
    assert (judgement.verdict, kit.brief(judgement)) == (
        Verdict.NON_COMPLIANT,
        [("value-not-allowed", "environment", "error")],
    )


def test_a_finding_points_to_where_the_value_was_written(kit):
    """The place of the tag's origin, else of the tags, else of the resource."""
    origin = Origin("local", "local.common", Location("locals.tf", 3, 14))
    tags = tuple(Tag(key, value) for key, value in kit.with_(environment="qa").items() if key != "environment")
    assert kit.only(kit.judge(kit.gpu((*tags, Tag("environment", "qa", origin))))).location == origin.location
    assert kit.only(kit.judge(kit.gpu(kit.with_(environment="qa")))).location == Location("train.tf", 12, 3)
    bare = kit.gpu(kit.with_(environment="qa"), tag_location=None)
    assert kit.only(kit.judge(bare)).location == Location("train.tf", 10, 1)


def test_values_that_reach_a_bill_are_checked_once(kit):
    """A wrong value on the volume is reported even where the resource's own is right; the same one only once."""
    own = Bill("instance", kit.tags(kit.good), own=True)
    volume = Bill("root volume", kit.tags(kit.with_(environment="qa")))
    finding = kit.only(kit.judge(kit.gpu(kit.good, bills=(own, volume, volume))))
    assert finding.message == 'environment = "qa" on the root volume is not approved'


def test_the_fingerprint_survives_moved_lines_and_tells_values_apart(kit):
    """Same resource, key and value: same fingerprint wherever it stands; another value or scope: another."""

    def of(value, **about):
        return kit.only(kit.judge(kit.gpu(kit.with_(environment=value), **about))).fingerprint

    moved = {"location": Location("train.tf", 99), "tag_location": Location("train.tf", 101)}
    assert of("qa") == of("qa", **moved)
    assert len({of("qa"), of("uat"), of("qa", scope="other"), of("qa", address="aws_instance.other")}) == 4

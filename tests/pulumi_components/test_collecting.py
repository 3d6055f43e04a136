"""Every offender of a program in one preview."""

from __future__ import annotations

import pulumi

from tagwright_pulumi import Bucket, collect_violations

BAD = {"owner": "x"}


def test_a_preview_reports_every_offender(loopback, tags):
    """Each with its own message, and one failure at the end that names them."""

    def program():
        with collect_violations():
            Bucket("a", {"tags": BAD})
            Bucket("good", {"tags": tags})
            Bucket("b", {"tags": {**tags, "workload": 5}})

    result = loopback(program, preview=True)
    assert result.exit_code == 1
    assert [each.partition(" '")[2].partition("'")[0] for each in result.errors[:2]] == ["a", "b"]
    assert result.errors[2:] == ("tag policy refuses 2 resources: 'a', 'b' (each is explained above)",)


def test_an_update_stops_at_the_first(loopback, tags):
    """What comes after the first offender would be created: it is not even tried."""

    def program():
        with collect_violations():
            Bucket("a", {"tags": BAD})
            Bucket("good", {"tags": tags})

    result = loopback(program)
    assert (result.exit_code, result.resources) == (1, ())
    assert len(result.errors) == 1


def test_outputs_are_collected_too(loopback, tags):
    """A refusal that had to wait for an output is reported, and fails the run after the block has ended."""

    def program():
        with collect_violations():
            for name in ("a", "b"):
                Bucket(name, {"tags": {**tags, "workload": pulumi.Output.from_input(f"bad-{name}")}})

    result = loopback(program, preview=True)
    assert result.exit_code == 1
    assert sorted(each.partition(" '")[2].partition("'")[0] for each in result.errors[:2]) == ["a", "b"]
    assert result.errors[2].startswith("tag policy refuses 2 resources: ")


def test_a_good_program_is_not_disturbed(loopback, tags, preview):
    """Must not fire; also with outputs that wait."""

    def program():
        with collect_violations():
            Bucket("a", {"tags": {**tags, "owner": pulumi.Output.from_input("a@acme.example")}})
        Bucket("b", {"tags": tags})

    result = loopback(program, preview=preview)
    assert (result.exit_code, result.errors) == (0, ())
    assert len(result.of("aws:s3/bucket:Bucket")) == 2


def test_outside_of_the_block_refusals_raise(loopback, tags):
    """The block ends where it ends."""

    def program():
        with collect_violations():
            Bucket("good", {"tags": tags})
        Bucket("a", {"tags": BAD})
        Bucket("b", {"tags": BAD})

    result = loopback(program, preview=True)
    assert len(result.errors) == 1
    assert "'a'" in result.errors[0]


def test_an_error_of_the_program_wins(loopback):
    """What the program raises itself is what it fails with."""

    def program():
        with collect_violations():
            Bucket("a", {"tags": BAD})
            raise pulumi.RunError("mine")

    assert loopback(program, preview=True).errors[1:] == ("mine",)

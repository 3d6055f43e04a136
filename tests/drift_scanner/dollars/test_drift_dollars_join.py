"""Money: every row of a bill in one share, every amount exact, the same in every format."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from tests.drift_scanner.dollars import making, second_opinion
from tests.drift_scanner.dollars.making import ACCOUNT, DAY, GOOD, cur2, focus, instance, live

from tagwright_dictionary.dictionary import Dictionary
from tagwright_drift.dollars.joining import join
from tagwright_drift.dollars.model import Ask, Inherited, Share
from tagwright_drift.live import LiveResource, Observation

BUCKET = "arn:aws:s3:::data"
FUNCTION = f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:resize"
OTHER = "444455556666"


def estate() -> list[LiveResource]:
    return [
        live(instance(1), GOOD, name="trainer"),
        live(instance(2), {"owner": "ml@acme.example"}),
        live(instance(3), {**GOOD, "workload": "trainng"}),
        live(instance(4), None),
        live(BUCKET, {}, type_="aws_s3_bucket", classes=("bucket",), name="data"),
        live(FUNCTION, GOOD, type_="aws_lambda_function", classes=("function",), name="resize"),
        live(f"arn:aws:ec2:us-east-1:{ACCOUNT}:volume/vol-{7:017x}", {}, type_="aws_ebs_volume", classes=("disk",)),
        live(instance(8, OTHER), GOOD, account=OTHER),
    ]


def bill() -> list[dict[str, Any]]:
    return [
        focus(f"i-{1:017x}", 1.1),
        focus(instance(2), 2.2, tags={"cost-center": "cc-1", "user:workload": "training", "note": ""}),
        focus(f"i-{3:017x}", 3.3),
        focus(instance(4), 4.4),
        focus("data", 5.5, service="Amazon Simple Storage Service", tags={"owner": "finance@acme.example"}),
        focus(f"{FUNCTION}:$LATEST", 6.6),
        focus(f"vol-{7:017x}", 7.7),
        focus(f"i-{8:017x}", 8.8, account=OTHER),
        focus("i-0123456789", 9.9),
        focus(None, 10.0, category="Tax"),
        focus(None, -1.0, category="Credit"),
    ]


WHOLE = {
    "compliant": Fraction("16.5"),
    "untagged": Fraction("7.7"),
    "mis_tagged": Fraction("3.3"),
    "undecided": Fraction("4.4"),
    "not_subject": Fraction("7.7"),
    "unseen": Fraction("9.9"),
    "unattributed": Fraction(9),
}


def spent(amounts: tuple[tuple[Share, Decimal], ...]) -> dict[str, Fraction]:
    return {share.value: Fraction(amount) for share, amount in amounts if amount}


@pytest.fixture(scope="module")
def seen(acme: Dictionary) -> list[Observation]:
    return making.judged(acme, estate())


FORMATS = {
    "parquet-map": lambda folder, rows: making.parquet(folder / "a.parquet", rows),
    "parquet-decimal-and-json": lambda folder, rows: making.parquet(
        folder / "b.parquet",
        [{**row, "EffectiveCost": Decimal(str(row["EffectiveCost"])), "Tags": _json(row["Tags"])} for row in rows],
        {"EffectiveCost": pa.decimal128(20, 6), "ChargePeriodStart": pa.timestamp("us", "UTC")},
    ),
    "parquet-struct": lambda folder, rows: making.parquet(
        folder / "c.parquet",
        [{**row, "Tags": {key: (row["Tags"] or {}).get(key) for key in TAG_KEYS}} for row in rows],
        {},
    ),
    "parquet-lower-case": lambda folder, rows: making.parquet(
        folder / "d.parquet",
        [{name.lower(): value for name, value in row.items()} for row in rows],
        {name.lower(): kind for name, kind in making.FOCUS_TYPES.items()},
    ),
    "csv": lambda folder, rows: making.written_csv(folder / "e.csv", rows),
    "csv-gz": lambda folder, rows: making.written_csv(folder / "f.csv.gz", rows),
}
TAG_KEYS = ("cost-center", "user:workload", "owner", "note")


def _json(tags: Mapping[str, str] | None) -> str | None:
    import json

    return None if tags is None else json.dumps(tags)


@pytest.mark.parametrize("form", FORMATS)
def test_every_form_of_an_export_gives_the_same(form: str, seen: list[Observation], tmp_path: Path) -> None:
    with join(seen, [FORMATS[form](tmp_path, bill())]) as found:
        assert spent(found.spend.amounts) == WHOLE == second_opinion.shares(seen, bill())
        assert found.spend.currency == "USD"
        assert found.spend.period.days == 1
        assert found.spend.credits == -1
        assert (found.spend.resources, found.spend.seen, found.spend.rows) == (8, 8, 11)
        assert list(found.inherited()) == [
            Inherited(instance(2), f"i-{2:017x}", "cost-center", "cost-center", "cc-1"),
            Inherited(instance(2), f"i-{2:017x}", "workload", "user:workload", "training"),
            Inherited(BUCKET, "data", "owner", "owner", "finance@acme.example"),
        ]


def test_the_dearest_first_and_one_resource_by_its_arn(seen: list[Observation], tmp_path: Path) -> None:
    with join(seen, [making.parquet(tmp_path / "a.parquet", bill())]) as found:
        assert [each.amount for each in found.resources()] == sorted(
            (each.amount for each in found.resources()), reverse=True
        )
        one = found.of(FUNCTION)
        assert one is not None
        assert (one.name, one.share, one.owner, one.per_day) == (
            "resize",
            Share.COMPLIANT,
            "ml@acme.example",
            Decimal("6.6"),
        )
        assert found.of(instance(99)) is None


def test_owners_findings_and_what_no_scan_saw(seen: list[Observation], tmp_path: Path) -> None:
    with join(seen, [making.parquet(tmp_path / "a.parquet", bill())]) as found:
        assert [(each.owner, each.untagged, each.mis_tagged, each.resources) for each in found.owners()] == [
            ("", Decimal("5.5"), 0, 1),
            ("ml@acme.example", Decimal("2.2"), Decimal("3.3"), 2),
        ]
        costs = [(each.rule, each.key, each.name, each.per_day) for each in found.findings()]
        assert sorted(costs) == sorted(
            [("missing-tag", key, "data", Decimal("5.5")) for key in ("owner", "cost-center", "workload")]
            + [("missing-tag", key, f"i-{4:017x}", Decimal("4.4")) for key in ("owner", "cost-center", "workload")]
            + [("missing-tag", key, f"i-{2:017x}", Decimal("2.2")) for key in ("cost-center", "workload")]
            + [("value-not-allowed", "workload", f"i-{3:017x}", Decimal("3.3"))]
        )
        assert [(each.service, each.ids, each.per_day) for each in found.unseen()] == [
            ("Amazon Elastic Compute Cloud", 1, Decimal("9.9"))
        ]
        by_identity = {name: amount for name, amount, _ in found.per_identity()}
        assert by_identity == {each.identity: float(each.per_day) for each in found.findings()}
        assert {basis for _, _, basis in found.per_identity()} == {"billed"}


def test_metrics_are_dollars_a_day(seen: list[Observation], tmp_path: Path) -> None:
    longer = [*bill(), focus(f"i-{1:017x}", 1.0, start=DAY + timedelta(days=3))]
    with join(seen, [making.parquet(tmp_path / "a.parquet", longer)]) as found:
        metrics = dict(found.metrics())
        assert found.spend.period.days == 4
        assert metrics["spend_total"] == pytest.approx(59.5 / 4)
        assert metrics["spend_untagged"] == pytest.approx(7.7 / 4)
        assert metrics["spend_taggable"] == pytest.approx((17.5 + 7.7 + 3.3 + 4.4) / 4)
        assert metrics["spend_compliance_of_total"] == pytest.approx(17.5 / 59.5)
        assert metrics["spend_compliance_of_taggable"] == pytest.approx(17.5 / 32.9)
        assert [name for name, _ in found.metrics()] == sorted(metrics)


CUR = [
    cur2(f"i-{1:017x}", "Usage", 1.5, tags={"user_cost_center": "cc-4100"}),
    cur2(f"i-{2:017x}", "DiscountedUsage", 0.0, reservation_effective_cost=2.5, tags={"user_cost_center": "cc-9"}),
    cur2(f"i-{3:017x}", "SavingsPlanCoveredUsage", 99.0, savings_plan_effective_cost=3.5),
    cur2(None, "SavingsPlanNegation", -99.0),
    cur2("arn:aws:savingsplans::1:savingsplan/x", "SavingsPlanRecurringFee", 50.0, commitment=10.0, used=7.75),
    cur2("arn:aws:savingsplans::1:savingsplan/x", "SavingsPlanUpfrontFee", 500.0),
    cur2("arn:aws:ec2:us-east-1:1:reserved-instances/r", "RIFee", 70.0, unused_upfront=1.25, unused_recurring=0.5),
    cur2("arn:aws:ec2:us-east-1:1:reserved-instances/r", "RIFee", 70.0, unused_upfront=4.0),
    cur2(None, "Fee", 900.0, reservation_reservation_a_r_n="arn:aws:ec2:us-east-1:1:reserved-instances/r"),
    cur2(None, "Fee", 12.0),
    cur2(None, "Tax", 8.0),
    cur2(None, "Credit", -3.0),
]
"""One row of each kind whose amortised cost is made in its own way."""


@pytest.mark.parametrize("form", ["parquet", "csv"])
def test_cur_2_is_amortised(form: str, seen: list[Observation], tmp_path: Path) -> None:
    write = making.parquet if form == "parquet" else making.written_csv
    with join(seen, [write(tmp_path / f"cur.{form}", CUR)]) as found:
        assert spent(found.spend.amounts) == second_opinion.shares(seen, CUR)
        assert found.spend.total == Decimal("32.5")
        assert [(each.key, each.written, each.value) for each in found.inherited()] == [
            ("cost-center", "user_cost_center", "cc-9")
        ]


def test_a_double_counts_as_what_it_says(seen: list[Observation], tmp_path: Path) -> None:
    """DuckDB casts 999999.999999 to 999999.999998999936."""
    rows = [focus(instance(1), cost) for cost in (999999.999999, 0.1, 0.2, -5.5e-7)]
    with join(seen, [making.parquet(tmp_path / "a.parquet", rows)]) as found:
        assert found.spend.total == Decimal("1000000.29999845")


def test_a_name_is_of_one_account_only(acme: Dictionary, tmp_path: Path) -> None:
    """Must not match: the bucket of that name was another account's; a name of another service; an id elsewhere."""
    seen = making.judged(
        acme, [live(BUCKET, GOOD, type_="aws_s3_bucket", classes=("bucket",)), live(instance(1), GOOD)]
    )
    rows = [
        focus("data", 1, service="Amazon Simple Storage Service", account=OTHER),
        focus(BUCKET, 2, service="Amazon Simple Storage Service", account=OTHER),
        focus("data", 4, service="Amazon DynamoDB"),
        focus(f"i-{1:017x}", 8, account=OTHER),
        focus(f"xi-{1:017x}", 16),
        focus(instance(1)[:-1], 32),
    ]
    with join(seen, [making.parquet(tmp_path / "a.parquet", rows)]) as found:
        assert spent(found.spend.amounts) == {"unseen": Fraction(63)} == second_opinion.shares(seen, rows)


def test_a_chosen_name_that_looks_like_an_id_is_none(acme: Dictionary, tmp_path: Path) -> None:
    queue = f"arn:aws:sqs:us-east-1:{ACCOUNT}:job-deadbeef"
    seen = making.judged(acme, [live(queue, GOOD, type_="aws_sqs_queue")])
    rows = [
        focus(f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:job-deadbeef", 1),
        focus("job-deadbeef", 2),
        focus(queue, 4),
    ]
    with join(seen, [making.parquet(tmp_path / "a.parquet", rows)]) as found:
        assert spent(found.spend.amounts) == {"unseen": Fraction(3), "compliant": Fraction(4)}


def test_without_an_account_a_unique_name_matches_and_a_shared_one_does_not(acme: Dictionary, tmp_path: Path) -> None:
    seen = making.judged(
        acme,
        [
            live(instance(1), GOOD),
            live(BUCKET, GOOD, type_="aws_s3_bucket", classes=("bucket",)),
            live("arn:aws:s3:::both", GOOD, type_="aws_s3_bucket", classes=("bucket",)),
            live("arn:aws:s3:::both", GOOD, type_="aws_s3_bucket", classes=("bucket",), account=OTHER),
        ],
    )
    rows = [
        focus(f"i-{1:017x}", 1, account=None),
        focus("data", 2, account=None, service="AmazonS3"),
        focus("both", 4, account=None, service="AmazonS3"),
        focus(BUCKET, 8, account=None, service="AmazonS3"),
    ]
    with join(seen, [making.parquet(tmp_path / "a.parquet", rows)]) as found:
        assert spent(found.spend.amounts) == {"compliant": Fraction(11), "unseen": Fraction(4)}


def test_a_group_s_finding_costs_what_its_members_cost(acme: Dictionary, tmp_path: Path) -> None:
    seen = making.judged(acme, [live(instance(n), {"owner": "a@b.c"}, group="asg:gpu") for n in (1, 2, 3)])
    rows = [focus(instance(n), n) for n in (1, 2, 3)]
    with join(seen, [making.parquet(tmp_path / "a.parquet", rows)]) as found:
        assert [(each.key, each.resources, each.per_day, each.address) for each in found.findings()] == [
            (key, 3, 6, instance(3)) for key in sorted(("cost-center", "workload"), key=_order(found.findings()))
        ]


def test_a_node_group_costs_what_its_instances_cost(acme: Dictionary, tmp_path: Path) -> None:
    """In its finding only: the totals have the money once. Must not count: another region's group of that name."""
    makers = {
        f"arn:aws:eks:us-east-1:{ACCOUNT}:nodegroup/gpu/ng-1/0a": ("aws_eks_node_group", "eks-nodegroup:gpu/ng-1"),
        f"arn:aws:autoscaling:us-east-1:{ACCOUNT}:autoScalingGroup:0a:autoScalingGroupName/a b": (
            "aws_autoscaling_group",
            "asg:a b",
        ),
        f"arn:aws:batch:us-east-1:{ACCOUNT}:compute-environment/b": ("aws_batch_compute_environment", "batch:b"),
        f"arn:aws:ec2:us-east-1:{ACCOUNT}:fleet/fleet-1": ("aws_ec2_fleet", "fleet:fleet-1"),
    }
    for arn, (type_, group) in makers.items():
        seen = making.judged(
            acme,
            [
                live(arn, {"owner": "a@b.c", "workload": "training"}, type_=type_),
                live(instance(1), GOOD, group=group),
                live(instance(2), GOOD, group=group),
                live(instance(3), GOOD, group=group, region="eu-west-1"),
                live(instance(4), GOOD),
            ],
        )
        rows = [focus(instance(n), 2.0**n) for n in (1, 2, 3, 4)]
        with join(seen, [making.parquet(tmp_path / "a.parquet", rows)]) as found:
            assert [(each.key, each.address, each.per_day, each.resources) for each in found.findings()] == [
                ("cost-center", arn, 6, 1)
            ]
            ((name, usd, _),) = found.per_identity()
            (since,) = found.since([(name, DAY)], DAY + timedelta(days=2))
            assert (usd, since.billed, since.projected) == (6.0, 6, 6)
            assert spent(found.spend.amounts) == {"compliant": Fraction(30)}
            assert found.of(arn) is None


def _order(findings: Any) -> Any:
    places = {each.key: place for place, each in enumerate(findings)}
    return places.__getitem__


def test_the_newer_of_two_runs_counts(acme: Dictionary, tmp_path: Path) -> None:
    older, newer = making.judged(acme, [live(instance(1), {})]), making.judged(acme, [live(instance(1), GOOD)])
    with join([*older, *newer], [making.parquet(tmp_path / "a.parquet", [focus(instance(1), 1)])]) as found:
        assert spent(found.spend.amounts) == {"compliant": Fraction(1)}
        assert (found.spend.seen, list(found.findings())) == (1, [])


def test_money_since_a_finding_began(acme: Dictionary, tmp_path: Path) -> None:
    """Ten days at 24 dollars, from the sixth at noon: the bill has five and a half of them, the rest is projected."""
    seen = making.judged(acme, [live(instance(1), {"owner": "a@b.c"})])
    rows = [focus(instance(1), 24.0, start=DAY + timedelta(days=n)) for n in range(10)]
    with join(seen, [making.parquet(tmp_path / "a.parquet", rows)]) as found:
        (name, *_), (other, *_) = found.per_identity()
        began = DAY + timedelta(days=4, hours=12)
        (since, before) = sorted(
            found.since([(name, began), (other, DAY - timedelta(days=2))], DAY + timedelta(days=12)),
            key=lambda each: each.billed,
        )
        assert (since.identity, since.billed, since.projected) == (name, Decimal(132), Decimal(48))
        assert (before.identity, before.billed, before.projected) == (other, Decimal(240), Decimal(96))
        assert list(found.since([], DAY)) == []
        assert list(found.since([("f" * 32, DAY)], DAY)) == []


def test_a_new_resource_is_projected_at_its_own_rate(acme: Dictionary, tmp_path: Path) -> None:
    seen = making.judged(acme, [live(instance(1), {"owner": "a@b.c"}), live(instance(2), GOOD)])
    rows = [focus(instance(2), 1.0), focus(instance(1), 98.0, start=DAY + timedelta(days=9))]
    with join(seen, [making.parquet(tmp_path / "a.parquet", rows)]) as found:
        one = found.of(instance(1))
        assert one is not None
        assert (one.per_day, one.recent_per_day) == (Decimal("9.8"), Decimal(98))


def test_the_period_asked_for(seen: list[Observation], tmp_path: Path) -> None:
    rows = [focus(f"i-{1:017x}", 2.0**n, start=DAY + timedelta(days=n)) for n in range(6)]
    ask = Ask(start=DAY + timedelta(days=1), end=DAY + timedelta(days=4))
    with join(seen, [making.parquet(tmp_path / "a.parquet", rows)], ask) as found:
        assert spent(found.spend.amounts) == {"compliant": Fraction(2 + 4 + 8)}
        assert (found.spend.period.start, found.spend.period.end) == (ask.start, ask.end)
        assert found.spend.outside == 1 + 16 + 32


def test_a_chosen_currency_leaves_the_others_apart(seen: list[Observation], tmp_path: Path) -> None:
    rows = [focus(f"i-{1:017x}", 1), focus(f"i-{1:017x}", 2, currency="eur"), focus(None, 4, currency="EUR")]
    with join(seen, [making.parquet(tmp_path / "a.parquet", rows)], Ask(currency="usd")) as found:
        assert spent(found.spend.amounts) == {"compliant": Fraction(1)}
        assert found.spend.foreign == (("EUR", Decimal(6)),)
    with join(seen, [making.parquet(tmp_path / "a.parquet", rows)], Ask(currency="EUR")) as found:
        assert found.spend.currency == "EUR"
        assert found.metrics() == ()  # the history is kept in dollars


def test_hostile_names_and_values_stay_data(acme: Dictionary, tmp_path: Path) -> None:
    """Quotes, SQL, surrogates: in ids, services, owners, keys, and in the file's own name."""
    nasty = "x'); DROP TABLE charge; --"
    arn = f"arn:aws:sqs:us-east-1:{ACCOUNT}:{nasty}"
    seen = making.judged(acme, [live(arn, {"owner": "\ud800\x1b[31m"}, type_="aws_sqs_queue", name="\udfff")])
    rows = [focus(arn, 1, service=nasty, tags={nasty: nasty}), focus(nasty, 2, service=nasty)]
    path = tmp_path / "a'[1]*?;--.parquet"
    with join(seen, [making.parquet(path, rows)]) as found:
        assert found.spend.total == 3
        (one,) = found.resources()
        assert (one.address, one.owner) == (arn, "?\x1b[31m")
        assert [each.service for each in found.unseen()] == [nasty]


CENTS = st.integers(-(10**9), 10**9).map(lambda number: Decimal(number).scaleb(-6))
IDS = st.sampled_from(
    [None, f"i-{1:017x}", instance(2), f"i-{3:017x}", instance(4), "data", f"{FUNCTION}:7", f"vol-{7:017x}", "i-gone"]
)


# An example takes a third of a second: shrinking one would take minutes.
@settings(max_examples=20, deadline=None, phases=(Phase.explicit, Phase.generate))
@given(
    st.lists(
        st.tuples(IDS, CENTS, st.sampled_from([ACCOUNT, OTHER, None]), st.integers(0, 3)), min_size=1, max_size=40
    ),
    st.randoms(use_true_random=False),
)
def test_nothing_is_lost_and_order_does_not_matter(
    seen: list[Observation], items: Sequence[tuple[Any, Decimal, Any, int]], random: Random
) -> None:
    """The shares are those of the second implementation, they sum to the total exactly, and neither the order of rows
    and resources nor how rows are spread over files changes anything."""
    rows = [
        focus(
            name, cost, account=account, start=DAY + timedelta(days=day), service="AmazonS3" if name == "data" else "x"
        )
        for name, cost, account, day in items
    ]
    types = {"EffectiveCost": pa.decimal128(20, 6), "Tags": pa.map_(pa.string(), pa.string())}
    types |= {name: pa.string() for name in ("ResourceId", "SubAccountId")}
    with TemporaryDirectory() as name:
        folder = Path(name)
        with join(seen, [making.parquet(folder / "one.parquet", rows, types)]) as found:
            first = (found.spend, list(found.findings()), found.owners(), found.unseen(), list(found.per_identity()))
            assert spent(found.spend.amounts) == second_opinion.shares(seen, rows)
            assert Fraction(found.spend.total) == sum(map(second_opinion.effective, rows))
            assert sum(each.amount for each in found.resources()) == found.spend.total - found.spend.amount(
                Share.UNSEEN, Share.UNATTRIBUTED
            )
        mixed, live_mixed = list(rows), list(seen)
        random.shuffle(mixed)
        random.shuffle(live_mixed)
        cut = random.randint(0, len(mixed))
        files = [
            making.parquet(folder / f"{n}.parquet", part, types)
            for n, part in enumerate((mixed[:cut], mixed[cut:]))
            if part
        ]
        with join(live_mixed, files) as again:
            second = (again.spend, list(again.findings()), again.owners(), again.unseen(), list(again.per_identity()))
        assert first == second


MILLIONTHS = st.integers(-(10**12), 10**12).map(lambda number: number / 10**6)
KINDS = st.sampled_from(
    ["Usage", "DiscountedUsage", "SavingsPlanCoveredUsage", "SavingsPlanNegation", "SavingsPlanRecurringFee", "RIFee",
     "SavingsPlanUpfrontFee", "Fee", "Tax", "Credit", "Refund", "EdpDiscount", "BundledDiscount"]
)  # fmt: skip


@settings(max_examples=15, deadline=None, phases=(Phase.explicit, Phase.generate))
@given(
    st.lists(
        st.tuples(KINDS, st.lists(MILLIONTHS, min_size=7, max_size=7), st.sampled_from(["", "arn:r"])), max_size=30
    )
)
def test_every_kind_of_cur_row_by_the_second_implementation(
    seen: list[Observation], items: Sequence[tuple[str, list[float], str]]
) -> None:
    """Whatever stands in the other cost columns of a row."""
    rows = [cur2(None, "Tax", 1.0)]
    for number, (kind, costs, reserved) in enumerate(items):
        rows.append(
            cur2(
                f"i-{number % 9:017x}",
                kind,
                costs[0],
                reservation_effective_cost=costs[1],
                savings_plan_effective_cost=costs[2],
                commitment=costs[3],
                used=costs[4],
                unused_upfront=costs[5],
                unused_recurring=costs[6],
                reservation_reservation_a_r_n=reserved,
            )
        )
    with TemporaryDirectory() as name, join(seen, [making.parquet(Path(name) / "x.parquet", rows)]) as found:
        assert spent(found.spend.amounts) == second_opinion.shares(seen, rows)
        assert Fraction(found.spend.total) == sum(map(second_opinion.effective, rows))

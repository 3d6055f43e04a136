"""The join in plain Python, row by row: the oracle of the one in DuckDB. It knows ids by other means (splitting, not
patterns) and adds with `fractions`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from tagwright_dictionary.model import Severity, Verdict
from tagwright_drift.live import Observation

S3 = ("Amazon Simple Storage Service", "AmazonS3", "Amazon S3", "", None)


def effective(row: Mapping[str, Any]) -> Fraction:
    """Of a FOCUS row its EffectiveCost; of a CUR row what Cost Explorer calls amortised."""
    if "EffectiveCost" in row:
        return amount(row["EffectiveCost"])
    kind = row["line_item_line_item_type"]
    if kind == "DiscountedUsage":
        return amount(row["reservation_effective_cost"])
    if kind == "SavingsPlanCoveredUsage":
        return amount(row["savings_plan_savings_plan_effective_cost"])
    if kind == "SavingsPlanRecurringFee":
        return amount(row["savings_plan_total_commitment_to_date"]) - amount(row["savings_plan_used_commitment"])
    if kind == "RIFee":
        return amount(row["reservation_unused_amortized_upfront_fee_for_billing_period"]) + amount(
            row["reservation_unused_recurring_fee"]
        )
    if kind in ("SavingsPlanNegation", "SavingsPlanUpfrontFee"):
        return Fraction(0)
    if kind == "Fee" and row["reservation_reservation_a_r_n"]:
        return Fraction(0)
    return amount(row["line_item_unblended_cost"])


def amount(value: Any) -> Fraction:
    """To 12 decimals, as the join keeps it."""
    return Fraction(round(Fraction(str(value or 0)) * 10**12), 10**12)


def shares(observations: Sequence[Observation], rows: Iterable[Mapping[str, Any]]) -> dict[str, Fraction]:
    known: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for seen in observations:
        arn = seen.live.resource.address
        parts = arn.split(":")
        names = [arn]
        if parts[2] == "ec2":
            names.append(arn.split("/")[-1])
        if parts[2] == "s3":
            names.append("s3 " + parts[5])
        for name in names:
            known[name].append((seen.live.cell.account, _share(seen)))
    found: dict[str, Fraction] = defaultdict(Fraction)
    for row in rows:
        resource = row.get("ResourceId", row.get("line_item_resource_id"))
        account = row.get("SubAccountId", row.get("line_item_usage_account_id"))
        service = row.get("ServiceName", row.get("line_item_product_code"))
        found[_place(known, resource, account, service)] += effective(row)
    return {name: value for name, value in found.items() if value}


def _place(known: Mapping[str, list[tuple[str, str]]], resource: Any, account: Any, service: Any) -> str:
    if not resource:
        return "unattributed"
    names = [resource] if resource.startswith("arn:") or service not in S3 else [resource, f"s3 {resource}"]
    if ":function:" in resource and resource.count(":") > 6:
        names = [":".join(resource.split(":")[:7])]
    for name in names:
        for owner, share in known.get(name, ()):
            told = name.startswith("arn:") and name.split(":")[4]  # an ARN with an account says whose it is
            if told or account in (owner, None):
                return share
    return "unseen"


def _share(seen: Observation) -> str:
    verdict = seen.judgement.verdict
    if verdict is not Verdict.NON_COMPLIANT:
        return {"not-applicable": "not_subject"}.get(verdict.value, verdict.value)
    missing = [each for each in seen.judgement.findings if each.rule == "missing-tag" and each.cause is None]
    return "untagged" if any(each.severity is Severity.ERROR for each in missing) else "mis_tagged"

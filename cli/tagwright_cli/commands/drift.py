"""`tagwright drift`: the group of its commands."""

from __future__ import annotations

from tagwright_cli.lazy import Context, LazyGroup

COMMANDS = {
    "scan": (
        "tagwright_cli.commands.drift_scan:command",
        "Look at every live resource of AWS accounts, judge it, and report.",
    ),
    "report": (
        "tagwright_cli.commands.drift_report:command",
        "Report what was seen, what is open, since when, what it costs and who answers for it.",
    ),
    "costs": (
        "tagwright_cli.commands.drift_costs:command",
        "Say what missing and wrong tags cost, from a bill or a price file.",
    ),
    "compare": (
        "tagwright_cli.commands.drift_compare:command",
        "Compare code (Terraform states, Pulumi exports) with what is live.",
    ),
    "doctor": (
        "tagwright_cli.commands.drift_doctor:command",
        "Tell what a scan of AWS would not see, and why, before it runs.",
    ),
    "iam-policy": (
        "tagwright_cli.commands.drift_iam_policy:command",
        "Print the least-privilege, read-only IAM policy that a scan of AWS needs.",
    ),
    "notify": (
        "tagwright_cli.commands.drift_notify:command",
        "Tell channels and owners what is new and due, and say so when no scan came.",
    ),
    "tickets": (
        "tagwright_cli.commands.drift_tickets:command",
        "Keep GitHub issues in step with the open findings.",
    ),
    "schedule": (
        "tagwright_cli.commands.drift_schedule:command",
        "Write ready files that run the scanner.",
    ),
    "history": (
        "tagwright_cli.commands.drift_history:command",
        "Show the scans in the history, or the life of one finding.",
    ),
    "merge": (
        "tagwright_cli.commands.drift_merge:command",
        "Merge the shards of one run into the history.",
    ),
    "replay": (
        "tagwright_cli.commands.drift_replay:command",
        "Build a history anew from the runs that were kept.",
    ),
}

command = LazyGroup(
    "drift",
    lazy=COMMANDS,
    help="Find live resources whose tags are missing, wrong or do not reach the bill.",
    examples=("tagwright drift scan --profile prod", "tagwright drift report --format html=report.html"),
    context_settings=Context,
)

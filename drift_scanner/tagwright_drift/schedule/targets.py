"""Who can run the scans: one row a scheduler."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from tagwright_dictionary.errors import InputError
from tagwright_drift.schedule.rendering import Made, rendered
from tagwright_drift.schedule.request import Request, checked, texts

Policy = Mapping[str, Any]
"""An IAM policy document: what the scanner may read (`tagwright drift iam-policy`)."""


@dataclass(frozen=True, slots=True)
class Target:
    """`files` are (path, template) pairs; `needs` the options without which it makes no sense; `after` the steps that
    are left to a person.
    """

    name: str
    summary: str
    files: tuple[tuple[str, str], ...]
    needs: tuple[str, ...]
    after: tuple[str, ...]
    writes_policy: bool = True

    def make(self, request: Request, policy: Policy) -> tuple[Made, ...]:
        """The files, in order. Raises InputError for a request that lacks something or holds what cannot be quoted."""
        checked(request, self.needs)
        if request.notify and self.name == "lambda":
            raise InputError(
                "a function of this template tells nobody: --notify would do nothing",
                hint="leave it out, and run `tagwright drift notify` elsewhere on a copy of the state",
            )
        for text in texts(request) if self.name == "github" else ():
            if "${{" in text:
                raise InputError(
                    f"{text!r} holds an expression of GitHub's, which would be run, not passed on",
                    hint="write the value itself, or edit the workflow afterwards",
                )
        whole = with_state(with_roles(policy, request.scan), request.bucket)
        made = [Made(path, rendered(template, request, policy=whole)) for path, template in self.files]
        if self.writes_policy:
            made.append(Made("tagwright-drift-policy.json", json.dumps(whole, indent=2) + "\n"))
        return tuple(made)


def with_roles(policy: Policy, scan: Sequence[str]) -> dict[str, Any]:
    """The policy, and the roles of other accounts that the scan's `--role` names: without this each is refused."""
    statements = list(policy["Statement"])
    named = [
        word.partition("=")[2] if word.startswith("--role=") else after
        for word, after in pairwise((*scan, ""))
        if word == "--role" or word.startswith("--role=")
    ]
    roles = sorted({_role_arn(role) for role in named if role})
    if roles:
        statements.append({"Sid": "OtherAccounts", "Effect": "Allow", "Action": ["sts:AssumeRole"], "Resource": roles})
    return {"Version": policy["Version"], "Statement": statements}


def _role_arn(role: str) -> str:
    return role.replace("{account}", "*") if role.startswith("arn:") else f"arn:aws:iam::*:role/{role}"


def with_state(policy: Policy, bucket: str) -> dict[str, Any]:
    """The policy, and the bucket that keeps the state: the only thing that the scanner may write."""
    statements = list(policy["Statement"])
    name, _, prefix = bucket.partition("/")
    if name:
        below = f"{prefix}/*" if prefix else "*"
        statements += [
            {
                "Sid": "StateList",
                "Effect": "Allow",
                "Action": ["s3:ListBucket"],
                "Resource": f"arn:aws:s3:::{name}",
                "Condition": {"StringLike": {"s3:prefix": [prefix or "", below]}},
            },
            {
                "Sid": "StateKeep",
                "Effect": "Allow",
                "Action": ["s3:GetObject", "s3:PutObject"],
                "Resource": f"arn:aws:s3:::{name}/{below}",
            },
        ]
    return {"Version": policy["Version"], "Statement": statements}


TARGETS: dict[str, Target] = {
    each.name: each
    for each in (
        Target(
            "github",
            "a workflow of GitHub Actions that signs in by OIDC and keeps its state in a bucket",
            ((".github/workflows/tagwright-drift.yml", "github/workflow.yml"),),
            ("role", "bucket", "region"),
            (
                "let the role trust this repository's OIDC subject, and attach tagwright-drift-policy.json to it",
                "commit the workflow; run it once by hand: gh workflow run tagwright-drift.yml -f scope=full",
            ),
        ),
        Target(
            "kubernetes",
            "CronJobs with a service account that becomes the role, and a volume for the state",
            (("tagwright-drift.yaml", "kubernetes/drift.yaml"),),
            ("role", "image"),
            (
                "attach tagwright-drift-policy.json to the role, and let it trust the service account",
                "kubectl apply -f tagwright-drift.yaml",
            ),
        ),
        Target(
            "systemd",
            "a service and timers for a host with credentials of its own",
            (
                ("tagwright-drift@.service", "systemd/tagwright-drift@.service"),
                ("tagwright-drift-watch.service", "systemd/tagwright-drift-watch.service"),
                ("tagwright-drift-full.timer", "systemd/tagwright-drift-full.timer"),
                ("tagwright-drift-hot.timer", "systemd/tagwright-drift-hot.timer"),
                ("tagwright-drift-watch.timer", "systemd/tagwright-drift-watch.timer"),
            ),
            (),
            (
                "copy the files to /etc/systemd/system, and give the host tagwright-drift-policy.json",
                (
                    "systemctl daemon-reload && systemctl enable --now tagwright-drift-full.timer "
                    "tagwright-drift-hot.timer tagwright-drift-watch.timer"
                ),
            ),
        ),
        Target(
            "lambda",
            "a CloudFormation template: a function from a container image, its schedules and its bucket",
            (("tagwright-drift.template.yaml", "lambda/template.yaml"),),
            ("image",),
            (
                "build the image with --target lambda from the Containerfile, and push it to ECR",
                (
                    "aws cloudformation deploy --template-file tagwright-drift.template.yaml "
                    "--stack-name tagwright-drift --capabilities CAPABILITY_IAM"
                ),
            ),
            writes_policy=False,
        ),
    )
}
"""By name; more will come."""

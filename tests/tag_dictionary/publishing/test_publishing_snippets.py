"""What the site offers for pasting, read by the tools it is written for."""

from __future__ import annotations

import ast
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass

import pytest
import yaml
from tests.oracle import harness, need, schema, terraform
from tests.tag_dictionary.publishing import toolchains

from tagwright_dictionary.catalogue import tag_support

PLAIN = {
    "owner": "ml-vision@acme.example",
    "cost-center": "cc-4100",
    "workload": "training",
    "environment": "prod",
}

# Keys and values that mean something else in one language or another where they are not quoted for it.
HOSTILE = {
    "${owner}": '"${jndi:x}" %{if true}x%{endif}',
    "on": "yes",
    "null": "~",
    "for": "if",
    "a-b": "c-d",
    "a b": "# no: comment",
    "q\"uo'te": "back\\slash \\n \\u0041 `tick` $(id)",
    "constructor": "*anchor & {flow: [x]}",
    "__proto__": "</script><!--",
    "-dash": "- 1",
    "1": "0o17",
    "k": "\u6771\u4eac \U0001f600 caf\u00e9",
    "line": "a\nb\tc\u2028d\u200be",
}


@dataclass(frozen=True, slots=True)
class Snippet:
    """`names`: of the type in Terraform, CloudFormation, Pulumi and Kubernetes; `wanted`: the tags as the cloud
    writes them, `notes` those that are annotations.
    """

    language: str
    cloud: str
    names: tuple[str, ...]
    text: str
    wanted: dict[str, str]
    notes: dict[str, str]


@pytest.fixture(scope="module")
def snippets(chromium, acme_site):
    """Every type in every language: {"plain": [...], "hostile": [...]}."""
    page = chromium.new_page()
    page.goto(f"file://{acme_site}/needs.html")
    found = {}
    for name, tags in (("plain", PLAIN), ("hostile", HOSTILE)):
        rows = page.evaluate(
            """tags => {
                const table = tagwright.tableOf();
                const pairs = tags.map(tag => ({key: tag[0], value: tag[1], open: false}));
                return table.types.flatMap(type => {
                    const written = tagwright.snippets.encoded(pairs, table.clouds[type[0]]);
                    return tagwright.snippets.languages(type).map(language =>
                        [language.id, type[0], type.slice(1, 5).map(each => each || ""), language.write(written),
                         written.map(each => [each.name, each.value, each.annotation])]);
                });
            }""",
            list(tags.items()),
        )
        found[name] = [
            Snippet(
                language,
                cloud,
                tuple(names),
                text,
                {key: value for key, value, note in written if not note},
                {key: value for key, value, note in written if note},
            )
            for language, cloud, names, text, written in rows
        ]
    page.close()
    return found


def of(snippets, *languages, cloud=""):
    return [each for each in snippets if each.language in languages and cloud in ("", each.cloud)]


def numbered(snippets):
    """The resources of all snippets in one file, each under a name of its own."""
    return [each.text.replace('"example"', f'"r{number}"', 1) for number, each in enumerate(snippets)]


def test_terraform_is_formatted_as_terraform_does(snippets, tmp_path):
    """`terraform fmt` parses every snippet and changes nothing."""
    if terraform.binary() is None:
        toolchains.give_up("terraform is not on PATH")
    for tags in ("plain", "hostile"):
        written = of(snippets[tags], "terraform", "provider")
        assert len(written) > 700
        source = "\n".join(each.text for each in written)
        (tmp_path / "main.tf").write_text(source, "utf-8")
        done = terraform.run(["fmt", "-check", "-diff", "-no-color"], tmp_path)
        assert (done.code, done.stdout) == (0, ""), done.stderr


@pytest.mark.parametrize("tags", ["plain", "hostile"])
def test_terraform_plans_the_tags_that_were_chosen(snippets, tmp_path, tags):
    """The real Terraform, planning with stub providers: each resource ends up with exactly the tags of the form."""
    need.oracle()
    known = {name for provider in schema.PROVIDERS for name in schema.load(provider).resources}
    asked = [each for each in of(snippets[tags], "terraform") if each.names[0] in known]
    assert len(asked) > 100
    (tmp_path / "main.tf").write_text('provider "azurerm" {\n  features {}\n}\n' + "\n".join(numbered(asked)), "utf-8")
    plan = harness.plan(tmp_path)
    wrong = {}
    for number, each in enumerate(asked):
        planned = plan.resources[f"{each.names[0]}.r{number}"]
        if _planned_tags(planned) != each.wanted:
            wrong[each.names[0]] = _planned_tags(planned)
    assert wrong == {}


def _planned_tags(planned):
    *blocks, attribute = tag_support(planned.type).attribute.split(".")
    if not blocks:
        return dict(planned.own.values) if planned.own.complete else "incomplete"
    found = planned.values
    for block in blocks:
        found = found[block][0]
    return found[attribute]


@pytest.mark.parametrize("tags", ["plain", "hostile"])
def test_terraform_plans_the_default_tags_that_were_chosen(snippets, tmp_path, tags):
    """`default_tags` and `default_labels` reach a resource without tags of its own."""
    need.oracle()
    for cloud, kind in (("aws", "aws_s3_bucket"), ("gcp", "google_storage_bucket")):
        text, wanted = next((each.text, each.wanted) for each in of(snippets[tags], "provider", cloud=cloud))
        folder = tmp_path / cloud
        folder.mkdir()
        (folder / "main.tf").write_text(f'{text}\nresource "{kind}" "x" {{}}\n', "utf-8")
        assert dict(harness.plan(folder).resources[f"{kind}.x"].tags.values) == wanted


def test_cloudformation_is_valid(snippets, tmp_path):
    """cfn-lint has nothing to say of any property that is written, only of those that are still to come."""
    asked = of(snippets["plain"], "cloudformation")
    assert len(asked) > 200
    body = []
    for number, each in enumerate(asked):
        lines = each.text.splitlines()
        assert lines[:2] == ["Resources:", "  Example:"]
        body += [f"  R{number}:", *lines[2:]]
    (tmp_path / "template.yaml").write_text("Resources:\n" + "\n".join(body) + "\n", "utf-8")
    done = subprocess.run(
        [toolchains.cfn_lint(), "-t", tmp_path / "template.yaml", "-f", "json", "-r", "us-east-1"],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
        env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
    )
    found = json.loads(done.stdout)
    # A finding about the whole of `Properties` names what is missing there; one of a service that AWS has shut down is
    # about the type.
    inside = [
        (each["Rule"]["Id"], asked[int(each["Location"]["Path"][1][1:])].names[1], each["Message"])
        for each in found
        if len(each["Location"]["Path"] or ()) > 3
    ]
    assert inside == []
    assert {each["Rule"]["Id"] for each in found if each["Location"]["Path"][2:] == ["Properties"]} >= {"E3003"}


def test_cloudformation_says_the_tags_that_were_chosen(snippets):
    """Read as YAML, whatever the keys and values mean to YAML unquoted."""
    for each in of(snippets["hostile"], "cloudformation"):
        resource = yaml.safe_load(each.text)["Resources"]["Example"]
        assert resource["Type"] == each.names[1]
        ((_, tags),) = [(name, value) for name, value in resource["Properties"].items() if name != "LaunchTemplateData"]
        if isinstance(tags, list) and "ResourceType" in tags[0]:
            tags = tags[0]["Tags"]
        if isinstance(tags, list):
            tags = {tag["Key"]: tag["Value"] for tag in tags}
        assert tags == each.wanted, each.names


def test_pulumi_python_says_the_tags_that_were_chosen(snippets):
    """Read by Python itself."""
    asked = of(snippets["hostile"], "python")
    assert len(asked) > 400
    for each in asked:
        (argument,) = ast.parse(each.text, mode="eval").body.keywords
        assert _pairs(ast.literal_eval(argument.value)) == each.wanted, each.names


_EXISTS = """\
import ast, importlib, inspect, json, sys
missing = []
for text in json.load(sys.stdin):
    call = ast.parse(text, mode="eval").body
    package, *path = ast.unparse(call.func).split(".")
    found = importlib.import_module(package)
    for name in path:
        found = getattr(found, name, None)
    takes = inspect.signature(found._internal_init).parameters if inspect.isclass(found) else {}
    if call.keywords[0].arg not in takes:
        missing.append(text)
print(json.dumps(missing))
"""


@pytest.mark.parametrize("clouds", [("aws",), ("gcp", "azure")], ids="-".join)
def test_pulumi_python_names_what_exists(snippets, clouds):
    """Pulumi's own packages have each class, and it takes the argument."""
    if importlib.util.find_spec("pulumi_aws") is None:
        toolchains.give_up("the extra 'pulumi' is not installed")
    folder = "" if clouds == ("aws",) else str(toolchains.pulumi_packages())
    asked = [each.text for each in of(snippets["plain"], "python") if each.cloud in clouds]
    assert len(asked) > 150
    unknown = 'pulumi_aws.s3.Basket("example", tags={})'
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", _EXISTS],
        input=json.dumps([*asked, *([unknown] if clouds == ("aws",) else [])]),
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
        env={**os.environ, "PYTHONPATH": folder},
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert json.loads(done.stdout) == ([unknown] if clouds == ("aws",) else [])


_PART = """\
import * as aws from "@pulumi/aws";
declare function part<T extends new (...all: never[]) => unknown>(
  made: T, args: Partial<NonNullable<ConstructorParameters<T>[1]>>): void;
"""


def _typescript(snippets, folder):
    source = folder / "snippets.ts"
    parts = [re.sub(r"^new (\S+)\(\"example\", \{", r"part(\1, {", each.text) for each in snippets]
    source.write_text(_PART + "\n".join(parts), "utf-8")
    (folder / "node_modules").symlink_to(toolchains.node_modules() / "node_modules")
    tsc = folder / "node_modules" / ".bin" / "tsc"
    options = "--noEmit --skipLibCheck --strict --target es2020 --module commonjs --moduleResolution node"
    done = subprocess.run(
        [tsc, *options.split(), source], capture_output=True, text=True, check=False, timeout=300, cwd=folder
    )
    return done.stdout


def test_pulumi_typescript_compiles(snippets, tmp_path):
    """tsc with Pulumi's own types: each class exists and takes tags in this form. What else it requires is not asked;
    that this check can fail is shown by a property that no class has.
    """
    asked = of(snippets["plain"], "typescript", cloud="aws")
    assert len(asked) > 200
    (tmp_path / "good").mkdir()
    (tmp_path / "bad").mkdir()
    assert _typescript(asked, tmp_path / "good") == ""
    wrong = [Snippet("typescript", "aws", (), 'new aws.s3.Bucket("example", {\n  nonsense: {},\n});\n', {}, {})]
    assert "'nonsense' does not exist" in _typescript(wrong, tmp_path / "bad")


def test_pulumi_typescript_says_the_tags_that_were_chosen(snippets, tmp_path):
    """Evaluated by node."""
    if shutil.which("node") is None:
        toolchains.give_up("node is not installed")
    asked = of(snippets["hostile"], "typescript")
    lines = ["const all = [];", "function Made(name, args) { all.push(args); }"]
    lines += [re.sub(r"^new \S+\(", "new Made(", each.text) for each in asked]
    lines.append("console.log(JSON.stringify(all.map(args => Object.values(args)[0]).map(tags => Array.isArray(tags)")
    lines.append("  ? tags.map(tag => [tag.key, tag.value]) : Object.entries(tags))));")
    (tmp_path / "all.js").write_text("\n".join(lines), "utf-8")
    done = subprocess.run(["node", tmp_path / "all.js"], capture_output=True, text=True, check=True, timeout=60)
    wrong = [
        (each.names, dict(map(tuple, tags)))
        for each, tags in zip(asked, json.loads(done.stdout), strict=True)
        if dict(map(tuple, tags)) != each.wanted
    ]
    assert wrong[:2] == []


# Kubernetes, "Labels and Selectors": syntax and character set.
_LABEL_VALUE = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?")
_LABEL_KEY = re.compile(
    r"(?:(?=[^/]{1,253}/)[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?/)?[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?"
)
# Kinds that make no pods, and those whose controller hands their own labels down.
_NO_PODS = {
    "ConfigMap", "EC2NodeClass", "InferenceService", "Ingress", "Namespace", "PersistentVolume",
    "PersistentVolumeClaim", "Pod", "Secret", "Service", "ServiceAccount", "StorageClass",
}  # fmt: skip


def test_kubernetes_labels_are_valid_and_reach_the_pods(snippets):
    """Read as YAML: the labels are labels, an e-mail address is an annotation, and what is made gets both too."""
    asked = of(snippets["plain"], "kubernetes")
    assert len(asked) > 25
    for each in asked:
        document = yaml.safe_load(each.text)
        found = list(_metadata(document))
        assert found[0] == document["metadata"]
        for metadata in found:
            assert metadata == {"labels": each.wanted, "annotations": each.notes}, each.names
        for key, value in each.wanted.items():
            assert _LABEL_KEY.fullmatch(key)
            assert _LABEL_VALUE.fullmatch(value)
        assert (len(found) > 1) == (each.names[3] not in _NO_PODS), each.names
    assert yaml.safe_load(next(each.text for each in asked if each.names[3] == "EC2NodeClass"))["spec"] == {
        "tags": PLAIN
    }


def test_kubernetes_says_the_tags_that_were_chosen(snippets):
    """Whatever the keys and values mean to YAML unquoted."""
    for each in of(snippets["hostile"], "kubernetes"):
        for metadata in _metadata(yaml.safe_load(each.text)):
            assert metadata == {"labels": each.wanted}, each.names


def _metadata(node):
    """Every `metadata` of a document."""
    if isinstance(node, dict):
        if "metadata" in node:
            yield node["metadata"]
        for name, child in node.items():
            if name != "metadata":
                yield from _metadata(child)
    elif isinstance(node, list):
        for child in node:
            yield from _metadata(child)


def _pairs(tags):
    return {tag["key"]: tag["value"] for tag in tags} if isinstance(tags, list) else tags

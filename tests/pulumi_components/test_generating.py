"""`tagwright pulumi generate`: the package that it writes is hosted in a process of its own."""

from __future__ import annotations

import ast
from datetime import date

import pulumi
import pytest

from tagwright_cli.main import main
from tagwright_dictionary.dictionary import Dictionary, Key, Requirement, Selector, Value
from tagwright_dictionary.errors import InputError
from tagwright_dictionary.loading import load
from tagwright_pulumi.hosting.generating import package
from tagwright_pulumi.testing import schema

TODAY = date(2026, 11, 23)
TAGS = {"owner": "ml@acme.example", "costCenter": "cc-4100", "workload": "training"}


@pytest.fixture
def generated(project, monkeypatch, capsys):
    monkeypatch.chdir(project)
    assert main(["pulumi", "generate", "dictionary.yaml", "-o", "package", "--name", "acme"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "pulumi package add package"
    return project / "package"


def bucket(inputs, component="Bucket"):
    class Remote(pulumi.ComponentResource):
        def __init__(self):
            super().__init__(f"acme:index:{component}", "b", inputs, None, remote=True)

    return Remote


def test_required_tags_are_required_inputs(generated):
    """Of each component those that its class asks for; closed lists are enums; nothing is called `tags`."""
    found = schema(generated)
    required = {name.rpartition(":")[2]: set(each["requiredInputs"]) for name, each in found["resources"].items()}
    tags = {"costCenter", "owner", "workload"}
    assert required == {
        "BedrockInferenceProfile": {"modelArn", *tags},
        "Bucket": tags,
        "Function": {"role", *tags},
        "GpuNode": {"instanceType", *tags},
        "GpuNodeGroup": {"instanceType", "kind", "subnetIds", *tags},
        "SageMakerEndpoint": {"variants", *tags},
        "SageMakerNotebook": {"instanceType", "roleArn", *tags},
    }
    for each in found["resources"].values():
        assert "tags" not in each["inputProperties"]
        assert each["inputProperties"]["workload"]["$ref"] == "#/types/acme:index:Workload"
        assert all(about.get("description") for about in each["inputProperties"].values())
        assert all(about.get("description") for about in each["properties"].values())
    values = [each["value"] for each in found["types"]["acme:index:Workload"]["enum"]]
    assert (values, found["types"]["acme:index:Workload"]["type"]) == (["training", "inference"], "string")


def test_its_components_work(generated, loopback, preview):
    """Tags arrive on the resource under their own names, with further ones."""
    inputs = {**TAGS, "moreTags": {"note": "x"}, "bucket": "mine"}
    result = loopback(bucket(inputs), preview=preview, components=[generated])
    assert result.exit_code == 0, (result.errors, result.failures)
    made = result.one("aws:s3/bucket:Bucket")
    tags = {"owner": "ml@acme.example", "cost-center": "cc-4100", "workload": "training", "note": "x"}
    assert made.inputs == {"bucket": "mine", "tags": tags}
    assert made.urn.split("::")[2] == "acme:index:Bucket$aws:s3/bucket:Bucket"


def test_open_values_are_judged_when_constructed(generated, loopback):
    """With the path of the input, by the dictionary in the package."""
    result = loopback(bucket({**TAGS, "costCenter": "4100"}), preview=True, components=[generated])
    (failure,) = result.failures
    assert (failure.code, [path for path, _ in failure.properties]) == ("INVALID_ARGUMENT", ["costCenter"])
    assert "acme:index:Bucket 'b'" in failure.message
    assert result.resources == ()


@pytest.mark.parametrize(("change", "path"), [({"workload": "trainng"}, "workload"), ({"owner": None}, "owner")])
def test_what_other_languages_would_not_compile(generated, loopback, change, path):
    """A value outside of the list and a missing tag are refused before anything is constructed."""
    result = loopback(bucket({**TAGS, **change}), preview=True, components=[generated])
    (failure,) = result.failures
    assert (failure.code, failure.properties[0][0], result.resources) == ("INVALID_ARGUMENT", path, ())


def test_equal_dictionaries_give_equal_bytes(project):
    """And the text is Python, whatever the dictionary says."""
    files = [package(load(project / "dictionary.yaml"), name="a", version="1", today=TODAY) for _ in range(2)]
    assert files[0] == files[1]
    for name in ("__main__.py", "tagged_components.py"):
        compile(files[0][name], name, "exec")


HOSTILE = (
    '"""\nimport os',
    "class",
    "3d",
    "naïve value",
    "a-b",
    "a_b",
    "A B",
    "\\",
    "{x}",
    "'",
    "bucket",
    "more_tags",
    "東京",
)


def test_hostile_names_and_values_stay_text():
    """Keys and values become identifiers that are distinct, and literals that nothing breaks out of."""
    values = tuple(Value(text, description=text) for text in HOSTILE)
    keys = tuple(Key(text, values=values, description=text) for text in HOSTILE)
    requirement = Requirement("r", Selector(everything=True), require=HOSTILE)
    dictionary = Dictionary('x"""\nimport os', '1.0.0"', keys, (requirement,))
    text = package(dictionary, name="a", version="1", today=TODAY)["tagged_components.py"]
    tree = ast.parse(text)
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    assert imported == {"pulumi", "tagwright_pulumi"}
    (bucket_class,) = [node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == "BucketArgs"]
    fields = [node.target.id for node in bucket_class.body if isinstance(node, ast.AnnAssign)]
    assert len(fields) == len({each.lower() for each in fields}) == len(HOSTILE) + 3
    enums = [node for node in tree.body if isinstance(node, ast.ClassDef) and ast.unparse(node.bases[0]) == "str"]
    assert len(enums) == len(HOSTILE)
    for node in enums:
        members = [ast.literal_eval(each.value) for each in node.body if isinstance(each, ast.Assign)]
        assert members == list(HOSTILE)


@pytest.mark.parametrize("name", ["", "A", "a b", "../x", "a" * 61])
def test_a_bad_package_name_is_refused(name):
    """Before anything is written."""
    with pytest.raises(InputError, match="is no name of a Pulumi package"):
        package(Dictionary("d", "1.0.0"), name=name, version="1", today=TODAY)

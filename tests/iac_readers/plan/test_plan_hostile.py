"""Whatever a document holds, reading it ends, with resources or problems."""

import copy
import json
from functools import cache
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tagwright_dictionary.model import Reading
from tagwright_iac.plan import read_plan

REAL = Path(__file__).parent / "data" / "plan.json"

_odd = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.just(1e308),
    st.just(10**400),
    st.text(max_size=5),
    st.just([]),
    st.just({}),
    st.just([{}]),
    st.just({"references": [1, "var.x", "module.m.lt", "local.a"]}),
    st.just({"constant_value": {"a": [1]}}),
)


@cache
def real():
    return json.loads(REAL.read_text("utf-8"))


def _places(value, path=()):
    yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield from _places(item, (*path, key))


@cache
def places():
    kept = ("resource_changes", "configuration", "planned_values")
    return [path for path in _places(real()) if path and path[0] in kept]


@given(st.lists(st.tuples(st.integers(min_value=0), _odd | st.just("DELETE")), min_size=1, max_size=4))
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_mutated_plans_never_raise(tmp_path_factory, mutations):
    """A real plan with parts replaced or removed is read or refused; twice the same."""
    document = copy.deepcopy(real())
    for number, value in mutations:
        path = places()[number % len(places())]
        inner = document
        try:
            for key in path[:-1]:
                inner = inner[key]
            if value == "DELETE":
                del inner[path[-1]]
            else:
                inner[path[-1]] = value
        except (KeyError, IndexError, TypeError):
            continue
    path = tmp_path_factory.getbasetemp() / "mutated.json"
    path.write_text(json.dumps(document), "utf-8")
    reading = read_plan(path, cwd=path.parent)
    assert isinstance(reading, Reading)
    assert reading == read_plan(path, cwd=path.parent)


@given(st.integers(min_value=0), st.binary(max_size=3))
@settings(max_examples=60, deadline=None)
def test_mangled_bytes_never_raise(tmp_path_factory, position, bytes_):
    """A plan with some bytes overwritten is read or refused."""
    text = REAL.read_bytes()
    at = position % len(text)
    path = tmp_path_factory.getbasetemp() / "mangled.json"
    path.write_bytes(text[:at] + bytes_ + text[at + len(bytes_) :])
    assert isinstance(read_plan(path, cwd=path.parent), Reading)


def test_the_real_plan_itself(tmp_path):
    """It is read without a problem."""
    reading = read_plan(REAL, cwd=REAL.parent)
    assert reading.problems == ()
    assert [resource.address for resource in reading.resources] == [
        "aws_autoscaling_group.g",
        "aws_autoscaling_group.h",
        "aws_instance.i",
        'aws_instance.j["a"]',
        'aws_instance.j["b\\"c"]',
        "aws_launch_template.t",
        "aws_s3_bucket.b",
        "terraform_data.u",
        'module.m["q"].aws_eks_node_group.n',
    ]

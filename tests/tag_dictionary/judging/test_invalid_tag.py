"""`invalid-tag`: each provider's limits, at the limit and one beyond."""

from __future__ import annotations

import pytest

from tagwright_dictionary.model import Bill, Classes, Origin, Tag

AWS, GCP, AZURE, K8S = (
    ("aws", "aws_s3_bucket"),
    ("google", "google_storage_bucket"),
    ("azurerm", "azurerm_virtual_machine"),
    ("kubernetes", "kubernetes_pod"),
)
STORAGE = ("azurerm", "azurerm_storage_account")

# (provider and type, key, value, a part of the message)
MUST_FIRE = [
    (AWS, "k" * 129, "v", "the key has 129 characters, allowed are 1 to 128"),
    (AWS, "", "v", "the key is empty"),
    (AWS, "note", "v" * 257, "the value has 257 characters, allowed are 0 to 256"),
    (AWS, "note", "a|b", "the value contains U+007C VERTICAL LINE"),
    (AWS, "note", "a\nb", "the value contains U+000A"),
    (AWS, "note", "a\U0001f680", "the value contains U+1F680 ROCKET"),
    (AWS, "no,te", "v", "the key contains U+002C COMMA"),
    (AWS, "aws:team", "v", "the key begins with aws:, which AWS reserves for itself"),
    (AWS, "AWS:team", "v", "the key begins with aws:"),
    (("awscc", "awscc_s3_bucket"), "aws:team", "v", "the key begins with aws:"),
    (GCP, "Note", "v", "the key has upper-case letters"),
    (GCP, "note", "V", "the value has upper-case letters"),
    (GCP, "note", "a.b", "the value contains U+002E FULL STOP"),
    (GCP, "note", "a b", "the value contains U+0020 SPACE"),
    (GCP, "1note", "v", "the key must begin with a lower-case letter"),
    (GCP, "n" * 64, "v", "the key has 64 characters"),
    (GCP, "note", "v" * 64, "the value has 64 characters"),
    (GCP, "note", "\u753b" * 43, "the value has more than 128 bytes in UTF-8"),
    (GCP, "goog-team", "v", "the key begins with goog"),
    (AZURE, "k" * 513, "v", "the key has 513 characters"),
    (STORAGE, "k" * 129, "v", "the key has 129 characters"),
    (AZURE, "note", "v" * 257, "the value has 257 characters"),
    (AZURE, "a/b", "v", "the key contains U+002F SOLIDUS"),
    (AZURE, "a?", "v", "the key contains U+003F QUESTION MARK"),
    (AZURE, "Microsoft.team", "v", "the key begins with microsoft"),
    (AZURE, "windowsteam", "v", "the key begins with windows"),
    (K8S, "note", "a b", "the value contains U+0020 SPACE"),
    (K8S, "note", "-a", "the value must begin and end with a letter or digit"),
    (K8S, "note", "v" * 64, "the value has 64 characters"),
    (K8S, "n" * 64, "v", "the key must be a name of at most 63 characters"),
    (K8S, "a/b/c", "v", "the key must be a name"),
    (K8S, "/b", "v", "the key must be a name"),
    (K8S, "Acme.example/b", "v", "the key must be a name"),
    (K8S, "d" * 254 + "/b", "v", "the key must be a name"),
]

MUST_NOT_FIRE = [
    (AWS, "k" * 128, "v" * 256),
    (AWS, "a b:c/d=e+f-g@h_i.j", "a b:c/d=e+f-g@h_i.j"),
    (AWS, "note", ""),
    (AWS, "awsteam", "v"),
    (AWS, "team:aws:", "v"),
    (AWS, "\u90e8\u9580", "\u753b\u50cf\u8a8d\u8b58 \u00e9"),
    (GCP, "n" * 63, "v" * 63),
    (GCP, "\u753b-1_x", "\u753b" * 42),
    (GCP, "note", ""),
    (GCP, "goog-terraform-provisioned", "true"),
    (AZURE, "k" * 512, "v" * 256),
    (AZURE, "note", "a<b>c%d&e?f/g|\u2603"),
    (STORAGE, "k" * 128, "v"),
    (K8S, "n" * 63, "v" * 63),
    (K8S, "acme.example/team-a_b.c", "A-b_c.9"),
    (K8S, "d" * 253 + "/b", ""),
    (("", "thing"), "k" * 1000, "a|b\n"),
    (("random", "random_pet"), "aws:x", "v"),
]


def _found(kit, where, values, **about):
    provider, kind = where
    judgement = kit.judge(kit.gpu(values, provider=provider, type=kind, classes=Classes(), **about))
    return [each for each in judgement.findings if each.rule == "invalid-tag"]


@pytest.mark.parametrize(("where", "key", "value", "says"), MUST_FIRE)
def test_fires(kit, where, key, value, says):
    """One beyond the limit: an error that names the limit."""
    (finding,) = _found(kit, where, {key: value})
    assert says in finding.message
    assert (finding.key, finding.severity, finding.certainty) == (key, "error", "definite")


@pytest.mark.parametrize(("where", "key", "value"), MUST_NOT_FIRE)
def test_does_not_fire(kit, where, key, value):
    """At the limit, or under no known limit."""
    assert _found(kit, where, {key: value}) == []


@pytest.mark.parametrize(("where", "most"), [(AWS, 50), (GCP, 64), (AZURE, 50)])
def test_the_number_of_tags(kit, where, most):
    """Fine at the limit, an error beyond; undecided where more may come just at the limit, certain beyond it."""

    def found(count, *, complete=True):
        tags = {f"key{number}": "v" for number in range(count)}
        return [(each.certainty, each.key) for each in _found(kit, where, {}, tags=kit.tags(tags, complete=complete))]

    assert found(most) == []
    assert found(most + 1) == [("definite", "")]
    assert found(most - 1, complete=False) == []
    assert found(most, complete=False) == [("undecided", "")]
    assert found(most + 1, complete=False) == [("definite", "")]


def test_system_tags_do_not_count(kit):
    """AWS does not count what it writes itself; the reserved key is still said."""
    tags = {f"key{number}": "v" for number in range(50)} | {"aws:x": "v"}
    assert [each.key for each in _found(kit, AWS, tags)] == ["aws:x"]


def test_live_resources_are_never_invalid(kit):
    """The provider has accepted what is there, its own tags included."""
    tags = {"aws:cloudformation:stack-name": "x", "note": "a|b"}
    assert _found(kit, AWS, tags, framework="live") == []


def test_kubernetes_annotations_have_no_value_limit(kit):
    """The dictionary puts the owner's address into an annotation; a reader may mark others."""
    assert _found(kit, K8S, {"owner": "ml-vision@acme.example"}) == []
    marked = (Tag("acme.example/notes", "any text, of any kind " * 20, Origin("resource", "metadata.annotations")),)
    assert _found(kit, K8S, marked) == []
    assert len(_found(kit, K8S, {"acme.example/notes": "any text, of any kind"})) == 1


def test_the_finding_has_the_dictionary_s_key(kit):
    """The message has the provider's spelling."""
    (finding,) = _found(kit, GCP, {"cost_center": "CC-4100"})
    assert finding.key == "cost-center"
    assert finding.message.startswith('cost_center = "CC-4100": the value has upper-case letters')


def test_what_reaches_a_bill_is_checked(kit):
    """An instance's volumes have limits too."""
    bill = Bill("root volume", kit.tags({"note": "a|b"}))
    (finding,) = _found(kit, AWS, {}, bills=(bill,))
    assert finding.message.startswith('note = "a|b" on the root volume: ')


def test_is_not_said_twice(kit):
    """An invisible character is named once, by placeholder-value."""
    resource = kit.gpu({"project": "at\u200blas"}, classes=Classes())
    assert kit.brief(kit.judge(resource)) == [("placeholder-value", "project", "error")]


def test_sensitive_values_stay_hidden(kit):
    """Which character it was could be telling."""
    (finding,) = _found(kit, AWS, (Tag("note", "s3cret|", sensitive=True),))
    assert finding.message == "note = (sensitive value): the value breaks a limit (AWS)"
    assert finding.value is None

"""`placeholder-value`: what must fire, what must not. Look-alikes are written as escapes, to be seen."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tagwright_dictionary.dictionary import Dictionary, Key, Value
from tagwright_dictionary.model import Classes

# In an open key, where anything honest goes.
PRETENDING = [
    *("todo", "TODO", "ToDo", "tbd", "TBA", "unknown", "UNKNOWN", "n/a", "N/A", "na", "N.A.", "n-a", "none", "None"),
    *("null", "nil", "undefined", "test", "xxx", "XXXX", "changeme", "change-me", "CHANGE_ME", "fixme", "default"),
    *("dummy", "foo", "bar", "placeholder", "-", "--", "---", "?", "...", ".", "_", "/", "0", "\u2026", "\u2014"),
    *("<owner>", "<your team here>", "${var.owner}", "team-${var.env}", "{{ owner }}", "{{.Values.owner}}", "%OWNER%"),
    *("__OWNER__", "$(owner)", "[owner]", "replace me", "to be determined", "your-team", "TODO: ask Ann", "tbd(ann)"),
    *(
        " ",
        "   ",
        "\t",
        "\n",
        "\u00a0",
        "\u200b",
        "\u3000",
        "\u2800",
        "aaa",
        "1111",
        "zzzzzz",
        "\uff54\uff4f\uff44\uff4f",
    ),
    *("t\u200bodo", "t\u043ed\u043e", "\U0001d42d\U0001d428\U0001d41d\U0001d428"),
]

HONEST = [
    "todo-app",
    "Unknown Pleasures",
    "testing-grounds",
    "foobar-2",
    "default-risk-model",
    "barcode",
    "nata",
    "none-shall-pass",
    "x",
    "a1",
    "7",
    "10",
    "ab",
    "II",
    "null-island",
    "R&D",
    "C++",
    "\u753b\u50cf\u8a8d\u8b58\u57fa\u76e4",  # Japanese
    "\u753b\u50cf\u3000\u8a8d\u8b58",  # with an ideographic space
    "\uff21\uff29\u57fa\u76e4",  # full-width AI in a Japanese name
    "\u043f\u0440\u043e\u0435\u043a\u0442 \u0430\u0442\u043b\u0430\u0441",  # Russian
    "IT-\u043e\u0442\u0434\u0435\u043b",  # Latin and Cyrillic, each in its own word
    "IoT\u043f\u043b\u0430\u0442\u0444\u043e\u0440\u043c\u0430",  # mixed, but nothing that would read as Latin
    "\u0395\u03bb\u03bb\u03ac\u03b4\u03b1",  # Greek
    "\u03b2-VAE",
    "TNF\u03b1",
    "\u0928\u0947\u092a\u093e\u0932\u094d\u200d\u0926",  # a joiner where Devanagari needs one
    "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",  # a non-joiner where Persian needs one
    "\u05de\u05d5\u05d3\u05dc",  # Hebrew
    "Gro\u00dfk\u00fcche caf\u00e9 \u0141\u00f3d\u017a",
    "\U0001f680 launch",
    "\U0001f468\u200d\U0001f4bb team",
    "heart \u2764\ufe0f",
]

# (value, the code point that the message names) in the open key `project`.
DISGUISED = [
    ("at\u200blas", "U+200B ZERO WIDTH SPACE"),
    ("atlas\u00ad", "U+00AD SOFT HYPHEN"),
    ("at\u00a0las", "U+00A0 NO-BREAK SPACE"),
    ("\u202esalta", "U+202E RIGHT-TO-LEFT OVERRIDE"),
    ("\u2066atlas\u2069", "U+2066 LEFT-TO-RIGHT ISOLATE"),
    ("atlas\ufeff", "U+FEFF ZERO WIDTH NO-BREAK SPACE"),
    ("at\u2060las", "U+2060 WORD JOINER"),
    ("atlas\u3164", "U+3164 HANGUL FILLER"),
    ("atlas\x07", "U+0007"),
    ("atlas\ud800", "U+D800"),
    ("a\u200dtlas", "U+200D ZERO WIDTH JOINER"),
    ("\u0430tlas", "U+0430 CYRILLIC SMALL LETTER A"),
    ("atl\u0430s", "U+0430 CYRILLIC SMALL LETTER A"),
    ("M\u039fDEL", "U+039F GREEK CAPITAL LETTER OMICRON"),
    ("\U0001d41atlas", "U+1D41A MATHEMATICAL BOLD SMALL A"),
    ("atl\uff41s", "U+FF41 FULLWIDTH LATIN SMALL LETTER A"),
]

# (key, value, the code point, the value it imitates) where the dictionary bounds the key.
IMITATING = [
    ("environment", "pr\u043ed", "U+043E CYRILLIC SMALL LETTER O", "prod"),
    ("environment", "\u0440rod", "U+0440 CYRILLIC SMALL LETTER ER", "prod"),
    ("environment", "\uff50\uff52\uff4f\uff44", "U+FF50 FULLWIDTH LATIN SMALL LETTER P", "prod"),
    ("environment", "pro\u200bd", "U+200B ZERO WIDTH SPACE", "prod"),
    ("workload", "tra\u0131ning", "U+0131 LATIN SMALL LETTER DOTLESS I", "training"),
    ("cost-center", "cc\u20134100", "U+2013 EN DASH", "cc-4100"),
    ("cost-center", "cc-\u0664\u0661\u0660\u0660", "U+0664 ARABIC-INDIC DIGIT FOUR", "cc-4100"),
    ("owner", "\u0430nn@acme.example", "U+0430 CYRILLIC SMALL LETTER A", "ann@acme.example"),
    ("owner", "ann@\u0430cme.example", "U+0430 CYRILLIC SMALL LETTER A", "ann@acme.example"),
    ("model", "ll\u0430ma-3", "U+0430 CYRILLIC SMALL LETTER A", "llama-3"),
]


def _project(kit, value, key="project"):
    return kit.judge(kit.gpu({key: value}, classes=Classes(), provider=""))


@pytest.mark.parametrize("value", PRETENDING, ids=ascii)
def test_fires(kit, value):
    """It is refused, once, in whatever case or dress."""
    assert kit.brief(_project(kit, value)) == [("placeholder-value", "project", "error")]


@pytest.mark.parametrize("value", HONEST, ids=ascii)
def test_does_not_fire(kit, value):
    """Honest text in any language is left alone."""
    assert _project(kit, value).findings == ()


@pytest.mark.parametrize(("value", "point"), DISGUISED, ids=ascii)
def test_disguises_are_named(kit, value, point):
    """The message names the character that cannot be seen for what it is, and prints none of it raw."""
    finding = kit.only(_project(kit, value))
    assert finding.rule == "placeholder-value"
    assert point in finding.message
    assert finding.message.isprintable()


@pytest.mark.parametrize(("key", "value", "point", "imitates"), IMITATING, ids=ascii)
def test_imitations_are_named(kit, key, value, point, imitates):
    """The message names the character, and the value it imitates is suggested."""
    finding = kit.only(_project(kit, value, key))
    assert (finding.rule, finding.suggestions) == ("placeholder-value", (imitates,))
    assert point in finding.message


@pytest.mark.parametrize(
    "value", ["todo@acme.example", "TBD@acme.example", "test@test.com", "name@example.com", "no-one@acme.example"]
)
def test_nobody_s_address(kit, value):
    """An address of the right form that belongs to nobody."""
    assert kit.only(_project(kit, value, "owner")).rule == "placeholder-value"


def test_example_com_is_fine_where_the_dictionary_says_so(kit):
    """A documentation domain is real where the key names it."""
    dictionary = Dictionary("d", "1.0.0", keys=(Key("owner", format="email", domains=("example.com",)),))
    resource = kit.gpu({"owner": "ann@example.com"}, provider="")
    assert kit.judge(resource, dictionary=dictionary).findings == ()


def test_approved_values_are_no_placeholders(kit):
    """`test` is a value where it is approved, in another case it is misspelt, and an alias is an alias."""
    key = Key("stage", values=(Value("test", aliases=("tbd",)), Value("default"), Value("n/a"), Value("-")))
    dictionary = Dictionary("d", "1.0.0", keys=(key,))

    def rules(value):
        judgement = kit.judge(kit.gpu({"stage": value}, provider=""), dictionary=dictionary)
        return [(each.rule, each.suggestions) for each in judgement.findings]

    for value in ("test", "default", "n/a", "-"):
        assert rules(value) == []
    assert rules("Test") == [("value-not-allowed", ("test",))]
    assert rules("tbd") == [("value-not-allowed", ("test",))]
    assert rules("--")[0][0] == "placeholder-value"


def test_a_dictionary_adds_its_own(kit):
    """`placeholders` extends the list, compared as loosely as the shipped words."""
    dictionary = replace(kit.dictionary, placeholders=("acme-shared",), _index={})
    resource = kit.gpu({"project": "Acme Shared"}, classes=Classes(), provider="")
    assert kit.brief(kit.judge(resource, dictionary=dictionary)) == [("placeholder-value", "project", "error")]
    assert kit.judge(resource).findings == ()

"""A proposed value: one line more, the version raised, every other byte as it was."""

from __future__ import annotations

import difflib
from datetime import date
from pathlib import Path

import pytest

from tagwright_dictionary.errors import DictionaryError, InputError
from tagwright_dictionary.lifecycle.propose import Wanted, propose
from tagwright_dictionary.lifecycle.splicing import Source, apply, scalar
from tagwright_dictionary.loading import load
from tagwright_dictionary.loading.data import shipped_path

TODAY = date(2026, 11, 1)
HEAD = "schema: 1\nname: d\nversion: 1.0.0\n"
LAB = Wanted("team", "lab", title="The lab: west", aliases=("labs-west", "on"))

# The keys of a dictionary, and the lines that go and come for a plain value and for one with details.
LAYOUTS = {
    "a block of flow mappings": (
        "keys:\n  team:\n    values:\n      vision: {title: V}   # sees\n\n  # next\n  x: {}\n",
        ["+      lab: {}"],
        ['+      lab: {title: "The lab: west", aliases: [labs-west, "on"]}'],
    ),
    "a block of blocks": (
        (
            "keys:\n  team:\n    values:\n      vision:\n          title: V\n          description: >-\n"
            "            Sees\n            far\n\n\n  x: {}\n"
        ),
        ["+      lab: {}"],
        ["+      lab:", '+          title: "The lab: west"', '+          aliases: [labs-west, "on"]'],
    ),
    "a flow mapping": (
        "keys: {team: {values: {vision: {title: V}, search: {}}}, x: {}}\n",
        [
            "-keys: {team: {values: {vision: {title: V}, search: {}}}, x: {}}",
            "+keys: {team: {values: {vision: {title: V}, search: {}, lab: {}}}, x: {}}",
        ],
        [
            "-keys: {team: {values: {vision: {title: V}, search: {}}}, x: {}}",
            (
                '+keys: {team: {values: {vision: {title: V}, search: {}, lab: {title: "The lab: west", '
                'aliases: [labs-west, "on"]}}}, x: {}}'
            ),
        ],
    ),
    "a flow mapping over lines": (
        "keys:\n  team:\n    values: {\n      vision: {title: V},\n      search: {},\n    }\n",
        ["-      search: {},", "+      search: {}, lab: {},"],
        ["-      search: {},", '+      search: {}, lab: {title: "The lab: west", aliases: [labs-west, "on"]},'],
    ),
    "a flow list": (
        "keys:\n  team: {values: [vision, search]}  # teams\n",
        ["-  team: {values: [vision, search]}  # teams", "+  team: {values: [vision, search, lab]}  # teams"],
        [
            "-  team: {values: [vision, search]}  # teams",
            (
                '+  team: {values: {vision: {}, search: {}, lab: {title: "The lab: west", aliases: [labs-west, "on"]}}}'
                "  # teams"
            ),
        ],
    ),
    "a block list": (
        "keys:\n  team:\n    values:\n    - vision  # sees\n    - search\n  x: {}\n",
        ["+    - lab"],
        [
            "-    - vision  # sees",
            "-    - search",
            "+      vision: {}  # sees",
            "+      search: {}",
            '+      lab: {title: "The lab: west", aliases: [labs-west, "on"]}',
        ],
    ),
    "quoted": (
        'keys:\n  team:\n    values:\n      "vision": {}\n',
        ['+      "lab": {}'],
        ['+      "lab": {title: "The lab: west", aliases: [labs-west, "on"]}'],
    ),
    "at the end without a new line": (
        "keys:\n  team:\n    values:\n      vision: {}",
        ["+      lab: {}"],
        ['+      lab: {title: "The lab: west", aliases: [labs-west, "on"]}'],
    ),
    "nothing after the name": (
        "keys:\n  team:\n    values:\n      vision:\n      search:\n  x: {}\n",
        ["+      lab: {}"],
        ['+      lab: {title: "The lab: west", aliases: [labs-west, "on"]}'],
    ),
}
VERSION = ["-version: 1.0.0", "+version: 1.1.0"]


def _changes(before, after):
    lines = difflib.ndiff(before.splitlines(), after.splitlines())
    return [line[0] + line[2:] for line in lines if line[0] in "+-"]


@pytest.mark.parametrize("detailed", [False, True], ids=["plain", "detailed"])
@pytest.mark.parametrize(("body", "plain", "details"), LAYOUTS.values(), ids=LAYOUTS)
@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["lf", "crlf"])
def test_layouts(here, body, plain, details, newline, detailed):
    """Written like its neighbours; comments, blank lines, quotes and line ends stay."""
    path = here / "d.yaml"
    text = (HEAD + body).replace("\n", newline)
    path.write_bytes(text.encode())
    found = propose(path, LAB if detailed else Wanted("team", "lab"), TODAY)
    (changed,) = found.files
    assert changed.before == text
    assert path.read_bytes() == text.encode()  # nothing is written yet
    expected = VERSION + (details if detailed else plain)
    assert sorted(_changes(text.replace("\r\n", "\n"), changed.after.replace("\r\n", "\n"))) == sorted(expected)
    assert changed.after.count("\r\n") == (changed.after.count("\n") if newline == "\r\n" else 0)
    path.write_bytes(changed.after.encode())
    written = load(path, cache=False)
    assert written.digest == found.dictionary.digest
    lab = next(value for value in written.key("team").values if value.value == "lab")
    assert (lab.title, lab.aliases) == (("The lab: west", ("labs-west", "on")) if detailed else ("", ()))


def test_the_shipped_dictionary(here):
    """Long descriptions, flow and block values, comments: two lines change."""
    path = here / "d.yaml"
    text = Path(shipped_path()).read_text("utf-8")
    path.write_text(text)
    (changed,) = propose(path, Wanted("customer-segment", "education"), TODAY).files
    assert _changes(text, changed.after) == ["-version: 1.0.0", "+version: 1.1.0", "+      education: {}"]


TABLE = "\ufeffvalue,title,team,aliases,owner\r\ncc-4100,Research,vision;search,,\r\n"
WITH_TABLE = HEAD + "keys:\n  team: {values: [vision, search]}\n  cost-center: {values_from: centers.csv}\n"


def test_table(here):
    """A row at the end, quoted as CSV wants it; the YAML only gets its version."""
    (here / "d.yaml").write_text(WITH_TABLE)
    (here / "centers.csv").write_bytes(TABLE.encode())
    wanted = Wanted("cost-center", "cc-4110", title="Research, west", relations=(("team", ("vision", "search")),))
    found = propose(here / "d.yaml", wanted, TODAY)
    after = {changed.path.name: changed.after for changed in found.files}
    assert after["centers.csv"] == TABLE + 'cc-4110,"Research, west",vision;search,,\r\n'
    assert after["d.yaml"] == WITH_TABLE.replace("1.0.0", "1.1.0")
    with pytest.raises(InputError, match="the table has no column description"):
        propose(here / "d.yaml", Wanted("cost-center", "cc-4110", description="x"), TODAY)


def test_overlay(here):
    """Where another dictionary is extended, a further value is added to its list and the loosening declared."""
    (here / "base.yaml").write_text(HEAD + "keys:\n  team: {values: [vision]}\n")
    mine = (
        "schema: 1\nname: mine\nversion: 0.1.0\nextends: base.yaml\n# ours\n"
        "requirements:\n  - {id: a, for: all, require: [team]}\n"
    )
    (here / "mine.yaml").write_text(mine)
    with pytest.raises(InputError, match="loosens the dictionary that this one extends"):
        propose(here / "mine.yaml", Wanted("team", "lab"), TODAY)
    wanted = Wanted("team", "lab", reason="new: since May")
    (changed,) = propose(here / "mine.yaml", wanted, TODAY).files
    assert _changes(mine, changed.after) == [
        "-version: 0.1.0",
        "+version: 0.2.0",
        "+keys:",
        "+  team: {add_values: {lab: {}}}",
        "+loosens:",
        '+  - {change: keys.team.values.lab, reason: "new: since May"}',
    ]
    (here / "mine.yaml").write_text(changed.after)
    (again,) = propose(here / "mine.yaml", Wanted("team", "den", reason="also"), TODAY).files
    assert _changes(changed.after, again.after) == [
        "-version: 0.2.0",
        "+version: 0.3.0",
        "-  team: {add_values: {lab: {}}}",
        "+  team: {add_values: {lab: {}, den: {}}}",
        "+  - {change: keys.team.values.den, reason: also}",
    ]


def test_the_version_is_raised_once(here):
    """Compared with what was committed: a second proposal finds it raised."""
    path = here / "d.yaml"
    path.write_text(HEAD + "keys:\n  team: {values: [vision]}\n")
    committed = load(path, cache=False)
    first = propose(path, Wanted("team", "lab"), TODAY, committed)
    path.write_text(first.files[0].after)
    second = propose(path, Wanted("team", "den"), TODAY, committed)
    assert first.dictionary.version == second.dictionary.version == "1.1.0"
    assert "stays 1.1.0" in second.message
    assert propose(path, Wanted("team", "den"), TODAY).dictionary.version == "1.2.0"


def test_message_and_patch(here):
    """Ready to paste: who must approve stands in it."""
    path = here / "d.yaml"
    path.write_text(HEAD + "keys:\n  team: {approvers: [finops], values: [vision]}\n")
    found = propose(path, LAB, TODAY)
    assert found.message == (
        "feat(tags): approve lab as team\n\nThe lab: west.\naliases: labs-west, on\n\nd 1.0.0 -> 1.1.0 (minor).\n"
        "Needs the approval of finops.\n"
    )
    assert found.patch.splitlines()[:2] == ["--- a/d.yaml", "+++ b/d.yaml"]


REFUSED = [
    (Wanted("temas", "lab"), "has no key"),
    (Wanted("x", "lab"), "has no list of values"),
    (Wanted("team", "vision"), "is approved for team already"),
    (Wanted("team", "cv"), 'is an alias of "vision"'),
    (Wanted("team", "Visions"), "is nearly"),
    (Wanted("team", "lab", relations=(("nowhere", ("a",)),)), "no key"),
    (Wanted("team", "lab", aliases=("vision",)), "is itself an approved value"),
    (Wanted("team", "lab", aliases=("cv",)), "already stands for"),
    (Wanted("team", " lab"), "spaces around it"),
    (Wanted("team", ""), "empty"),
    (Wanted("team", "a\u202eb"), "not allowed"),
    (Wanted("team", "a\nb"), "not allowed"),
]


@pytest.mark.parametrize(("wanted", "match"), REFUSED)
def test_refused(here, wanted, match):
    """With the reason, and the file untouched."""
    path = here / "d.yaml"
    text = HEAD + "keys:\n  team: {values: {vision: {aliases: [cv]}}}\n  x: {}\n"
    path.write_text(text)
    with pytest.raises((InputError, DictionaryError), match=match):
        propose(path, wanted, TODAY)
    assert path.read_text() == text


def test_similar_if_both_are_meant(here):
    """A near duplicate on purpose."""
    path = here / "d.yaml"
    path.write_text(HEAD + "keys:\n  team: {values: [vision]}\n")
    assert propose(path, Wanted("team", "visions", similar=True), TODAY).files


def test_aliases_of_yaml_are_left_alone(here):
    """What two keys share is not changed for both."""
    path = here / "d.yaml"
    path.write_text(HEAD + "keys:\n  a: {values: &words [x, y]}\n  team: {values: *words}\n")
    with pytest.raises(DictionaryError, match="is a YAML alias"):
        propose(path, Wanted("team", "z"), TODAY)


def test_what_an_edit_cannot_follow(here):
    """A value over two lines in a list cannot become a key: said so, and nothing is lost."""
    path = here / "d.yaml"
    text = HEAD + "keys:\n  team:\n    values: [vision, batch\n      one]\n"
    path.write_text(text)
    assert propose(path, Wanted("team", "lab"), TODAY).files
    with pytest.raises(DictionaryError, match="an edit cannot follow"):
        propose(path, Wanted("team", "lab", title="The lab"), TODAY)
    assert path.read_text() == text


@pytest.mark.parametrize(
    "text", ["yes", "1.10", "2027-01-01", "a: b", "a #b", "-", "*x", "é", "null", "a b", 'q"q', "x:", "~", "0x1f", "="]
)
def test_scalars_are_read_back_as_text(text):
    """Quoted wherever YAML would see something else."""
    source = Source(f"a: {scalar(text)}\nb: [{scalar(text)}]\n", "x")
    assert source.root.value[0][1].value == text
    assert source.root.value[0][1].tag == "tag:yaml.org,2002:str"
    assert source.root.value[1][1].value[0].value == text


def test_no_edit_no_change():
    """The text itself."""
    assert apply("a: 1\n", []) == "a: 1\n"

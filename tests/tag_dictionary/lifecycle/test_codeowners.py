"""Who owns the files of a dictionary, and whether a CODEOWNERS file says so."""

from __future__ import annotations

import pytest

from tagwright_dictionary.errors import InputError
from tagwright_dictionary.lifecycle.codeowners import codeowners, differences, owners
from tagwright_dictionary.lifecycle.reviews import NO_TEAMS, parse_teams
from tagwright_dictionary.lifecycle.revisions import repository
from tagwright_dictionary.loading import load

TEAMS = parse_teams("finops @alice\nfinance @carol @dave\n", "teams")
TEXT = """\
    schema: 1
    name: d
    version: 1.0.0
    keys:
      owner: {format: email, approvers: [finops]}
      cost-center: {values_from: centers.csv, approvers: [finance, cfo@acme.example, "@acme/money"]}
      model: {}
    """


@pytest.fixture
def found(write, git):
    """owners(teams, org) of a dictionary with a table."""
    write("tags/centers.csv", "value\ncc-1\n")
    path = write("tags/my dictionary.yaml", TEXT)
    place, dictionary = repository(path), load(path)
    return lambda teams, org: (dictionary, owners(dictionary, place, path, teams, org))


def test_codeowners(found):
    """One line a file, the dictionary's own first; who approves a table's key owns the table."""
    assert codeowners(*found(NO_TEAMS, "acme")).splitlines()[1:] == [
        "/tags/my\\ dictionary.yaml @acme/finops @acme/finance cfo@acme.example @acme/money",
        "/tags/centers.csv @acme/finance cfo@acme.example @acme/money",
    ]
    assert "@alice @carol @dave cfo@" in codeowners(*found(TEAMS, ""))
    with pytest.raises(InputError, match="finops is an approver"):
        found(NO_TEAMS, "")


def test_what_is_printed_is_right(found):
    """Alone, after other lines, in another order and case of its owners."""
    dictionary, wanted = found(NO_TEAMS, "acme")
    lines = codeowners(dictionary, wanted)
    assert differences(lines, wanted) == ()
    assert differences(f"* @everyone\n/tags/ @eve # all\n{lines}/docs/ @eve\n", wanted) == ()
    assert differences("/tags/centers.csv @Acme/Money cfo@acme.example @acme/finance\n" + lines, wanted) == ()


WRONG = {
    "nothing": ("", "no line is for /tags/centers.csv"),
    "a later line": ("{lines}* @eve\n", "gives /tags/centers.csv to @eve"),
    "a later line for the folder": ("{lines}/tags/ @eve\n", "gives /tags/centers.csv to @eve"),
    "a later line for the kind": ("{lines}*.csv @eve\n", "gives /tags/centers.csv to @eve"),
    "a later line that takes it away": ("{lines}*.csv\n", "gives /tags/centers.csv to nobody"),
    "one more owner": ("{lines}/tags/centers.csv @acme/finance cfo@acme.example @acme/money @eve\n", "@money @eve"),
    "one owner less": ("{lines}/tags/centers.csv @acme/finance @acme/money\n", "to @acme/finance @acme/money:"),
    "a comment": ("# {lines}", "no line is for /tags/centers.csv"),
    "what GitHub skips": ("!/tags/*\n[t]ags/ @eve\n", "no line is for /tags/centers.csv"),
}


@pytest.mark.parametrize(("text", "told"), WRONG.values(), ids=WRONG)
def test_tampered(found, text, told):
    """Told with the line."""
    dictionary, wanted = found(NO_TEAMS, "acme")
    lines = codeowners(dictionary, wanted)
    broken = text.replace("{lines}", lines.replace("\n", "\n# ") if text.startswith("#") else lines)
    assert told in "\n".join(differences(broken, wanted)).replace("@acme/money @eve", "@money @eve")


def test_any_text_is_read(found):
    """Odd lines match nothing, and break nothing."""
    dictionary, wanted = found(NO_TEAMS, "acme")
    odd = "\\\n\\  \n \n\x00\n/a\\\n" + "x" * 10_000 + " @a\n**\\ @b\n"
    assert differences(odd + codeowners(dictionary, wanted), wanted) == ()

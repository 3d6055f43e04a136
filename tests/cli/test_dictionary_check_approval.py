"""`tagwright dictionary check-approval` in real repositories: a change cannot approve itself."""

from __future__ import annotations

import html
import json
import os
import subprocess
from pathlib import Path

import pytest

from tagwright_cli.main import main

DICTIONARY = """\
schema: 1
name: acme
version: 1.0.0
keys:
  team:
    approvers: ["@alice", finops]
    values:
      vision: {}
      search: {}
  model: {}
requirements:
  - {id: must, for: all, require: [team]}
"""
LAB = ("      search: {}\n", "      search: {}\n      lab: {}\n")
VERSION = ("version: 1.0.0", "version: 1.1.0")
TEAMS = "finops @carol\n"


class World:
    """A repository with a dictionary on main, and a branch that changes it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.git("init", "--quiet", "--initial-branch=main")

    def git(self, *arguments: str, author: str = "Root <root@acme.example>") -> str:
        name, _, email = author.rstrip(">").partition(" <")
        environment = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
        environment |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
        for role in ("AUTHOR", "COMMITTER"):
            environment |= {f"GIT_{role}_NAME": name, f"GIT_{role}_EMAIL": email}
        done = subprocess.run(
            ["git", *arguments], cwd=self.folder, env=environment, capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    def write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def edit(self, *changes: tuple[str, str], name: str = "tags.yaml") -> None:
        text = (self.folder / name).read_text()
        for old, new in changes:
            assert old in text, old
            text = text.replace(old, new)
        self.write(name, text)

    def commit(self, message: str, author: str = "Mallory <mallory@acme.example>") -> str:
        self.git("add", "--all")
        self.git("commit", "--quiet", "-m", message, author=author)
        return self.git("rev-parse", "HEAD")

    def head(self) -> str:
        return self.git("rev-parse", "HEAD")


@pytest.fixture
def world(tmp_path, monkeypatch):
    folder = tmp_path / "repository"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("TAGWRIGHT_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("TAGWRIGHT_TODAY", "2026-11-01")
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.delenv("TAGWRIGHT_DICTIONARY", raising=False)
    made = World(folder)
    made.write("tags.yaml", DICTIONARY)
    made.write(".tagwright.yaml", "dictionary: tags.yaml\n")
    made.write("teams", TEAMS)
    made.write("main.tf", 'resource "aws_s3_bucket" "a" {\n  tags = { team = "search" }\n}\n')
    made.commit("start", "Root <root@acme.example>")
    made.git("checkout", "--quiet", "-b", "side")
    return made


@pytest.fixture
def event(tmp_path, world):
    """event(reviews...): the file of a pull request by mallory, as GitHub writes it, outside the repository."""

    def writer(*reviews, head="", author="mallory", **more):
        sha = head or world.head()
        document = {
            "action": "synchronize",
            "number": 7,
            "pull_request": {
                "number": 7,
                "user": {"login": author, "type": "User"},
                "head": {"ref": "side", "sha": sha, "repo": {"full_name": "acme/tags"}},
                "base": {"ref": "main", "sha": world.git("rev-parse", "main"), "repo": {"full_name": "acme/tags"}},
            },
            "repository": {"full_name": "acme/tags"},
            "sender": {"login": author},
        }
        path = tmp_path / "event.json"
        path.write_text(json.dumps(document | more))
        listed = tmp_path / "reviews.json"
        listed.write_text(json.dumps([_review(number, *each) for number, each in enumerate(reviews, 1)]))
        return ["--event", str(path), "--reviews", str(listed)]

    def _review(number, login, state="APPROVED", commit="", when=""):
        return {
            "id": number,
            "user": {"login": login, "type": "User"},
            "body": "",
            "state": state,
            "commit_id": commit or world.head(),
            "submitted_at": when or f"2026-11-01T10:00:{number:02}Z",
            "pull_request_url": "https://api.github.com/repos/acme/tags/pulls/7",
            "author_association": "MEMBER",
        }

    return writer


def _run(*arguments):
    return main(["dictionary", "check-approval", "--base", "main", "--teams", "teams", *arguments])


def test_approved(world, event, capsys):
    """By an approver, a member of an approving team too; the report says who changed what and who agreed."""
    world.edit(LAB, VERSION)
    world.commit("a lab")
    assert _run(*event(("alice",))) == 0
    out = capsys.readouterr().out
    assert '- "lab" is added, by Mallory' in out
    assert "approved by @alice for @alice or finops" in out
    assert out.splitlines()[-1] == "approved: team signed off."
    assert _run(*event(("Carol",))) == 0


def test_blocked_without_a_word(world, event, capsys):
    """No event, no reviews, a stranger's review: exit 1 and what is missing."""
    world.edit(LAB, VERSION)
    world.commit("a lab")
    for arguments in ([], event(), event(("eve",)), event(("finops",))):
        assert _run(*arguments) == 1
        assert "blocked: team not signed off." in capsys.readouterr().out


def test_nobody_to_ask(world, event, capsys):
    """A key without approvers: told as such, not as signed off."""
    world.edit(("  model: {}", "  model: {title: Model}"))
    world.commit("words")
    assert _run(*event()) == 0
    out = capsys.readouterr().out
    assert "note: nobody has to approve model: these keys name no approvers" in out
    assert out.splitlines()[-1] == "approved: nobody has to sign off."


def test_nothing_changed(world, event, capsys):
    """Other files are not its business."""
    world.edit(("search", "vision"), name="main.tf")
    world.commit("code")
    assert _run(*event()) == 0
    assert "approved: the dictionary did not change." in capsys.readouterr().out


REJECTED = {
    "the author's own": [("mallory",)],
    "dismissed": [("alice", "DISMISSED")],
    "taken back": [("alice",), ("alice", "CHANGES_REQUESTED")],
    "a comment": [("alice", "COMMENTED")],
    "another approver objects": [("alice",), ("carol", "CHANGES_REQUESTED")],
    "an earlier commit": [("alice", "APPROVED", "a" * 40)],
}


@pytest.mark.parametrize("reviews", REJECTED.values(), ids=REJECTED)
def test_what_is_no_approval(world, event, reviews):
    """Exit 1."""
    world.edit(LAB, VERSION)
    world.commit("a lab")
    author = reviews[0][0] if reviews[0][0] == "mallory" else "eve"
    assert _run(*event(*reviews, author=author)) == 1


def test_the_author_is_an_approver(world, event):
    """His word does not count for his own change."""
    world.edit(LAB, VERSION)
    world.commit("a lab")
    assert _run(*event(("alice",), author="alice")) == 1
    assert _run(*event(("alice",), ("carol",), author="alice")) == 0


def test_an_approver_wrote_it_in_a_strangers_pull_request(world, event, capsys):
    """Told by the commit's address."""
    world.edit(LAB, VERSION)
    world.commit("a lab", "Alice <7+alice@users.noreply.github.com>")
    assert _run(*event(("alice",))) == 1
    assert "@alice wrote some of it, and nobody approves his own change" in " ".join(capsys.readouterr().out.split())
    assert _run(*event(("carol",))) == 0


ATTACKS = {
    "names himself approver": [('approvers: ["@alice", finops]', 'approvers: ["@eve"]'), LAB],
    "joins the approvers": [('["@alice", finops]', '["@alice", finops, "@eve"]'), LAB],
    "removes the approvers": [('    approvers: ["@alice", finops]\n', ""), LAB],
    "renames the key": [
        ("  team:", "  squad:"),
        ("require: [team]", "require: [squad]"),
        ('["@alice", finops]', '["@eve"]'),
    ],
    "removes the requirement": [("requirements:\n  - {id: must, for: all, require: [team]}\n", "")],
    "takes a key that nobody has": [("  model: {}", '  model: {approvers: ["@eve"]}')],
    "adds a key of his own": [("  model: {}", '  model: {}\n  more: {approvers: ["@eve"]}')],
    "adds an exemption": [
        (
            "requirements:",
            (
                "exemptions:\n"
                '  - {id: x, reason: r, approver: eve@acme.example, until: 2026-12-31, types: ["*"]}\n'
                "requirements:"
            ),
        )
    ],
    "decides nothing any more": [("version: 1.0.0", "version: 1.0.0\nunknown: ignore")],
}  # fmt: skip


@pytest.mark.parametrize("changes", ATTACKS.values(), ids=ATTACKS)
def test_nobody_appoints_himself(world, event, changes):
    """The approvers are those of main, whatever the change says; with their consent it passes."""
    world.edit(*changes)
    world.commit("mine")
    assert _run(*event(("eve",))) == 1
    both = [("alice",), ("eve",)]
    assert _run(*event(*both), "--in-use", ".", "--allow-similar", "x") == 0


def test_the_teams_file_is_that_of_main(world, event, capsys):
    """Who joins a team by the change itself does not speak for it; a teams file that is new appoints nobody."""
    world.edit(LAB, VERSION)
    world.write("teams", "finops @eve\n")
    world.write("other", "finops @eve\n")
    world.commit("mine")
    assert _run(*event(("eve",))) == 1
    arguments = ["dictionary", "check-approval", "--base", "main", "--teams", "other", *event(("eve",))]
    assert main(arguments) == 2
    assert "a change must not appoint its own approvers" in capsys.readouterr().err


def test_codeowners_decides_nothing(world, event):
    """Whoever it is handed to: the dictionary on main says who approves."""
    world.edit(LAB, VERSION)
    world.write(".github/CODEOWNERS", "* @eve\n")
    world.commit("mine")
    assert _run(*event(("eve",))) == 1


def test_an_older_start_brings_nobody_back(world, event):
    """A branch from before eve was dismissed is approved by those of main today, teams too."""
    world.git("checkout", "--quiet", "main")
    world.edit(('["@alice", finops]', '["@eve", finops]'))
    world.write("teams", "finops @eve\n")
    world.commit("eve approves")
    world.git("checkout", "--quiet", "-b", "late")
    world.edit(LAB, VERSION)
    world.commit("mine")
    assert _run(*event(("eve",))) == 0
    world.git("checkout", "--quiet", "main")
    world.edit(('["@eve", finops]', '["@alice", finops]'))
    world.write("teams", TEAMS)
    world.commit("eve left")
    world.git("checkout", "--quiet", "late")
    assert _run(*event(("eve",))) == 1
    assert _run(*event(("alice",))) == 0


def test_settings_point_elsewhere(world, event, capsys):
    """A change that makes another file the dictionary does not move the check there."""
    world.edit(LAB, VERSION)
    world.write("decoy.yaml", DICTIONARY)
    world.write(".tagwright.yaml", "dictionary: decoy.yaml\n")
    world.commit("mine")
    for arguments in ([], ["--new"]):
        assert _run(*event(("eve",)), *arguments) == 2
        assert "names another dictionary than at main" in capsys.readouterr().err
    assert _run(*event(("eve",)), "--dictionary", "tags.yaml") == 1


def test_nearer_settings_point_elsewhere(world, event, capsys):
    """Nor by a pyproject.toml, which counts first, nor by taking the nearer file away."""
    world.write("pyproject.toml", '[tool.tagwright]\ndictionary = "decoy.yaml"\n')
    world.write("decoy.yaml", DICTIONARY)
    world.commit("mine")
    assert _run(*event(("eve",))) == 2
    assert "pyproject.toml names another dictionary than at main" in capsys.readouterr().err


def test_the_dictionary_moves(world, event, capsys):
    """A file of another name was not there: nothing to compare with, and said so; --new does not help."""
    world.git("mv", "tags.yaml", "moved.yaml")
    world.edit(LAB, VERSION, name="moved.yaml")
    world.commit("mine")
    assert _run(*event(("eve",)), "--dictionary", "moved.yaml") == 2
    assert "is not there at" in capsys.readouterr().err
    assert _run(*event(("eve",)), "--dictionary", "tags.yaml") == 2


def test_new_is_refused_where_it_is_not(world, event, capsys):
    """Left in a job for ever it would make every change the first one."""
    world.edit(LAB, VERSION)
    world.commit("mine")
    assert _run(*event(("eve",)), "--new") == 2
    assert "it is not new" in capsys.readouterr().err


def test_a_branch_from_before_the_dictionary(world, event, capsys):
    """It is new on the branch but not on main."""
    world.git("checkout", "--quiet", "--orphan", "bare")
    world.git("rm", "-rfq", ".")
    world.write("readme", "x")
    root = world.commit("root")
    world.git("checkout", "--quiet", "-b", "trunk")
    world.write("tags.yaml", DICTIONARY)
    world.write("teams", TEAMS)
    world.commit("the dictionary")
    world.git("checkout", "--quiet", "-b", "old", root)
    world.write("tags.yaml", DICTIONARY.replace('"@alice", finops', '"@eve"'))
    world.write("teams", TEAMS)
    world.commit("mine")
    arguments = ["dictionary", "check-approval", "--base", "trunk", "--dictionary", "tags.yaml", *event(("eve",))]
    assert main([*arguments, "--new"]) == 2
    assert main(arguments) == 2
    assert "merge trunk into this branch" in capsys.readouterr().err


def test_first_dictionary(world, event):
    """Its own approvers sign it off."""
    world.write("more/tags.yaml", DICTIONARY)
    world.commit("a second one")
    arguments = [*event(("alice",)), "--dictionary", "more/tags.yaml"]
    assert _run(*arguments, "--new") == 0
    assert _run(*event(("eve",)), "--dictionary", "more/tags.yaml", "--new") == 1


def test_what_is_extended_changes(world, event, capsys):
    """Another file behind the dictionary is its approvers' matter, also where it says the same today."""
    world.git("checkout", "--quiet", "main")
    world.write("base.yaml", DICTIONARY)
    world.write("tags.yaml", "schema: 1\nname: acme\nversion: 1.0.0\nextends: base.yaml\n")
    world.commit("layers")
    world.git("checkout", "--quiet", "-b", "layers")
    world.write("mine/base.yaml", DICTIONARY)
    world.write("tags.yaml", "schema: 1\nname: acme\nversion: 1.0.0\nextends: mine/base.yaml\n")
    world.commit("the same, elsewhere")
    assert _run(*event(("eve",))) == 1
    out = " ".join(capsys.readouterr().out.split())
    assert "the dictionary is made no longer of base.yaml but of mine/base.yaml" in out
    assert _run(*event(("alice",))) == 0


def test_a_table_counts(world, event, capsys):
    """Values that stand in a CSV file are the dictionary too; the file's author is named."""
    world.git("checkout", "--quiet", "main")
    world.edit(("    values:\n      vision: {}\n      search: {}\n", "    values_from: teams.csv\n"))
    world.write("teams.csv", "value\nvision\nsearch\n")
    world.commit("a table")
    world.git("checkout", "--quiet", "-b", "table")
    world.write("teams.csv", "value\nvision\nsearch\nlab\n")
    world.commit("a lab", "Ada <ada@acme.example>")
    assert _run(*event(("eve",))) == 1
    assert '"lab" is added, by Ada' in capsys.readouterr().out


def test_who_changed_what(world, event, capsys):
    """By commit, also where one in between cannot be read, and not who changed it back."""
    world.edit(LAB)
    world.commit("a lab", "Ada <ada@acme.example>")
    world.write("tags.yaml", "nonsense: [")
    world.commit("a slip", "Ben <ben@acme.example>")
    world.write("tags.yaml", DICTIONARY)
    world.edit(LAB, VERSION, ("  model: {}", "  model: {title: The model}"))
    world.commit("mended", "Cy <cy@acme.example>")
    world.edit(("  - {id: must", "  - {id: more, for: [gpu], require: [team]}\n  - {id: must"))
    world.commit("more", "Dora <dora@acme.example>")
    world.edit(("  - {id: more, for: [gpu], require: [team]}\n", ""))
    world.commit("less", "Eli <eli@acme.example>")
    assert _run(*event(("alice",)), "--format", "json") == 0
    found = json.loads(capsys.readouterr().out)
    told = {
        change["path"]: [author["name"] for author in change["changed_by"]]
        for each in found["sign_offs"]
        for change in each["changes"]
    }
    assert told == {"keys.team.values.lab": ["Ada"], "keys.model.title": ["Ben", "Cy"]}


def test_not_committed_yet(world, capsys):
    """Before the commit: a look at what will be asked for, without a pull request."""
    world.edit(LAB, VERSION)
    assert _run() == 1
    assert '- "lab" is added\n' in capsys.readouterr().out


def test_with_an_event_the_commit_counts(world, event, capsys):
    """Not what a job left in the working tree."""
    world.edit(LAB, VERSION)
    world.commit("a lab")
    arguments = event(("eve",))
    world.write("tags.yaml", DICTIONARY)
    assert _run(*arguments) == 1
    assert '"lab" is added' in capsys.readouterr().out


def test_the_event_is_of_what_is_checked_out(world, event, capsys):
    """The head itself, or GitHub's merge of it. Anything else would count approvals of another commit: one more commit,
    or what a merge smuggles in, is not what the reviewers saw.
    """
    world.edit(LAB, VERSION)
    head = world.commit("a lab")
    approved = event(("alice",))
    world.edit(("      lab: {}\n", "      lab: {}\n      den: {}\n"))
    world.commit("one more")
    assert _run(*approved) == 2
    assert f"the event is about the commit {head[:12]}" in capsys.readouterr().err
    world.git("checkout", "--quiet", "--detach", "main")
    world.write("readme", "x")
    world.commit("main goes on")
    world.git("merge", "--quiet", "--no-ff", "-m", "Merge", head)
    assert _run(*approved) == 0
    world.edit(("      lab: {}\n", "      lab: {}\n      den: {}\n"))
    world.git("commit", "--quiet", "--all", "--amend", "-m", "Merge, and more")
    assert _run(*approved) == 0
    out = capsys.readouterr().out
    assert '"lab" is added' in out
    assert "den" not in out  # it is the reviewed commit that is judged


def test_a_change_does_not_bring_its_event_along(world, event, capsys):
    """A tracked file is part of the change, whichever way it is named."""
    world.edit(LAB, VERSION)
    world.commit("a lab")
    paths = event(("alice",))
    world.write("event.json", Path(paths[1]).read_text())
    world.write("reviews.json", Path(paths[3]).read_text())
    (world.folder / "link.json").symlink_to("../event.json")
    assert _run("--event", "event.json", "--reviews", paths[3]) == 0  # written by the job, not committed
    world.commit("and my approval")
    for arguments in (
        ["--event", "event.json"],
        ["--event", "link.json"],
        [*event(("alice",))[:2], "--reviews", "reviews.json"],
    ):
        assert _run(*arguments) == 2
        assert "a change must not bring its own approval" in capsys.readouterr().err


UNREADABLE = {
    "not there": None,
    "empty": "",
    "not JSON": "{",
    "a push": '{"ref": "refs/heads/main"}',
    "not UTF-8": b"\xff\xfe",
    "reviews of another shape": '{"pull_request": 3}',
}


@pytest.mark.parametrize("content", UNREADABLE.values(), ids=UNREADABLE)
def test_an_event_that_cannot_be_read(world, tmp_path, content, capsys):
    """Exit 2, never the verdict of an empty one; the message names the file."""
    world.edit(LAB, VERSION)
    world.commit("a lab")
    path = tmp_path / "odd.json"
    if content is not None:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    assert _run("--event", str(path)) == 2
    assert "odd.json" in capsys.readouterr().err


def test_reviews_of_another_pull_request(world, event, capsys, tmp_path):
    """They say in their address which one they are of."""
    world.edit(LAB, VERSION)
    world.commit("a lab")
    arguments = event(("alice",))
    listed = tmp_path / "reviews.json"
    for other in ("acme/tags/pulls/8", "eve/tags/pulls/7"):
        listed.write_text(Path(arguments[3]).read_text().replace("acme/tags/pulls/7", other))
        assert _run(*arguments) == 2
        assert "not of the one in the event" in capsys.readouterr().err
        event(("alice",))


def test_reviews_need_an_event(world, event, capsys):
    """Nobody else says who the author is."""
    assert _run(*event()[2:]) == 2
    assert "--reviews needs --event" in capsys.readouterr().err


def test_near_duplicates_and_values_in_use(world, event, capsys):
    """Refused whoever approved; looked up in the code that is named."""
    world.edit(("      vision: {}\n", "      vision: {}\n      Visions: {}\n"), ("      search: {}\n", ""), VERSION)
    world.commit("mine")
    assert _run(*event(("alice",)), "--in-use", "main.tf") == 1
    out = " ".join(capsys.readouterr().out.split())
    assert 'team: "Visions" is nearly "vision"' in out
    assert 'team: "search" is removed without a successor, but in use: aws_s3_bucket.a (main.tf:1)' in out
    assert out.endswith("blocked: 1 near duplicate, 1 value removed without a successor.")
    assert _run(*event(("alice",)), "--in-use", "nowhere") == 2


@pytest.mark.parametrize("form", ["text", "json", "markdown"])
def test_hostile_names(world, event, capsys, form):
    """Names of commits and words of the dictionary do nothing in a terminal, a log or a comment."""
    nasty = "<img src=x>|`@everyone`\x1b[31m\n::error::owned"
    world.edit((LAB[0], f"{LAB[0]}      lab: {{title: {json.dumps('<b>|x|</b> `y` ::error::z')}}}\n"), VERSION)
    world.git("add", "--all")
    world.git("commit", "--quiet", "-m", "x", author=f"{nasty.replace(chr(10), ' ').replace('<', '')} <e@acme.example>")
    assert _run(*event(("alice",)), "--format", form) == 0
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert not any(line.lstrip().startswith("::") for line in out.splitlines())
    if form == "json":
        assert json.loads(out)["approved"] is True
    if form == "markdown":
        assert "<b>" not in out
        row = next(line for line in out.splitlines() if line.startswith("| <code>team"))
        assert row.count("|") == 4
        assert not set(row) & set("`@[]!")


def test_markdown_and_output(world, event, tmp_path):
    """For a comment; --output writes the file and prints nothing."""
    world.edit(LAB, VERSION)
    world.commit("a lab")
    target = tmp_path / "comment.md"
    assert _run(*event(("alice",)), "-f", "markdown", "-o", str(target)) == 0
    assert html.unescape(target.read_text()).replace("\u2060", "") == (
        f"### acme 1.0.0 -> 1.1.0, since {world.git('rev-parse', 'main')[:12]}\n\n"
        "**approved: team signed off.**\n\n"
        "| key | sign-off | changes |\n| --- | --- | --- |\n"
        '| <code>team</code> | approved by @alice for @alice or finops | "lab" is added, by Mallory |\n'
    )

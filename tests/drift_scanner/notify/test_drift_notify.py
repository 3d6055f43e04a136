"""Digests through real services' protocols: who is told what, once, and that no tag's value does anything there."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from tests.drift_scanner.report.estate import HOSTILE, LEVELS, NOW, STARTED, History, finding, many, run_of

from tagwright_dictionary.errors import InputError
from tagwright_drift.cells import Cell, CellResult, CellState
from tagwright_drift.history.records import Event, EventKind
from tagwright_drift.notify.channels import Channel, filled, read_channels
from tagwright_drift.notify.dialects import as_text, dialect_of
from tagwright_drift.notify.digest import digest
from tagwright_drift.notify.remembering import Memory
from tagwright_drift.notify.sending import AppriseSender, cannot_write_to, check_address
from tagwright_drift.notify.telling import alarm, digests, tell
from tagwright_drift.notify.watching import missing, span
from tagwright_drift.report.assembling import assemble

CELL = Cell("111122223333", "eu-west-1", "aws_instance")
WHOLE = [CellResult(CELL, CellState.COMPLETE, resources=3)]
VISION, SEARCH = "ml-vision@acme.example", "search@acme.example"


def _data(records, *, cells=WHOLE, new=(), quiet=False):
    """A report of one run; quiet: nothing has a deadline."""
    run = run_of(1, started=STARTED, cells=list(cells), compliant=8.0, non_compliant=2.0)
    history = History([run], list(records), {run.id: [Event(run.id, each, EventKind.NEW, STARTED) for each in new]})
    history.ledger[run.id] = list(cells)
    options = {} if quiet else {"deadlines": LEVELS}
    return assemble(history, now=NOW, tool_version="0", **options)


def _owned(number, owner, **changes):
    tags = (("environment", "prod"), ("owner", owner)) if owner else (("environment", "prod"),)
    return finding(number, tags=tags, **changes)


OVERDUE = _owned(1, VISION, first_seen=NOW - timedelta(hours=80), usd_per_day=2352.0, usd_basis="billed")
SOON = _owned(2, VISION, first_seen=NOW - timedelta(hours=31), usd_per_day=98.0, usd_basis="estimate")
NEW = _owned(3, SEARCH, first_seen=NOW - timedelta(hours=1), severity="warning", classes=())
NOBODY = _owned(4, "", first_seen=NOW - timedelta(hours=80))


def test_a_digest_is_told_urgent_first():
    """Coverage, the share, overdue, due soon, new; each resource a line with its place, its clock and its money."""
    data = _data([OVERDUE, SOON, NEW], new=[NEW.identity, SOON.identity])
    (one,) = digests(data, Channel("all", "json://127.0.0.1"), "https://acme.example/drift")
    assert one.title == "tagwright: 1 overdue, 1 due soon, 1 new"
    lines = [re.sub(r" Fix: .*", "", line) for line in one.body.splitlines()]
    assert lines == [
        "The one cell seen.",
        "80.0% of resources complies.",
        "",
        "Overdue: 1 finding",
        (
            "- trainer-1: cost-center is required on GPU nodes [aws_instance, account 111122223333, eu-west-1] "
            "32 hours over, $2,352 a day."
        ),
        "",
        "Due soon: 1 finding",
        (
            "- trainer-2: cost-center is required on GPU nodes [aws_instance, account 111122223333, eu-west-1] "
            "17 hours left, $98.00 a day (estimate)."
        ),
        "",
        "New: 1 finding",
        "- trainer-3: cost-center is required on GPU nodes [aws_instance, account 111122223333, eu-west-1].",
        "",
        "3 findings open. https://acme.example/drift",
    ]
    fixes = re.findall(r" Fix: (.*)", one.body)
    assert len(fixes) == 3
    assert all(fix.startswith("aws resourcegroupstaggingapi tag-resources --region eu-west-1") for fix in fixes)


def test_one_line_when_nothing_changed():
    """And none at all for a quiet channel; an owner without news is left alone."""
    data = _data([OVERDUE, SOON], quiet=True)
    (one,) = digests(data, Channel("all", "json://h"))
    assert one.body == "Nothing new, nothing due: 2 findings open. The one cell seen."
    assert one.title == "tagwright: nothing new"
    assert digests(data, Channel("all", "json://h", quiet=True)) == ()
    assert digests(data, Channel("all", "json://h", each_owner=True)) == ()


def test_an_incomplete_scan_is_news():
    """Nothing new among what was seen is no reason to be quiet when something was not seen."""
    cells = [*WHOLE, CellResult(replace(CELL, region="us-east-1"), CellState.DENIED, refused_by="scp")]
    (one,) = digests(_data([], cells=cells), Channel("all", "json://h", quiet=True))
    assert one.changed
    assert one.body.splitlines()[0] == "1 of 2 cells seen; 1 not: 1 blocked by policy."


def test_undecided_findings_are_counted_and_alarm_nobody():
    """What is not known is neither overdue nor fine."""
    doubt = _owned(5, VISION, certainty="undecided", first_seen=NOW - timedelta(days=30))
    (one,) = digests(_data([doubt]), Channel("all", "json://h"))
    assert not one.changed
    (one,) = digests(_data([doubt, OVERDUE]), Channel("all", "json://h"))
    assert one.body.splitlines()[-1] == "2 findings open, 1 undecided."


def test_each_owner_gets_their_own(post, tmp_path):
    """Over HTTP: one message an owner, with their findings only; a filter keeps others out."""
    data = _data([OVERDUE, NEW, NOBODY], new=[NEW.identity])
    channels = (
        Channel("owners", f"json://127.0.0.1:{post.port}/owners", each_owner=True),
        Channel("vision", f"json://127.0.0.1:{post.port}/vision", owners=("ml-*",)),
    )
    sent = list(tell(data, channels, AppriseSender(), Memory(tmp_path)))
    assert [(each.channel, each.owner, each.ok) for each in sent] == [
        ("owners", VISION, True),
        ("owners", SEARCH, True),
        ("vision", "", True),
    ]
    told = [(path, body["title"], set(re.findall(r"trainer-\d", body["message"]))) for path, body in post.got]
    assert told == [
        ("/owners", f"tagwright: 1 overdue ({VISION})", {"trainer-1"}),
        ("/owners", f"tagwright: 1 new ({SEARCH})", {"trainer-3"}),
        ("/vision", "tagwright: 1 overdue", {"trainer-1"}),
    ]


def test_nobody_is_told_twice_and_what_failed_is_tried_again(post, tmp_path):
    """The second call sends only what was not taken the first time."""
    data = _data([OVERDUE, NEW], new=[NEW.identity])
    channels = (
        Channel("good", f"json://127.0.0.1:{post.port}/good"),
        Channel("bad", "json://127.0.0.1:1/refused"),
    )
    memory = Memory(tmp_path)
    assert [each.ok for each in tell(data, channels, AppriseSender(), memory)] == [True, False]
    memory.save()
    assert [(each.channel, each.ok) for each in tell(data, channels, AppriseSender(), Memory(tmp_path))] == [
        ("bad", False)
    ]
    assert len(post.got) == 1
    again = list(tell(data, channels[:1], AppriseSender(), Memory(tmp_path), again=True))
    assert [each.ok for each in again] == [True]
    post.status = 500
    assert [each.ok for each in tell(data, channels[:1], AppriseSender(), Memory(tmp_path), again=True)] == [False]


def test_mail_goes_to_owners_of_allowed_domains_only(mail, tmp_path):
    """A spoofed owner tag does not have our reports mailed to himself."""
    port, messages = mail
    spoofed = "thief@evil.example"
    odd = "x@acme.example?cc=thief@evil.example"
    data = _data([OVERDUE, replace(_owned(6, spoofed), first_seen=NOW - timedelta(hours=90)), _owned(7, odd)])
    channel = Channel(
        "mail",
        f"mailto://127.0.0.1:{port}?from=drift@acme.example&to={{owner}}&mode=insecure",
        each_owner=True,
        domains=("ACME.example",),
    )
    sent = {each.owner: each.reason for each in tell(data, (channel,), AppriseSender(), Memory(tmp_path))}
    assert sent == {
        VISION: "",
        spoofed: "evil.example is not among the domains that this channel may write to",
        odd: "the owner is no e-mail address",
    }
    assert [(rcpt, message["Subject"]) for rcpt, message in messages] == [
        ([VISION], f"tagwright: 1 overdue ({VISION})")
    ]
    assert "trainer-1: cost-center is required" in messages[0][1].get_body(("plain", "html")).get_content()


def _hostile():
    """Findings with something hostile in every text, all of them new and overdue."""
    made = []
    for number, text in enumerate(HOSTILE):
        record = _owned(number, "", first_seen=NOW - timedelta(hours=90), name=text, message=f"owner = {text}")
        made.append(replace(record, type=text, region=text, account=text, group=f"asg:{text}"))
    return made


def test_slack_is_given_nothing_that_acts(post, monkeypatch, tmp_path):
    """No mention, no link, no control character: in Slack's own payload, as Apprise posts it."""
    from apprise.plugins.slack import NotifySlack

    monkeypatch.setattr(NotifySlack, "webhook_url", f"http://127.0.0.1:{post.port}/services")
    url = "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/#finops"
    for record in _hostile():
        assert all(each.ok for each in tell(_data([record]), (Channel("s", url),), AppriseSender(), Memory(tmp_path)))
    assert len(post.got) == len(HOSTILE)
    for _, payload in post.got:
        text = payload["attachments"][0]["text"]
        assert not payload["mrkdwn"]
        assert re.search(r"[<>]|&(?!(?:amp|lt|gt);)", text) is None
        assert all(char == "\n" or char.isprintable() for char in text)


@pytest.mark.filterwarnings("ignore:Unverified HTTPS request")  # a certificate that was made a second ago
def test_teams_is_given_nothing_that_acts(tls_post, tmp_path):
    """The card's Markdown has no link, no image and no emphasis of a tag's making."""
    url = f"workflow://127.0.0.1:{tls_post.port}/{'a' * 32}/{'b' * 43}?verify=no"
    for record in _hostile():
        assert all(each.ok for each in tell(_data([record]), (Channel("t", url),), AppriseSender(), Memory(tmp_path)))
    assert len(tls_post.got) == len(HOSTILE)
    for _, payload in tls_post.got:
        (card,) = payload["attachments"]
        text = next(block["text"] for block in card["content"]["body"] if block.get("id") == "body")
        bare = re.sub(r"\\.", "", text)
        assert re.search(r"\]\(|!\[|<|`|\*", bare) is None
        assert all(char == "\n" or char.isprintable() for char in text)


def test_webhooks_get_every_value_on_one_line(post, tmp_path):
    """Lines are ours alone: a value cannot add one."""
    url = f"json://127.0.0.1:{post.port}/"
    for record in _hostile():
        list(tell(_data([record]), (Channel("w", url),), AppriseSender(), Memory(tmp_path)))
    plain = _data([_owned(1, "", first_seen=NOW - timedelta(hours=90))])
    list(tell(plain, (Channel("w", url),), AppriseSender(), Memory(tmp_path), again=True))
    lines = {len(body["message"].splitlines()) for _, body in post.got}
    assert len(lines) == 1


@pytest.mark.parametrize(
    ("url", "text", "shown"),
    [
        ("slack://x", "<!channel> a & b", "&lt;!channel&gt; a &amp; b"),
        ("workflows://x", "[a](b) *c*", "\\[a\\]\\(b\\) \\*c\\*"),
        ("discord://x", "@everyone", "@\u200beveryone"),
        ("json://x", "<a>\n@b", "<a>\\x0a@b"),
        ("mailtos://x", "a\r\nBcc: x", "a\\x0d\\x0aBcc: x"),
    ],
)
def test_dialects(url, text, shown):
    assert dialect_of(url)(text) == shown


def test_a_thousand_findings_are_a_short_digest():
    """Ten of each sort are listed, the rest is counted."""
    (one,) = digests(_data(many(1000)), Channel("all", "json://h"))
    assert len(one.body.splitlines()) < 50
    assert re.search(r"and [\d,]+ more resources", one.body)


GOOD = """
channels:
  - name: finops
    url: ${SLACK}
  - name: owners
    url: mailto://h?to={owner}
    each: owner
    domains: [acme.example]
  - {name: quiet, url: "json://h", owners: ["ml-*"], quiet: true, watch: false}
"""


def test_long_names_do_not_make_a_message_that_is_refused():
    """Teams takes 28 kB: what does not fit is counted."""
    records = [
        finding(number, name="n" * 290, message="m" * 290, type="t" * 100, key=f"k{number}") for number in range(60)
    ]
    data = _data(records)
    made = digest(data, data.items, dialect_of("workflows://x"))
    assert len(made.body.encode()) < 28_000
    listed = sum(line.startswith("- ") for line in made.body.splitlines())
    (rest,) = re.findall(r"and (\d+) more resources", made.body)
    assert (0 < listed < 10, listed + int(rest)) == (True, 60)


@pytest.mark.parametrize(
    ("url", "longest", "parts"),
    [
        ("discord://1234/abcd", 2_000, True),
        ("tgram://123456789:abcdefg_hijklmnop/1", 4_096, True),
        ("slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/", 28_000, False),
        ("workflows://host/workflow/signature/", 28_000, False),
        ("discord://1234/abcd?overflow=truncate", 2_000, False),
    ],
)
def test_short_messages_are_several(url, longest, parts):
    """By Apprise itself, whose classes know what each service takes; where it takes all, it is one."""
    apprise = pytest.importorskip("apprise", reason="the extra 'report' has apprise")
    service = apprise.Apprise.instantiate(as_text(url))
    made = service._apply_overflow("\n".join(["a line of a digest"] * 400), title="title")
    assert all(len(each["body"]) <= longest for each in made)
    assert (len(made) > 1) is parts


def test_the_channels_file(tmp_path):
    """Read as it says; secrets come from the environment."""
    path = tmp_path / "notify.yaml"
    path.write_text(GOOD)
    read = read_channels(path)
    assert read == (
        Channel("finops", "${SLACK}"),
        Channel("owners", "mailto://h?to={owner}", each_owner=True, domains=("acme.example",), watch=False),
        Channel("quiet", "json://h", owners=("ml-*",), quiet=True, watch=False),
    )
    assert filled(read[0], {"SLACK": "slack://a/b/c"}) == "slack://a/b/c"
    with pytest.raises(InputError, match="channel finops: the environment has no SLACK"):
        filled(read[0], {})


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "the file lists no channels"),
        ("channels: []", "the file lists no channels"),
        ("channels: [1]", "channels[0] is no mapping"),
        ("channels: [{name: a}]", "channels[0].url is not a text"),
        ("channels: [{name: a, url: u, every: owner}]", "channels[0] has no field 'every'"),
        ("channels: [{name: a, url: u, each: team}]", "channels[0].each can only be owner"),
        ("channels: [{name: a, url: 'm?{owner}'}]", "names {owner}, but the channel is not for each owner"),
        ("channels: [{name: a, url: 'm?{owner}', each: owner}]", "say to which domains it may"),
        ("channels: [{name: a, url: u}, {name: a, url: u}]", "two channels are named 'a'"),
        ("channels: [{name: a, url: u}]\nextra: 1", "there is no field 'extra'"),
        ("channels: [{name: a, url: u, quiet: 'no'}]", "channels[0].quiet is neither true nor false"),
        ("{", "the channels file cannot be read"),
        ("channels: !!python/object/apply:os.system [x]", "the channels file cannot be read"),
    ],
)
def test_a_channels_file_with_a_mistake(tmp_path, text, says):
    """Said with the place; nothing is sent by half a configuration."""
    path = tmp_path / "notify.yaml"
    path.write_text(text)
    with pytest.raises(InputError) as refused:
        read_channels(path)
    assert says in str(refused.value)


def test_an_address_that_is_none_is_refused_without_being_shown():
    """An address holds a secret."""
    with pytest.raises(InputError) as refused:
        check_address(Channel("x", "nosuch://secret@h"), AppriseSender())
    assert "secret" not in str(refused.value)
    check_address(Channel("x", "mailtos://u:p@smtp.acme.example?to={owner}"), AppriseSender())


@pytest.mark.parametrize(
    ("owner", "reason"),
    [
        ("a@acme.example", ""),
        ("a@ACME.EXAMPLE", ""),
        ("a@sub.acme.example", "sub.acme.example is not among the domains that this channel may write to"),
        ("a@acme.example.evil", "acme.example.evil is not among the domains that this channel may write to"),
        ("team vision", "the owner is no e-mail address"),
        ("a@acme.example,b@evil.example", "the owner is no e-mail address"),
        ("a@acme.example\nb@evil.example", "the owner is no e-mail address"),
        ("", "nobody is known to own these"),
    ],
)
def test_whom_a_tag_may_have_written_to(owner, reason):
    assert cannot_write_to(owner, ("acme.example",)) == reason


def test_the_dead_mans_switch(post):
    """No scan within its time, or only one that was cut off: said, with when the last one was."""
    old = run_of(1, started=NOW - timedelta(days=12), cells=WHOLE)
    hot = run_of(2, started=NOW - timedelta(hours=3), cells=WHOLE, scope="hot")
    cut = replace(run_of(3, started=NOW - timedelta(hours=1), cells=WHOLE), killed=True)
    expected = (("full", timedelta(days=8)), ("hot", timedelta(hours=12)))
    assert missing([hot, replace(old, ended=NOW - timedelta(days=1))], NOW, expected) == ()
    gone = missing([old, hot, cut], NOW, expected)
    assert [each.words(NOW) for each in gone] == [
        "No full scan has ended within 8 days: the last one ended 11 days ago (Sat 14 Nov 2026, 16:11 +01:00)."
    ]
    never = missing([], NOW, expected)
    assert [each.words(NOW) for each in never] == [
        "No full scan has ended within 8 days: there never was one.",
        "No scan of accelerators has ended within 12 hours: there never was one.",
    ]
    assert missing([replace(old, started=NOW, ended=NOW)], NOW, expected) == ()  # a full scan is also a hot one
    channels = (Channel("w", f"json://127.0.0.1:{post.port}/"), Channel("n", "json://127.0.0.1:1", watch=False))
    sent = list(alarm(gone, channels, AppriseSender(), lambda each: each.words(NOW)))
    assert [(each.channel, each.ok) for each in sent] == [("w", True)]
    assert post.got[0][1]["title"] == "tagwright: a scan did not come"


def test_what_is_late_by_hours_does_not_contradict_itself():
    """Both spans are rounded down to days."""
    late = replace(run_of(1, started=NOW, cells=[]), ended=NOW - timedelta(days=8, hours=5))
    (gone,) = missing((late,), NOW, [("full", timedelta(days=8))])
    assert "within 8 days: the last one ended a little longer ago (" in gone.words(NOW)
    (gone,) = missing((late,), NOW + timedelta(days=3), [("full", timedelta(days=8))])
    assert "within 8 days: the last one ended 11 days ago (" in gone.words(NOW + timedelta(days=3))


@pytest.mark.parametrize(("text", "hours"), [("36h", 36), ("8d", 192), ("2w", 336)])
def test_spans(text, hours):
    assert span(text, "--x") == timedelta(hours=hours)


@pytest.mark.parametrize("text", ["", "8", "d", "-1d", "0h", "8 days", "1e9d"])
def test_a_span_that_is_none(text):
    with pytest.raises(InputError, match="is no span of time"):
        span(text, "--full-within")

"""\"Which tags do I need?\": the browser answers as `judge` does, and what it writes passes."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path

import pytest

from tagwright_dictionary.judging import judge
from tagwright_dictionary.loading import load
from tagwright_dictionary.model import Classes, Resource, Tag, Tags, Verdict
from tagwright_dictionary.publishing import Options, publish
from tagwright_dictionary.publishing.browser_patterns import browser_pattern
from tagwright_iac.reading import ReadOptions, read

DATA = Path(__file__).parent / "data"
SHIPPED = Path(__file__).parents[3] / "tag_dictionary" / "tagwright_dictionary" / "data" / "dictionary.yaml"
OPTIONS = Options(date(2026, 11, 23))

RULES = {"missing-tag", "value-not-allowed", "deprecated-value", "mismatched-tags"}
DAYS = ("2026-11-23", "2026-12-31", "2027-01-01", "2027-02-01")

# Values by kind of key: approved, alias, deprecated, ended, not approved, well and badly formed. None is a placeholder
# or spelled with look-alikes: of these the form warns nobody.
SAMPLES = (
    "prod", "production", "dev", "old", "training", "inference", "serving", "platform", "vision", "search", "free",
    "cc-1", "one", "cc-2", "cc-3", "cc-4", "cc-4100", "cc-4110", "cc-4200", "cc-4000", "cc-3900", "cc-9",
    "ml@acme.example", "a.b+c@x-y.example", "ml@evil.example", "@acme.example", "a@b@c.example", "a b@acme.example",
    "2026-02-28", "2026-02-30", "2024-02-29", "0000-01-01", "https://acme.example/x?y#z",
    "https://a@b.example", "ftp://x.example",
    "arn:aws:s3:::bucket", "arn:aws:iam::123456789012:role/x", "arn:x", "-17", "017", "1.5", "ab-cd",
    "abcdefghi", "a--b",
    "A12", "A12.x-1", "xyz", "x1", "A12\n", "x\u00e9", "churn-xgb-2.1", "Churn",
)  # fmt: skip


def cases(dictionary, types, count, seed):
    """Random resources: type, accelerator, tags, day; the same ones every time."""
    chance = random.Random(seed)  # noqa: S311
    keys = [key.name for key in dictionary.keys]
    found = []
    for _ in range(count):
        row = chance.choice(types)
        name = chance.choice([each for each in row[1:5] if each])
        classes = [each for each in row[5] if each != "gpu"]
        if row[6] == 1 or (row[6] == 2 and chance.random() < 0.6):
            classes.append("gpu")
        tags = {}
        for key in chance.sample(keys, chance.randrange(len(keys) + 1)):
            own = [value.value for value in dictionary.key(key).values or ()] + list(dictionary.key(key).examples)
            tags[key] = chance.choice(own) if own and chance.random() < 0.6 else chance.choice(("", *SAMPLES))
        names = [name, *(row[10] if name == row[3] and row[10] else ())]
        found.append({"name": name, "names": names, "classes": classes, "tags": tags, "today": chance.choice(DAYS)})
    return found


def judged(dictionary, case):
    """What `judge` says of it, in the words of the browser."""
    tags = Tags(tuple(Tag(key, value) for key, value in sorted(case["tags"].items())))
    resource = Resource("x", case["name"], classes=Classes(frozenset(case["classes"])), tags=tags)
    found = judge(dictionary, resource, date.fromisoformat(case["today"])).findings
    return sorted([each.rule, each.key, each.severity.value, each.requirement] for each in found if each.rule in RULES)


@pytest.mark.parametrize("source", [DATA / "acme.yaml", DATA / "tricky.yaml", SHIPPED], ids=lambda path: path.stem)
def test_the_browser_answers_as_judge_does(watch, tmp_path, source):
    """On thousands of resources of every kind: the same keys missing, the same values wrong, by the same rules."""
    dictionary = load(source, cache=False)
    publish(dictionary, tmp_path / "site", OPTIONS)
    watched = watch()
    page = watched.open(tmp_path / "site", "needs.html")
    types = page.evaluate("tagwright.tableOf().types")
    grid = cases(dictionary, types, 3_000, source.stem)
    answers = page.evaluate(
        """grid => grid.map(each => tagwright.rules.decide(each).findings
            .map(found => [found.rule, found.key, found.severity, found.requirement]).sort())""",
        grid,
    )
    wrong = [
        (case, judged(dictionary, case), sorted(answer))
        for case, answer in zip(grid, answers, strict=True)
        if judged(dictionary, case) != sorted(answer)
    ]
    assert wrong[:3] == []
    assert watched.is_clean(tmp_path / "site")


TAGS = {
    "owner": "ml-vision@acme.example",
    "cost-center": "cc-4100",
    "workload": "training",
    "team": "vision",
    "project": "doc-search",
    "environment": "prod",
    "business-unit": "research",
    "model": "churn-xgb-2",
}


def test_what_is_pasted_passes(watch, tmp_path):
    """Terraform of every type of the catalogue, read by our own reader and judged: every key is found where it
    belongs, spelled as the cloud wants it, and none is missing.
    """
    dictionary = load(SHIPPED, cache=False)
    publish(dictionary, tmp_path / "site", OPTIONS)
    page = watch().open(tmp_path / "site", "needs.html")
    written = page.evaluate(
        """tags => {
            const table = tagwright.tableOf();
            const pairs = Object.keys(tags).map(key => ({key: key, value: tags[key], open: false}));
            return table.types.map(type => {
                const language = tagwright.snippets.languages(type).find(each => each.id === "terraform");
                return language ? language.write(tagwright.snippets.encoded(pairs, table.clouds[type[0]])) : "";
            }).filter(Boolean);
        }""",
        TAGS,
    )
    assert len(written) > 400
    source = tmp_path / "root"
    source.mkdir()
    (source / "main.tf").write_text("\n".join(written), "utf-8")
    reading = read([str(source)], ReadOptions(cache=False, jobs=1, cwd=tmp_path))
    assert [str(problem) for problem in reading.problems] == []
    judged = {each.type: judge(dictionary, each, date(2026, 11, 23)) for each in reading.resources}
    assert len(judged) == len(written)
    wrong = {
        kind: [(found.rule, found.key, found.message) for found in each.findings]
        for kind, each in judged.items()
        if each.findings or each.verdict is not Verdict.COMPLIANT
    }
    assert wrong == {}


def test_labels_are_judged_as_the_gate_will_see_them(watch, tmp_path):
    """Where a cloud knows labels only, the browser says what `judge` says of the label that it writes."""
    dictionary = load(DATA / "acme.yaml", cache=False)
    publish(dictionary, tmp_path / "site", OPTIONS)
    page = watch().open(tmp_path / "site", "needs.html")
    types = page.evaluate("tagwright.tableOf().types.filter(type => type[0] === 'gcp')")
    grid = cases(dictionary, types, 1_500, "labels")
    answers = page.evaluate(
        """grid => grid.map(each => {
            const cloud = tagwright.tableOf().clouds.gcp;
            const pairs = Object.keys(each.tags).map(key => ({key: key, value: each.tags[key], open: false}));
            const found = tagwright.rules.decide({...each, tags: tagwright.rules.seen(each.tags, cloud)}).findings;
            return [tagwright.snippets.encoded(pairs, cloud).map(pair => [pair.name, pair.value]),
                found.map(each => [each.rule, each.key, each.severity, each.requirement]).sort()];
        })""",
        grid,
    )
    for case, (written, answer) in zip(grid, answers, strict=True):
        tags = Tags(tuple(Tag(key, value) for key, value in sorted(written)))
        resource = Resource("x", case["name"], "google", classes=Classes(frozenset(case["classes"])), tags=tags)
        found = judge(dictionary, resource, date.fromisoformat(case["today"])).findings
        expected = sorted(
            [each.rule, each.key, each.severity.value, each.requirement] for each in found if each.rule in RULES
        )
        assert sorted(answer) == expected, case


@pytest.mark.parametrize(
    "pattern",
    [
        "cc-[0-9]{4}",
        "[a-z0-9]+(-[a-z0-9]+)*",
        "a|bc|",
        r"\d{2,}[^\d_]?",
        r"\w+\.\s\S",
        ".{2}",
        "[]a-]+",
        r"^a$|b$",
        "(?P<n>x)*?",
        r"[\w.-]{1,3}/",
    ],
)
def test_patterns_mean_the_same_in_the_browser(watch, acme_site, pattern):
    """On every short text of the characters that matter: matched here, matched there."""
    import itertools
    import re

    letters = "a1-_.b \n\u00e9x/]c\u2028"
    texts = ["".join(each) for size in range(4) for each in itertools.product(letters, repeat=size)]
    texts += ["cc-4100", "cc-41000", "ab-cd-e", "12", "\U0001f600a", "\U0001f600"]
    source = browser_pattern(pattern)
    assert source
    page = watch().open(acme_site, "index.html")
    found = page.evaluate(
        "([source, texts]) => texts.map(t => new RegExp(`^(?:${source})$`, 'u').test(t))", [source, texts]
    )
    expression = re.compile(pattern, re.ASCII)
    assert [text for text, yes in zip(texts, found, strict=True) if yes != bool(expression.fullmatch(text))] == []


@pytest.mark.parametrize("pattern", ["", r"\bx", "(?i)x", "a(?=b)", "(a)\\1", "[a", "(", "x++"])
def test_a_pattern_with_no_equal_is_not_carried_over(pattern):
    """The page then warns of nothing."""
    assert browser_pattern(pattern) == ""

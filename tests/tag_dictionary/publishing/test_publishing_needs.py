"""\"Which tags do I need?\": the browser answers as `judge` does, and what it writes passes."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tagwright_dictionary.dictionary import Dictionary
from tagwright_dictionary.judging import judge
from tagwright_dictionary.loading import load
from tagwright_dictionary.model import Classes, Resource, Severity, Tag, Tags, Verdict
from tagwright_dictionary.publishing import Options, publish
from tagwright_dictionary.publishing.browser_patterns import browser_pattern
from tagwright_iac.reading import ReadOptions, read

DATA = Path(__file__).parent / "data"
SHIPPED = Path(__file__).parents[3] / "tag_dictionary" / "tagwright_dictionary" / "data" / "dictionary.yaml"
OPTIONS = Options(date(2026, 11, 23))

RULES = {"missing-tag", "placeholder-value", "value-not-allowed", "deprecated-value", "mismatched-tags"}
DAYS = ("2026-11-23", "2026-12-31", "2027-01-01", "2027-02-01")

# Values by kind of key: approved, alias, deprecated, ended, not approved, well and badly formed, pretending. None is
# spelled with look-alikes: of these the form warns nobody.
SAMPLES = (
    "prod", "production", "dev", "old", "training", "inference", "serving", "platform", "vision", "search", "free",
    "cc-1", "one", "cc-2", "cc-3", "cc-4", "cc-4100", "cc-4110", "cc-4200", "cc-4000", "cc-3900", "cc-9",
    "ml@acme.example", "a.b+c@x-y.example", "ml@evil.example", "@acme.example", "a@b@c.example", "a b@acme.example",
    "2026-02-28", "2026-02-30", "2024-02-29", "0000-01-01", "https://acme.example/x?y#z",
    "https://a@b.example", "ftp://x.example",
    "arn:aws:s3:::bucket", "arn:aws:iam::123456789012:role/x", "arn:x", "-17", "017", "1.5", "ab-cd",
    "abcdefghi", "a--b",
    "toString", "valueOf", "constructor", "hasOwnProperty", "A12", "A12.x-1", "xyz", "x1", "A12\n",
    "todo", "TODO: later", "n/a", "N / A", "-", "<owner>", "${var.x}", "a {{x}} b", "__x__", "$x", "[team]", "xxxx",
    "0", "00", "tbd", "T.B.D.", "unset", "aaa", "none", "test@acme.example", "me@example.com", "to-do@x.example",
    "Test", " ", "prod ", "PROD",
    "x\u00e9", "churn-xgb-2.1", "Churn",
)  # fmt: skip


def cases(dictionary, types, count, seed):
    """Random resources: type, accelerator, tags, day; the same ones every time."""
    chance = random.Random(seed)
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


# Texts on both sides of every limit that a cloud has.
LIMIT_TEXTS = (
    "", "a", "A", "prod", "ml@acme.example", "a_b-c", "a b", "a.b", "a/b", "a:b+c=d", "a%b", "a<b", "a?b", "a\\b",
    "-a", "a-", ".a", "a.", "_a", "\u00e9t\u00e9", "\u6771\u4eac", "\u0661", "\u2460", "\u2160", "a\u00a0b", "a\u3000b",
    "a\u0301", "\U0001f600", "a\tb", "\u00df", "\u01c5", "x" * 63, "x" * 64, "\u6771" * 42, "\u6771" * 43, "x" * 128,
    "x" * 129, "x" * 256, "x" * 257, "x" * 317, "x" * 512, "x" * 513, "goog-a", "goog-terraform-provisioned", "aws:a",
    "AWS:a", "azure-a", "Microsoft.a", "windowsx", "acme.example/a", "Acme.Example/a", "a/b/c", "x" * 250 + "/a", "/a",
    "a/", "cost-center", "1a", "a1",
)  # fmt: skip


@pytest.mark.parametrize("cloud", ["aws", "gcp", "azure", "kubernetes"])
def test_the_browser_knows_the_limits_of_each_cloud(watch, acme_site, cloud):
    """Exactly the keys and values that `judge` finds against the cloud's own limits (`invalid-tag`)."""
    page = watch().open(acme_site, "needs.html")
    provider = {"aws": "aws", "gcp": "google", "azure": "azurerm", "kubernetes": "kubernetes"}[cloud]
    kinds = ["aws_s3_bucket", "google_storage_bucket", "azurerm_storage_account", "azurerm_key_vault", "Pod"]
    dictionary = Dictionary("empty", "1.0.0")
    asked = [[kind, key, value] for kind in kinds for key in LIMIT_TEXTS for value in ("v", *LIMIT_TEXTS[::3])]
    asked += [[kinds[0], "k", value] for value in LIMIT_TEXTS]
    said = page.evaluate(
        """([cloud, asked]) => asked.map(each => tagwright.broken(tagwright.tableOf().limits[cloud], [each[0]],
            {name: each[1], value: each[2], annotation: false, open: false}))""",
        [cloud, asked],
    )
    wrong = []
    for (kind, key, value), words in zip(asked, said, strict=True):
        resource = Resource("x", kind, provider, tags=Tags((Tag(key, value),)))
        found = judge(dictionary, resource, date(2026, 11, 23)).findings
        expected = any(each.rule == "invalid-tag" for each in found)
        if expected != bool(words):
            wrong.append((kind, key, value, words, [each.message for each in found]))
    assert wrong[:5] == []
    assert any(said)
    assert not all(said)


def test_what_a_cloud_would_refuse_is_said(watch, tmp_path):
    """An e-mail address is no Kubernetes label: the form says so before it is pasted."""
    source = tmp_path / "plain.yaml"
    source.write_text(
        "schema: 1\nname: plain\nversion: 1.0.0\nkeys: {owner: {format: email}}\n"
        "requirements: [{id: owned, for: all, require: [owner]}]\n"
    )
    publish(load(source, cache=False), tmp_path / "site", OPTIONS)
    for cloud, kind, says in (
        ("kubernetes", "Pod", "the value has characters other than ASCII letters, digits, . _ and - (Kubernetes)."),
        ("aws", "aws_s3_bucket", ""),
    ):
        page = watch().open(tmp_path / "site", f"needs.html#cloud={cloud}&type={kind}&tag.owner=a%40acme.example")
        assert [each.strip() for each in page.locator("#tags .wrong").all_inner_texts()] == ([says] if says else [])


# A resource with and without an accelerator, as Terraform has it: what a gate reads, against the box that is ticked.
MACHINES = (
    ("aws", "aws_instance", 'instance_type = "p5.48xlarge"', True),
    ("aws", "aws_instance", 'instance_type = "t3.micro"', False),
    ("aws", "aws_s3_bucket", "", False),
    ("aws", "aws_lambda_function", "", False),
    ("aws", "aws_sagemaker_notebook_instance", 'instance_type = "ml.g5.xlarge"', True),
    ("aws", "aws_sagemaker_notebook_instance", 'instance_type = "ml.t3.medium"', False),
    ("gcp", "google_compute_instance", 'machine_type = "a3-highgpu-8g"', True),
    ("gcp", "google_compute_instance", 'machine_type = "e2-small"', False),
    ("gcp", "google_storage_bucket", "", False),
    ("azure", "azurerm_linux_virtual_machine", 'size = "Standard_ND96isr_H100_v5"', True),
    ("azure", "azurerm_linux_virtual_machine", 'size = "Standard_B1s"', False),
    ("azure", "azurerm_cognitive_account", 'kind = "OpenAI"', False),
)  # fmt: skip

PURPOSES = {
    "acme": [{"environment": "prod", "workload": "training"}, {"environment": "production", "workload": "serving"},
             {"environment": "prod", "workload": "platform"}, {"workload": "training"}, {}],
    "tricky": [{"env": "prod"}, {"env": "live", "team": "vision"}, {"env": "old"}, {"constructor": "__proto__"}],
    "dictionary": [{"environment": "prod", "workload": "inference"}, {"environment": "dev"}, {}],
}  # fmt: skip


@pytest.mark.parametrize("source", [DATA / "acme.yaml", DATA / "tricky.yaml", SHIPPED], ids=lambda path: path.stem)
def test_the_form_asks_for_what_judge_demands(watch, tmp_path, source):
    """For each machine, purpose and day: the keys shown without a value are those that `judge` finds missing on the
    very resource, read from Terraform, as gravely; those with a value are not missing.
    """
    dictionary = load(source, cache=False)
    publish(dictionary, tmp_path / "site", OPTIONS)
    watched = watch()
    compared = 0
    for number, (cloud, kind, body, gpu) in enumerate(MACHINES):
        for at, purpose in enumerate(PURPOSES[source.stem]):
            day = DAYS[(number + at) % len(DAYS)]
            page = watched.open(tmp_path / "site", _address(cloud, kind, gpu, day, purpose))
            shown = page.evaluate(
                """() => Array.from(document.querySelectorAll('#tags li'), row => [
                    row.querySelector('code').textContent, row.querySelector('.badge').textContent,
                    row.querySelector('select, input')?.value || row.querySelector('.given')?.textContent || ''])"""
            )
            resource = _resource(tmp_path, dictionary, cloud, kind, body, purpose)
            missing = {
                found.key: "required" if found.severity is Severity.ERROR else "recommended"
                for found in judge(dictionary, resource, date.fromisoformat(day)).findings
                if found.rule == "missing-tag"
            }
            given = {key for key, value in purpose.items() if value}
            open_keys = {key: badge for key, badge, value in shown if not value or value == "choose it above"}
            assert open_keys == missing, (kind, gpu, purpose, day)
            assert {key for key, _, _ in shown} - open_keys.keys() <= given
            compared += len(missing)
    assert compared > 50
    assert watched.is_clean(tmp_path / "site")


def _address(cloud, kind, gpu, day, purpose):
    chosen = {"cloud": cloud, "type": kind, "on": day} | ({"gpu": "1"} if gpu else {})
    return f"needs.html#{urlencode(chosen | {f'tag.{key}': value for key, value in purpose.items() if value})}"


def _resource(folder, dictionary, cloud, kind, body, purpose):
    """What a gate reads of such a resource that carries only what was chosen above."""
    encoding = dictionary.encoding(cloud)
    spelled = dict(encoding.keys) if encoding else {}
    tags = "".join(f'    "{spelled.get(key, key)}" = "{value}"\n' for key, value in purpose.items() if value)
    attribute = "labels" if cloud == "gcp" else "tags"
    root = folder / "root"
    root.mkdir(exist_ok=True)
    (root / "main.tf").write_text(f'resource "{kind}" "x" {{\n  {body}\n  {attribute} = {{\n{tags}  }}\n}}\n')
    (resource,) = read([str(root)], ReadOptions(cache=False, jobs=1, cwd=folder)).resources
    return resource

"""The site as a whole: every page, every link, every byte."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import html5lib
import pytest

from tagwright_dictionary.publishing.shell import POLICY

ROOT = Path(__file__).parents[3]
DATA = Path(__file__).parent / "data"


def pages(site):
    return sorted(site.rglob("*.html"))


def document(path):
    """The page, parsed as strictly as browsers never do: any error of HTML fails."""
    parser = html5lib.HTMLParser(strict=False, namespaceHTMLElements=False)
    tree = parser.parse(path.read_text("utf-8"))
    assert [(path.name, error) for error in parser.errors] == []
    return tree


@pytest.fixture(params=["acme_site", "hostile_site"])
def site(request):
    return request.getfixturevalue(request.param)


def test_pages_are_valid(site):
    """Every page parses without an error, has a title, one h1 and a language."""
    for path in pages(site):
        tree = document(path)
        assert tree.get("lang") == "en"
        assert len(tree.findall(".//h1")) == 1, path
        assert tree.find("./head/title").text.strip(), path


def test_titles_tell_pages_apart(acme_site):
    """No two tabs, bookmarks or results of a web search look alike."""
    titles = [document(path).find("./head/title").text for path in pages(acme_site)]
    assert len(titles) == len(set(titles))


def test_ids_are_unique_and_labels_name_something(site):
    """Every id is there once; every label, heading reference and description points to one."""
    for path in pages(site):
        tree = document(path)
        ids = [node.get("id") for node in tree.iter() if node.get("id")]
        assert len(ids) == len(set(ids)), path
        for node in tree.iter():
            for name in ("for", "aria-labelledby", "aria-describedby", "aria-controls"):
                if node.get(name):
                    assert set(node.get(name).split()) <= set(ids), (path, name)


def test_the_policy_is_strict_and_kept(site):
    """Nothing inline, nothing from elsewhere: what the policy forbids is not there either."""
    for path in pages(site):
        tree = document(path)
        policy = tree.find(".//meta[@http-equiv='Content-Security-Policy']")
        assert policy.get("content") == POLICY
        for node in tree.iter():
            if not isinstance(node.tag, str):
                continue
            assert not [name for name in node.attrib if name.startswith("on") or name == "style"], path
            assert node.tag not in ("style", "iframe", "object", "embed", "base"), path
            if node.tag == "script":
                assert node.get("src")
                assert not node.text


def test_every_link_leads_somewhere(site):
    """Each address is a file of the site, each fragment an id on it; only mail leaves."""
    known = {path.relative_to(site).as_posix(): document(path) for path in pages(site)}
    ids = {path: {node.get("id") for node in tree.iter()} for path, tree in known.items()}
    for path, tree in known.items():
        for node in tree.iter():
            for name in ("href", "src"):
                target = node.get(name)
                if target is None or target.startswith("mailto:"):
                    continue
                joined = urlsplit(urljoin(f"http://host/{path}", target))
                assert (joined.scheme, joined.netloc) == ("http", "host"), target
                file = unquote(joined.path.removeprefix("/"))
                assert (site / file).is_file(), (path, target)
                if joined.fragment and file in ids:
                    assert unquote(joined.fragment) in ids[file], (path, target)


def test_nothing_hidden_is_shown(site):
    """No page holds a character that does not print: no direction override, no zero-width letter."""
    for path in pages(site):
        text = path.read_text("utf-8").replace("\n", "")
        assert text.isprintable(), [char for char in text if not char.isprintable()]


def test_hostile_text_is_text(hostile_site):
    """No hostile value made an element or an attribute of its own."""
    for path in pages(hostile_site):
        tree = document(path)
        for node in tree.iter():
            assert node.tag not in ("img", "svg", "textarea", "b", "i"), path
        assert "owned" not in "".join(node.text or "" for node in tree.iter("script"))


def test_what_a_reader_finds_on_a_value(acme_site):
    """Meaning, status, owner, approvers, billing code, who names it, where it is required: all without a script."""
    text = words(acme_site / "values/cost-center/cc-4100.html")
    for expected in (
        "cc-4100 Vision research",
        "Models that are not in a product yet",
        "Status approved",
        "Owner ml-vision@acme.example",
        "Billing code B-17",
        "Approvers finance, cfo-office",
        'Team vision On Google Cloud cost_center = "cc-4100" On Kubernetes acme.example/cost-center: "cc-4100"',
        "accountable-ai-spend blocks on GPU nodes, buckets and functions",
    ):
        assert expected in text, (expected, text)


def test_rows_that_name_a_value_are_said_once(acme_site):
    """What the value's own row says already is not repeated; what only other rows say is there."""
    text = words(acme_site / "values/cost-center/cc-4110.html")
    assert "Team vision Named by Team speech On" in text
    assert "Named by" not in words(acme_site / "values/cost-center/cc-4100.html")


def test_what_a_reader_finds_on_a_deprecated_value(acme_site):
    """Until when, and what to write instead, as a link."""
    page = acme_site / "values/cost-center/cc-4000.html"
    assert "On its way out. Use cc-4100 instead. Accepted through 2027-01-31, refused from the next day." in words(page)
    assert [node.get("href") for node in document(page).findall(".//p[@class='notice']/a")] == [
        "../../values/cost-center/cc-4100.html"
    ]


def test_what_a_reader_finds_on_a_value_that_has_ended(acme_site):
    """Not that it is on its way out."""
    text = words(acme_site / "values/cost-center/cc-3900.html")
    assert "Refused by now. Use cc-4100 instead. It was accepted through 2026-01-31." in text
    assert "Status refused since its last day, 2026-01-31" in text


def test_what_follows_from_a_value(acme_site):
    """A value that decides a rule says which."""
    text = words(acme_site / "values/environment/prod.html")
    assert "requires model on GPU nodes and AI services, where environment is prod and workload is training" in text
    assert "Aliases production prd live refused, with this value suggested" in text


def test_what_a_reader_finds_on_a_key(acme_site):
    """What may be written, who approves, how other clouds spell it, every value."""
    text = words(acme_site / "keys/cost-center.html")
    for expected in (
        "one of 5 approved values",
        "cc-[0-9]{4}",
        "Google Cloud: cost_center",
        "Kubernetes: acme.example/cost-center",
        "cost-center-of-team blocks cost-center must be one that the team names, on every resource",
        "cc-4200 Search search@acme.example B-20",
        "cc-4000 Old research deprecated, until 2027-01-31 B-11",
    ):
        assert expected in text, (expected, text)


def test_a_removed_value_leaves_a_page(acme_site):
    """Its address says since when it is gone and what to use; no list names it."""
    page = acme_site / "values/cost-center/cc-3000.html"
    assert "Not in the dictionary any more. It was removed by version 2.3.0. Use cc-4100 instead." in words(page)
    assert document(page).find(".//meta[@name='robots']").get("content") == "noindex"
    assert "cc-3000" not in (acme_site / "keys/cost-center.html").read_text("utf-8")


def test_a_long_list_is_turned_over(long_site):
    """200 values a page; every value is on exactly one, and has its own at the address that it alone decides."""
    paths = [long_site / "keys/cost-center.html"]
    paths += [long_site / f"pages/cost-center/{number}.html" for number in range(2, 17)]
    assert sorted(long_site.glob("pages/cost-center/*")) == sorted(paths[1:])
    found = [re.findall(r'values/cost-center/(cc-[0-9]{5})\.html"><code>', path.read_text()) for path in paths]
    assert [len(each) for each in found] == [*[200] * 15, 50]
    names = [f"cc-{number:05d}" for number in range(3_050)]
    assert [name for each in found for name in each] == names
    assert {path.stem for path in (long_site / "values/cost-center").iterdir()} == set(names)


def test_the_manifest_lists_every_file_with_its_digest(site):
    """Nothing more and nothing less lies in the folder."""
    manifest = json.loads((site / "manifest.json").read_bytes())
    found = {
        path.relative_to(site).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in site.rglob("*")
        if path.is_file() and path.name != "manifest.json"
    }
    assert manifest["files"] == found
    lines = "".join(f"{value}  {path}\n" for path, value in sorted(found.items()))
    assert manifest["digest"] == hashlib.sha256(lines.encode()).hexdigest()


@pytest.mark.parametrize("seed", ["1", "77"])
def test_the_same_bytes_every_time(acme_site, tmp_path, seed):
    """Neither the order of hashing nor the folder or the hour shows in what is written."""
    code = (
        "from datetime import date; from pathlib import Path\n"
        "from tagwright_dictionary.loading import load\n"
        "from tagwright_dictionary.publishing import Options, Release, publish\n"
        f"folder = Path({str(DATA)!r})\n"
        "now, before, later = (load(folder / f'acme{name}.yaml', cache=False) for name in ('', '_before', '_next'))\n"
        f"publish(now, Path({str(tmp_path / 'site')!r}), Options(date(2026, 11, 23), 'tagwright test'), "
        "[Release(before, date(2026, 9, 1))], coming=Release(later, date(2027, 1, 15)))\n"
    )
    environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": "Pacific/Kiritimati"}
    subprocess.run([sys.executable, "-c", code], check=True, env=environment, timeout=120, cwd=tmp_path)
    assert (tmp_path / "site" / "manifest.json").read_bytes() == (acme_site / "manifest.json").read_bytes()


def test_publishing_needs_no_template_engine():
    """The room stays light: publishing loads nothing that only some gates have."""
    code = (
        "import sys, tagwright_dictionary.publishing; print([m for m in ('jinja2', 'markupsafe') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "[]"


def words(path):
    """What the page's main part says, in one line."""
    return " ".join("".join(ordered(document(path).find(".//main"))).split())


def ordered(node):
    if node.tag in ("button", "noscript"):
        return
    yield node.text or (" " if node.tag == "br" else "")
    for child in node:
        yield from ordered(child)
        yield child.tail or ""
    if node.tag in ("p", "li", "dt", "dd", "td", "th", "h1", "h2", "nav", "div", "span"):
        yield " "

"""The form of "which tags do I need?" in a real Chromium, as somebody fills it in."""

from __future__ import annotations

import pytest
from tests.tag_dictionary.publishing.browsing import DESK, until


def form(watch, site, day="2026-11-23", **options):
    watched = watch(viewport=DESK, **options)
    watched.page.clock.set_fixed_time(f"{day}T12:00:00")
    page = watched.open(site, "needs.html")
    until(page, "document.querySelector('#summary').textContent")
    return watched, page


def wanted(page):
    return [
        (item.locator("code").first.inner_text(), item.locator(".badge").first.inner_text())
        for item in page.locator("#tags li").all()
    ]


def test_which_tags_do_i_need(watch, acme_site):
    """A GPU node in production for training: the tags asked for, and why; then everything filled in, ready to paste."""
    watched, page = form(watch, acme_site)
    assert wanted(page) == [
        ("owner", "required"),
        ("cost-center", "required"),
        ("workload", "required"),
        ("team", "recommended"),
        ("environment", "recommended"),
    ]
    page.get_by_label("Environment", exact=True).select_option("prod")
    page.get_by_label("Workload", exact=True).select_option("training")
    assert ("model", "required") in wanted(page)
    assert "Required by production-names-its-model" in page.locator("#tags li", has_text="model").first.inner_text()
    page.locator("#tags").get_by_label("Owner").fill("ml-vision@acme.example")
    page.locator("#tags").get_by_label("Model").fill("churn-xgb-2.1")
    page.locator("#tags").get_by_label("Team").select_option("vision")
    offered = page.locator("#tags").get_by_label("Cost center").locator("option").all_text_contents()
    assert offered == ["choose …", "cc-4100 · Vision research", "cc-4110 · Vision production"]
    page.locator("#tags").get_by_label("Cost center").select_option("cc-4110")
    assert page.locator("#summary").inner_text() == "4 tags are required, 2 recommended. All have a value."
    assert page.locator("#snippet code").inner_text() == SNIPPET
    until(page, "document.querySelector('#said').textContent.includes('All have a value')")
    assert watched.is_clean(acme_site)


SNIPPET = """\
resource "aws_instance" "example" {
  # ...

  tags = {
    owner       = "ml-vision@acme.example"
    cost-center = "cc-4110"
    workload    = "training"
    model       = "churn-xgb-2.1"
    team        = "vision"
    environment = "prod"
  }

  volume_tags = {
    owner       = "ml-vision@acme.example"
    cost-center = "cc-4110"
    workload    = "training"
    model       = "churn-xgb-2.1"
    team        = "vision"
    environment = "prod"
  }
}
"""


def test_what_was_chosen_can_be_sent_to_a_colleague(watch, acme_site):
    """The address keeps it."""
    watched, page = form(watch, acme_site)
    page.get_by_label("Google Cloud").check()
    page.get_by_label("Kind of resource").select_option("bucket")
    page.get_by_label("Workload", exact=True).select_option("inference")
    page.locator("#tags").get_by_label("Owner").fill("search@acme.example")
    page.locator("#tags").get_by_label("Owner").blur()
    before = page.locator("#snippet code").inner_text()
    assert 'owner       = "search_at_acme_example"' in before
    assert "cost_center" in before
    address = page.url
    other = watch(viewport=DESK)
    other.page.goto(address)
    until(other.page, "document.querySelector('#summary').textContent")
    assert other.page.locator("#snippet code").inner_text() == before
    assert watched.is_clean(acme_site)


@pytest.mark.parametrize(
    ("cloud", "kind", "language", "holds"),
    [
        ("AWS", "gpu", "Terraform default tags", 'provider "aws" {\n  # ...\n\n  default_tags {\n    tags = {'),
        (
            "AWS",
            "bucket",
            "CloudFormation",
            '    Type: AWS::S3::Bucket\n    Properties:\n      # ...\n      Tags:\n        - Key: "owner"',
        ),
        (
            "AWS",
            "function",
            "Pulumi TypeScript",
            'new aws.lambda.Function("example", {\n  // ...\n  tags: {\n    owner: "',
        ),
        (
            "AWS",
            "function",
            "Pulumi Python",
            'pulumi_aws.lambda_.Function(\n    "example",\n    # ...\n    tags={\n        "owner": "',
        ),
        (
            "Google Cloud",
            "bucket",
            "Terraform",
            'resource "google_storage_bucket" "example" {\n  # ...\n\n  labels = {',
        ),
        ("Azure", "function", "Terraform", "  tags = {\n    owner "),
        ("Kubernetes", "gpu", "Kubernetes", 'kind: Deployment\nmetadata:\n  labels:\n    acme.example/cost-center: "'),
    ],
)
def test_each_language(watch, acme_site, cloud, kind, language, holds):
    """What is pasted is in the words of the tool."""
    watched, page = form(watch, acme_site)
    page.get_by_label(cloud, exact=True).check()
    page.get_by_label("Kind of resource").select_option(kind)
    page.get_by_role("button", name=language, exact=True).click()
    assert holds in page.locator("#snippet code").inner_text()
    assert page.get_by_role("button", name=language, exact=True).get_attribute("aria-pressed") == "true"
    assert watched.is_clean(acme_site)


def test_a_wrong_value_is_said_where_it_is_typed(watch, acme_site):
    """The field is marked and described; the gate would refuse it too."""
    watched, page = form(watch, acme_site)
    field = page.locator("#tags").get_by_label("Owner")
    field.fill("ml@evil.example")
    field.blur()
    assert field.get_attribute("aria-invalid") == "true"
    about = page.locator(f"#{field.get_attribute('aria-describedby')}").inner_text()
    assert about.startswith("ml@evil.example is not approved: it must be an e-mail address at acme.example")
    assert watched.is_clean(acme_site)


def test_a_value_that_only_pretends_is_refused(watch, acme_site):
    """`todo` fits the pattern of a model's name; the gate refuses it all the same."""
    watched, page = form(watch, acme_site)
    page.get_by_label("Environment", exact=True).select_option("prod")
    page.get_by_label("Workload", exact=True).select_option("training")
    field = page.locator("#tags").get_by_label("Model")
    field.fill("todo")
    about = page.locator(f"#{field.get_attribute('aria-describedby')}").inner_text()
    assert about.startswith("todo is a placeholder, not a value.")
    field.fill("churn-xgb-2.1")
    assert field.get_attribute("aria-invalid") is None
    assert watched.is_clean(acme_site)


def test_what_would_be_refused_is_not_offered_as_ready(watch, acme_site):
    """The bar above the text and the summary count it; an alias in the address becomes the value it stands for."""
    watched = watch(viewport=DESK)
    page = watched.open(
        acme_site,
        "needs.html#cloud=aws&type=aws_s3_bucket&tag.environment=production&tag.team=vision&tag.cost-center=cc-4200"
        "&tag.owner=x%40evil.example&tag.workload=training",
    )
    until(page, "document.querySelector('#snippet').textContent.includes('prod')")
    assert page.locator("#snippet .bar span").inner_text() == "2 values would be refused"
    assert page.locator("#summary").inner_text().endswith("All have a value. 2 not accepted.")
    assert 'environment = "prod"' in page.locator("#snippet code").inner_text()
    page.locator("#tags").get_by_label("Owner").fill("x@acme.example")
    page.locator("#tags").get_by_label("Cost center").select_option("cc-4100")
    assert page.locator("#snippet .bar span").inner_text() == "complete"
    assert watched.is_clean(acme_site)


def test_values_that_do_not_belong_together(watch, acme_site):
    """It is said which ones do; an address that names a type by any of its names finds it."""
    watched = watch(viewport=DESK)
    page = watched.open(
        acme_site, "needs.html#cloud=kubernetes&type=Deployment&gpu=1&tag.team=vision&tag.cost-center=cc-4200"
    )
    until(page, "Boolean(document.querySelector('#summary').textContent)")
    assert page.get_by_label("Resource type").input_value() == "Deployment"
    field = page.locator("#tags").get_by_label("Cost center")
    about = page.locator(f"#{field.get_attribute('aria-describedby')}").inner_text()
    assert about.startswith(
        "cc-4200 does not go with the other tags (cost-center-of-team): these do: cc-4100, cc-4110. Where finance"
    )
    field.select_option("cc-4110")
    assert page.locator("#snippet code").inner_text() == PODS
    assert watched.is_clean(acme_site)


PODS = """\
kind: Deployment
metadata:
  labels:
    acme.example/cost-center: "cc-4110"
    workload: "<workload>"
    team: "vision"
    environment: "<environment>"
  annotations:
    owner: "<owner>"
spec:
  template:
    metadata:
      labels:
        acme.example/cost-center: "cc-4110"
        workload: "<workload>"
        team: "vision"
        environment: "<environment>"
      annotations:
        owner: "<owner>"
"""


def test_deadlines_follow_the_readers_day(watch, acme_site):
    """A rule that blocks from a day on asks harder on that day."""
    _, page = form(watch, acme_site, day="2026-12-31")
    assert ("team", "recommended") in wanted(page)
    assert "required from 2027-01-01" in page.locator("#tags li").nth(3).inner_text()
    _, page = form(watch, acme_site, day="2027-01-01")
    assert ("team", "required") in wanted(page)
    assert "required from" not in page.locator("#tags").inner_text()


def test_another_day_can_be_asked_about(watch, acme_site):
    """Tomorrow's demands can be read today, and the address keeps the day."""
    watched, page = form(watch, acme_site)
    assert page.get_by_label("On which day?").input_value() == "2026-11-23"
    page.get_by_label("On which day?").fill("2027-01-01")
    assert ("team", "required") in wanted(page)
    assert "this is what is asked on 2027-01-01" in page.locator("#day-about").inner_text()
    assert "on=2027-01-01" in page.url
    field = page.locator("#tags").get_by_label("Cost center")
    page.locator("#tags").get_by_label("Owner").fill("ml@acme.example")
    page = watched.open(acme_site, "needs.html#cloud=aws&type=aws_s3_bucket&on=2027-02-01&tag.cost-center=cc-4000")
    about = page.locator(f"#{field.get_attribute('aria-describedby')}").inner_text()
    assert about.startswith("cc-4000 is deprecated, accepted only through 2027-01-31: use cc-4100.")
    page = watched.open(acme_site, "needs.html#cloud=aws&type=aws_s3_bucket&on=2027-01-31&tag.cost-center=cc-4000")
    assert "accepted through 2027-01-31" in page.locator("#tags").inner_text()
    page = watched.open(acme_site, "needs.html#cloud=aws&type=aws_s3_bucket&on=<b>")
    assert page.get_by_label("On which day?").input_value() == "2026-11-23"
    assert watched.is_clean(acme_site)


def test_what_is_ahead_follows_the_readers_day(watch, acme_site):
    """Badges and rows say when their day has come, whenever the site was made."""
    watched = watch()
    pages = ("requirements.html", "keys/team.html", "index.html")
    for day, says in (("2026-12-31", "from"), ("2027-01-01", "since")):
        watched.page.clock.set_fixed_time(f"{day}T12:00:00")
        found = [watched.open(acme_site, path).locator("[data-from]").first.inner_text() for path in pages]
        assert found == [f"{what} {says} 2027-01-01" for what in ("blocks", "required", "required")]
        page = watched.open(acme_site, "ahead.html")
        begun = [each for each in page.locator(".begun").all_inner_texts() if each]
        assert begun == ([] if says == "from" else ["this day has come"])
    assert watched.is_clean(acme_site)


def test_a_type_that_the_list_does_not_have(watch, acme_site):
    """Its name may be typed: the rules for everything, and those that name it, apply."""
    watched, page = form(watch, acme_site)
    page.get_by_label("Resource type").select_option("")
    page.get_by_label("Name of the type").fill("aws_brand_new_thing")
    page.get_by_label("Name of the type").blur()
    assert wanted(page) == [("team", "recommended"), ("environment", "recommended")]
    assert 'resource "aws_brand_new_thing" "example"' in page.locator("#snippet code").inner_text()
    assert watched.is_clean(acme_site)


def test_copying(watch, acme_site):
    """The button puts the text on the clipboard, also from a disk, and says so."""
    watched, page = form(watch, acme_site, permissions=["clipboard-read", "clipboard-write"])
    page.locator("#snippet .copy").click()
    until(page, "/Copied/.test(document.querySelector('#said').textContent)")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.rstrip() == page.locator("#snippet code").inner_text().rstrip()
    assert watched.is_clean(acme_site)

"""What every gate judges: resources, their tags with unknowns, and what of them is billed.

Frozen, slotted dataclasses with tuples inside; pure standard library, because `judge` travels inside the Checkov
bundle. Readers build `Resource`; `judge` turns it into a `Judgement`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Location:
    """A place in a file. `path` is POSIX and relative to the working directory where possible; lines and columns
    count from 1; 0 means not known.
    """

    path: str
    line: int = 0
    column: int = 0
    end_line: int = 0

    def __str__(self) -> str:
        if not self.line:
            return self.path
        return f"{self.path}:{self.line}:{self.column}" if self.column else f"{self.path}:{self.line}"


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value that cannot be known here. `cause` says why in words ("var.tags has no value here"); `hint` how to
    decide it ("pass --var-file, or check the plan").
    """

    cause: str
    hint: str = ""


TagValue = str | Unknown


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a tag was written. `kind`: resource | module-argument | variable | local | default_tags | propagated |
    stack | plan | live. `name` is the construct in the source's own words ("local.common", "provider.aws.west").
    """

    kind: str
    name: str = ""
    location: Location | None = None


@dataclass(frozen=True, slots=True)
class Tag:
    """One tag. A `sensitive` value is judged like any other but never printed."""

    key: str
    value: TagValue
    origin: Origin | None = None
    sensitive: bool = False


@dataclass(frozen=True, slots=True)
class Tags:
    """A set of tags. `complete` False: further keys may exist that cannot be seen, for the reason `cause`.
    Keys are unique and exact (case-sensitive); `items` are sorted by key.
    """

    items: tuple[Tag, ...] = ()
    complete: bool = True
    cause: Unknown | None = None

    def get(self, key: str) -> Tag | None:
        for tag in self.items:
            if tag.key == key:
                return tag
        return None

    def keys(self) -> tuple[str, ...]:
        return tuple(tag.key for tag in self.items)


NO_TAGS = Tags()


@dataclass(frozen=True, slots=True)
class Bill:
    """One thing that costs money and the tags that reach it.

    `what` names it ("instances", "root volume", "function"). `own` True: the thing billed is the resource itself and
    `tags` are its own tags; a resource with no `own` bill only carries tags for others (a launch template, a group).
    `broken_hop` says, where tags can stop on the way, what stops them ("tag blocks without propagate_at_launch =
    true"), and `fix` what to write so that they get through.
    """

    what: str
    tags: Tags
    own: bool = False
    broken_hop: str = ""
    fix: str = ""


@dataclass(frozen=True, slots=True)
class Classes:
    """Classes of the catalogue, three-valued: `certain` are proven, `possible` depend on something unknown (class
    name and the cause); every other class is excluded.
    """

    certain: frozenset[str] = frozenset()
    possible: tuple[tuple[str, Unknown], ...] = ()


@dataclass(frozen=True, slots=True)
class Suppression:
    """An inline `# tagwright:ignore[...]` as the reader found it; the gate decides whether it is honoured.
    `rules`/`keys` come from the bracket in source order (`items`); `raw` is the comment's text.
    """

    items: tuple[str, ...]
    until: str | None
    reason: str | None
    location: Location
    raw: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource as a reader understood it.

    address       the source's own name for it (Terraform address with module path and instance key)
    type          the source's type (`aws_instance`, `AWS::EC2::Instance`, `aws:ec2/instance:Instance`)
    provider      aws | awscc | google | google-beta | azurerm | azapi | kubernetes | ... ("" when not known)
    framework     terraform | terraform-plan | cloudformation | kubernetes | pulumi | live | ...
    taggable      True, False, or None when the type is in no table (`note` then says so)
    exists        None, or why it is unknown whether (or how often) the resource exists at all
    location      the block that declares it
    tag_location  where its tags are written or would be written (for excerpts and SARIF)
    attributes    (path, values) pairs the catalogue asked for: what it is made of, for messages
    scope         the root directory or document set, POSIX relative to the project: separates equal addresses
    sources       every file whose content had a part in its tags (sorted)
    block         address without instance keys: instances of one block share it
    instance_key  the key as Terraform prints it (`"a"`, `0`), "" when there is none
    """

    address: str
    type: str
    provider: str = ""
    framework: str = "terraform"
    taggable: bool | None = True
    classes: Classes = Classes()
    tags: Tags = NO_TAGS
    bills: tuple[Bill, ...] = ()
    location: Location | None = None
    tag_location: Location | None = None
    attributes: tuple[tuple[str, tuple[TagValue, ...]], ...] = ()
    instance_key: str = ""
    block: str = ""
    scope: str = ""
    sources: tuple[str, ...] = ()
    suppressions: tuple[Suppression, ...] = ()
    account: str = ""
    exists: Unknown | None = None
    note: str = ""


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Certainty(StrEnum):
    DEFINITE = "definite"
    UNDECIDED = "undecided"


class Verdict(StrEnum):
    COMPLIANT = "compliant"
    NON_COMPLIANT = "non-compliant"
    UNDECIDED = "undecided"
    EXEMPT = "exempt"
    NOT_APPLICABLE = "not-applicable"


@dataclass(frozen=True, slots=True)
class Finding:
    """One broken rule on one resource and key.

    `requirement` is the id of the requirement behind it ("" for rules of the dictionary as a whole); `cause` is set
    when `certainty` is undecided. `value` is None when there is none, it is unknown or it is sensitive.
    `suggestions` are ready to paste, best first. `fingerprint` survives line moves.
    """

    rule: str
    severity: Severity
    address: str
    type: str
    message: str
    key: str = ""
    value: str | None = None
    certainty: Certainty = Certainty.DEFINITE
    cause: Unknown | None = None
    requirement: str = ""
    help: str = ""
    suggestions: tuple[str, ...] = ()
    location: Location | None = None
    fingerprint: str = ""

    @property
    def sort_key(self) -> tuple[str, int, int, str, str, str, str]:
        where = self.location or Location("")
        return (where.path, where.line, where.column, self.address, self.rule, self.key, self.message)


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict on one resource with its findings (sorted). `note` explains a not-applicable or exempt verdict."""

    resource: Resource
    verdict: Verdict
    findings: tuple[Finding, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that could not be read: it spoils "clean" (exit 2)."""

    path: str
    reason: str
    line: int = 0
    column: int = 0
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader made of its input: every resource, every file seen, every problem, in a stable order."""

    resources: tuple[Resource, ...] = ()
    files: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    suppressions: tuple[Suppression, ...] = ()
    notes: tuple[str, ...] = field(default=())

"""Whether a regular expression can be trusted with hostile input, decided without running it.

The judge uses the standard library's backtracking engine, so a pattern like `(a+)+b` could hang every gate. The
pattern is turned into its position automaton (Glushkov), in which each way through the pattern is one path. Then all
inputs are explored at once: a set of positions, each with the number of ways to be there. What a backtracking matcher
can try on an input is bounded by those numbers, so a pattern is safe when they stay small on every input. Nested
quantifiers, ambiguous alternatives under a star and overlapping neighbours (`a*a*`) all make them grow; ordinary
patterns stay at one or two.
"""

from __future__ import annotations

import re
import warnings
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from re import _constants, _parser  # type: ignore[attr-defined]  # the only parser that reads what `re` reads
from typing import Any

MAX_LENGTH = 512
"""Characters of a pattern."""

MAX_GROUPS = 60
MAX_REPEAT = 1_000
MAX_POSITIONS = 2_000
"""Characters a pattern could match at most, repeats written out."""

MAX_WAYS = 5_000
"""Ways through a loop-free pattern that are few enough without a closer look."""

MAX_COST = 400
"""Steps one further character of input may cost."""

MAX_STATES = 20_000
MAX_WORK = 400_000
# Bounds of the exploration itself: half a second at worst. A pattern that exceeds them is refused.

_ASCII = 128
_DIGIT = frozenset(range(ord("0"), ord("9") + 1))
_WORD = _DIGIT | frozenset(range(ord("a"), ord("z") + 1)) | frozenset(range(ord("A"), ord("Z") + 1)) | {ord("_")}
_SPACE = frozenset(map(ord, " \t\n\r\f\v"))
_UNLIMITED = int(_constants.MAXREPEAT)

_REFUSED = {
    "ASSERT": "look-ahead and look-behind ((?=...), (?!...)) are not supported",
    "ASSERT_NOT": "look-ahead and look-behind ((?=...), (?!...)) are not supported",
    "GROUPREF": "back-references are not supported",
    "GROUPREF_EXISTS": "conditional groups are not supported",
    "ATOMIC_GROUP": "atomic groups are not supported",
    "POSSESSIVE_REPEAT": "possessive quantifiers are not supported",
}


_State = tuple[tuple[int, int], ...]


class UnsafePatternError(ValueError):
    """Why a pattern is refused, as a sentence without a capital letter."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """`problem` is why a pattern is refused, "" when it is safe; `work` what finding out has cost, in steps."""

    problem: str
    work: int = 1_000


def problem(pattern: str) -> str:
    """Why `pattern` is refused; "" when it is safe to match whole values with `re.compile(pattern, re.ASCII)`."""
    return examine(pattern).problem


@lru_cache(maxsize=256)
def examine(pattern: str) -> Verdict:
    """The verdict on one pattern, in bounded time."""
    if refusal := _unreadable(pattern):
        return Verdict(refusal)
    parsed = _parsed(pattern)
    automaton = _Automaton()
    try:
        ways = _ways(parsed)
        positions = _positions(parsed)
        if positions > MAX_POSITIONS:
            return Verdict(f"its repeats can match {positions:,} characters, at most {MAX_POSITIONS:,} are accepted")
        if ways is not None and ways <= MAX_WAYS:
            return Verdict("")
        automaton.work = positions * 100
        automaton.start = automaton.build(parsed).first
        automaton.explore()
    except UnsafePatternError as error:
        return Verdict(str(error), automaton.work)
    except RecursionError:
        return Verdict("it is nested too deeply")
    return Verdict("", automaton.work)


def _parsed(pattern: str) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # `[[` may come to mean something else: here it does not
        re.compile(pattern, re.ASCII)
        return _parser.parse(pattern, re.ASCII)


def _unreadable(pattern: str) -> str:
    if len(pattern) > MAX_LENGTH:
        return f"it has {len(pattern)} characters, at most {MAX_LENGTH} are accepted"
    if pattern.count("(") > MAX_GROUPS:  # the standard parser recurses: do not depend on how deep the caller is
        return f"it has more than {MAX_GROUPS} groups"
    try:
        parsed = _parsed(pattern)
    except re.error as error:
        where = "" if error.pos is None else f" at character {error.pos + 1}"
        return f"it is not a regular expression: {error.msg}{where}"
    except (OverflowError, RecursionError, ValueError) as error:
        return f"it is not a usable regular expression: {type(error).__name__}"
    if parsed.state.flags & ~(re.ASCII | re.UNICODE):
        return "inline flags such as (?i) are not supported: values are compared as they are written"
    return ""


def _ways(tree: Any) -> int | None:
    """Paths through a loop-free tree whatever the input, nullable repeats included; None when there is a loop."""
    total = 1
    for operator, argument in tree:
        name = str(operator)
        part: int | None = 1
        if name in _REFUSED:
            raise UnsafePatternError(_REFUSED[name])
        if name == "SUBPATTERN":
            part = _ways(argument[3])
        elif name == "BRANCH":
            counts = [_ways(branch) for branch in argument[1]]
            part = None if None in counts else sum(count for count in counts if count is not None)
        elif name in ("MAX_REPEAT", "MIN_REPEAT"):
            low, high, body = argument
            inner = _ways(body)
            if inner is None or high == _UNLIMITED or high > MAX_REPEAT:
                part = None
            elif inner == 1:
                part = high - low + 1
            else:
                part = min(sum(inner**count for count in range(low, min(high, 40) + 1)), MAX_WAYS + 1)
                part = MAX_WAYS + 1 if high > 40 else part
        if part is None:
            _refuse_deeper(tree)
            return None
        total = min(total * part, MAX_WAYS + 1)
    return total


def _refuse_deeper(tree: Any) -> None:
    """Raises for what is refused wherever it stands; `_ways` may stop before it sees everything."""
    for operator, argument in tree:
        name = str(operator)
        if name in _REFUSED:
            raise UnsafePatternError(_REFUSED[name])
        if name == "SUBPATTERN":
            _refuse_deeper(argument[3])
        elif name == "BRANCH":
            for branch in argument[1]:
                _refuse_deeper(branch)
        elif name in ("MAX_REPEAT", "MIN_REPEAT"):
            _refuse_deeper(argument[2])


def _positions(tree: Any) -> int:
    total = 0
    for operator, argument in tree:
        match str(operator):
            case "SUBPATTERN":
                if argument[1] or argument[2]:
                    raise UnsafePatternError("inline flags such as (?i:...) are not supported")
                total += _positions(argument[3])
            case "BRANCH":
                total += sum(_positions(branch) for branch in argument[1])
            case "MAX_REPEAT" | "MIN_REPEAT":
                low, high, body = argument
                if low > MAX_REPEAT or (high != _UNLIMITED and high > MAX_REPEAT):
                    raise UnsafePatternError(f"it repeats more than {MAX_REPEAT:,} times")
                total += _positions(body) * max(low + 1 if high == _UNLIMITED else high, 1)
            case "AT":
                if str(argument) in ("AT_BOUNDARY", "AT_NON_BOUNDARY"):
                    raise UnsafePatternError("word boundaries (\\b, \\B) are not supported")
            case _:
                total += 1
    return total


class _Part:
    """A piece of the pattern: can it be empty, and in how many ways is a position its first or last."""

    __slots__ = ("empty", "first", "last")

    def __init__(self, *, empty: bool, first: Counter[int] | None = None, last: Counter[int] | None = None) -> None:
        self.empty = empty
        self.first: Counter[int] = first if first is not None else Counter()
        self.last: Counter[int] = last if last is not None else Counter()


class _Automaton:
    def __init__(self) -> None:
        self.classes: list[tuple[Any, Any]] = []  # the parser's item of each position
        self.follow: list[Counter[int]] = []
        self.start: Counter[int] = Counter()
        self.work = 1_000

    def build(self, tree: Any) -> _Part:
        whole = _Part(empty=True)
        for operator, argument in tree:
            match str(operator):
                case "SUBPATTERN":
                    part = self.build(argument[3])
                case "BRANCH":
                    part = self._branch([self.build(branch) for branch in argument[1]])
                case "MAX_REPEAT" | "MIN_REPEAT":
                    part = self._repeat(*argument)
                case "AT":
                    part = _Part(empty=True)  # an anchor only removes ways
                case _:
                    self.classes.append((operator, argument))
                    self.follow.append(Counter())
                    position = Counter({len(self.classes) - 1: 1})
                    part = _Part(empty=False, first=position, last=position)
            whole = self._join(whole, part)
        return whole

    def _join(self, left: _Part, right: _Part) -> _Part:
        self._link(left.last, right.first)
        return _Part(
            empty=left.empty and right.empty,
            first=left.first + right.first if left.empty else left.first,
            last=right.last + left.last if right.empty else right.last,
        )

    def _link(self, sources: Counter[int], targets: Counter[int]) -> None:
        for source, ways in sources.items():
            follow = self.follow[source]
            for target, more in targets.items():
                follow[target] += ways * more

    @staticmethod
    def _branch(parts: list[_Part]) -> _Part:
        if sum(part.empty for part in parts) > 1:
            raise UnsafePatternError("several alternatives of one group can be empty")
        first, last = Counter[int](), Counter[int]()
        for part in parts:
            first, last = first + part.first, last + part.last
        return _Part(empty=any(part.empty for part in parts), first=first, last=last)

    def _repeat(self, low: int, high: int, body: Any) -> _Part:
        if high == 0:
            return _Part(empty=True)
        whole = _Part(empty=True)
        for _ in range(low):
            whole = self._join(whole, self._body(body, low, high))
        if high == _UNLIMITED:
            loop = self._body(body, low, high)
            self._link(loop.last, loop.first)
            return self._join(whole, _Part(empty=True, first=loop.first, last=loop.last))
        # X{0,3} is (X(X(X)?)?)?: one way to be empty, and each copy is followed by the next one only.
        optional = _Part(empty=True)
        for _ in range(high - low):
            copy = self._body(body, low, high)
            joined = self._join(copy, optional)
            optional = _Part(empty=True, first=joined.first, last=joined.last)
        return self._join(whole, optional)

    def _body(self, body: Any, low: int, high: int) -> _Part:
        part = self.build(body)
        if part.empty and (low, high) != (1, 1):
            raise UnsafePatternError("a group that can be empty is repeated, as in (a*)*")
        return part

    def explore(self) -> None:
        """Walks every input at once. Raises UnsafePatternError as soon as the ways become many."""
        letters = self._alphabet()
        accepts: list[list[int]] = [[] for _ in self.classes]
        for index, letter in enumerate(letters):
            for position in letter:
                accepts[position].append(index)
        # A state is what the next character is tried on: positions, with the number of ways to come to try them.
        first = tuple(sorted(self.start.items()))
        seen = {first}
        waiting = [first]
        while waiting:
            state = waiting.pop()
            if sum(ways for _, ways in state) > MAX_COST:
                raise UnsafePatternError(
                    "it could take very long on some values, because the same text can be matched in many ways "
                    "(nested or neighbouring quantifiers, or alternatives, that overlap)"
                )
            for following in self._step(state, accepts):
                if following not in seen:
                    seen.add(following)
                    waiting.append(following)
            if self.work > MAX_WORK or len(seen) > MAX_STATES:
                raise UnsafePatternError("it is too complicated to prove that it is fast on every value")

    def _step(self, state: _State, accepts: list[list[int]]) -> list[_State]:
        by_letter: dict[int, Counter[int]] = {}
        for position, ways in state:
            for letter in accepts[position]:
                target = by_letter.setdefault(letter, Counter())
                for following, more in self.follow[position].items():
                    target[following] += ways * more
                self.work += len(self.follow[position]) + 1
        return [tuple(sorted(target.items())) for target in by_letter.values() if target]

    def _alphabet(self) -> list[frozenset[int]]:
        """The characters that matter: for each kind of character, the positions that accept it."""
        distinct: dict[str, Any] = {}
        members: dict[str, list[int]] = {}
        for position, (operator, argument) in enumerate(self.classes):
            name = repr((operator, argument))
            distinct[name] = (operator, argument)
            members.setdefault(name, []).append(position)
        cuts = {_ASCII}
        for operator, argument in distinct.values():
            cuts.update(_cuts(operator, argument))
        samples = [*range(_ASCII), *sorted(cut for cut in cuts if _ASCII <= cut <= 0x10FFFF)]
        letters = set()
        for sample in samples:
            positions: list[int] = []
            for name, (operator, argument) in distinct.items():
                if _accepts(operator, argument, sample):
                    positions += members[name]
            if positions:
                letters.add(frozenset(positions))
        return sorted(letters, key=sorted)


def _cuts(operator: Any, argument: Any) -> set[int]:
    """Where membership can change: between two neighbouring cuts every character is treated alike."""
    match str(operator):
        case "LITERAL" | "NOT_LITERAL":
            return {argument, argument + 1}
        case "RANGE":
            return {argument[0], argument[1] + 1}
        case "IN":
            return {cut for item in argument for cut in _cuts(*item)}
        case _:
            return set()


def _accepts(operator: Any, argument: Any, char: int) -> bool:
    match str(operator):
        case "LITERAL":
            return bool(char == argument)
        case "NOT_LITERAL":
            return bool(char != argument)
        case "ANY":
            return char != 10  # a line feed
        case "RANGE":
            return bool(argument[0] <= char <= argument[1])
        case "CATEGORY":
            return _in_category(str(argument), char)
        case "IN":
            items = [item for item in argument if str(item[0]) != "NEGATE"]
            return any(_accepts(kind, detail, char) for kind, detail in items) == (len(items) == len(argument))
        case other:
            raise UnsafePatternError(f"{other.lower()} is not supported")


def _in_category(name: str, char: int) -> bool:
    positive = name.replace("_NOT_", "_")
    members = {"CATEGORY_DIGIT": _DIGIT, "CATEGORY_WORD": _WORD, "CATEGORY_SPACE": _SPACE}[positive]
    return (char in members) == (positive == name)

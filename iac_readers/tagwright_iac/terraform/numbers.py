"""Terraform's numbers: big binary floats, exactly.

A number is a `big.Float` of Go: 512 bits of mantissa when it was written or parsed, 64 when Terraform counted it
(`length`, an index), 53 when it came out of floating point (`pow`, `log`). The precision decides where a division is
rounded and how many digits are printed, so it is kept: a plain `int` or `Fraction` has 512 bits, `CountedInt` and
`CountedFraction` carry another precision. Numbers beyond 10 to the power of 1500 are refused (LimitError).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from tagwright_iac.terraform.values import NEGATIVE_ZERO, EvalError, LimitError, NegativeZero, Number

FULL = 512
COUNTED = 64
DOUBLE = 53
_MAX_BITS = 5000
_MAX_TEXT = 4000
_LITERAL = re.compile(r"([+-]?)(?:([0-9]+)(?:\.([0-9]*))?|\.([0-9]+))(?:([eEpP])([+-]?[0-9]+))?", re.ASCII)


class CountedInt(int):
    """A whole number of another precision than 512 bits."""

    precision: int = COUNTED


class CountedFraction(Fraction):
    """A fraction of another precision than 512 bits."""

    __slots__ = ("precision",)
    precision: int


def is_number(value: object) -> bool:
    """Whether a `Value` is a number (a bool is none)."""
    return isinstance(value, int | Fraction) and not isinstance(value, bool)


def precision(number: Number) -> int:
    """Bits of mantissa of `number`."""
    return number.precision if isinstance(number, CountedInt | CountedFraction) else FULL


def counted(number: int) -> int:
    """`number` as Terraform counts: a 64-bit integer, 64 bits of mantissa."""
    return _tagged_int(number, COUNTED)


def from_float(number: float) -> Number:
    """A finite double as Terraform keeps it: 53 bits of mantissa."""
    if number == 0:
        return NEGATIVE_ZERO if str(number) == "-0.0" else _tagged_int(0, DOUBLE)
    top, bottom = number.as_integer_ratio()
    return rounded(top, bottom, DOUBLE)


def to_float(number: Number) -> float:
    """The nearest double. Raises EvalError when it would be infinite."""
    if isinstance(number, NegativeZero):
        return -0.0
    try:
        return float(number)
    except OverflowError:
        raise EvalError("value must be between -1.797693e+308 and 1.797693e+308 inclusive") from None


def to_int(number: Number, bits: int | None = 64) -> int:
    """The whole number, within a signed integer of `bits` bits (None: any). Raises EvalError."""
    if isinstance(number, Fraction) or (bits is not None and not -(1 << (bits - 1)) <= number < 1 << (bits - 1)):
        raise EvalError("value must be a whole number")
    return int(number)


def parse(text: str) -> Number:
    """The number that a literal, or a string converted to a number, denotes. Raises EvalError and LimitError."""
    if text.isdigit() and len(text) <= 100 and text.isascii():  # the common case, far below 512 bits
        return int(text)
    found = _LITERAL.fullmatch(text)
    if found is None:
        raise EvalError("a number is required")
    sign, whole, decimals, only_decimals, kind, power = found.groups()
    fraction = decimals or only_decimals or ""
    digits = (whole or "") + fraction
    if len(digits) > _MAX_TEXT or len(power or "") > 6:
        raise LimitError("a number with more digits than a gate may spend")
    mantissa = int(digits)
    exponent = int(power or "0")
    if mantissa == 0:
        return NEGATIVE_ZERO if sign == "-" else 0
    two = exponent if kind in ("p", "P") else 0
    ten = (0 if two or kind in ("p", "P") else exponent) - len(fraction)
    if abs(ten) + len(digits) > _MAX_TEXT * 2 or abs(two) > _MAX_BITS * 2:
        raise LimitError("a number larger or smaller than a gate may spend")
    top = mantissa * 10 ** max(ten, 0) << max(two, 0)
    bottom = 10 ** max(-ten, 0) << max(-two, 0)
    return rounded(-top if sign == "-" else top, bottom, FULL)


def rounded(top: int, bottom: int, bits: int) -> Number:
    """`top / bottom` with `bits` bits of mantissa, halves to even. `bottom` is positive. Raises LimitError."""
    if top == 0:
        return _tagged_int(0, bits)
    size = abs(top)
    shift = bits + 2 - (size.bit_length() - bottom.bit_length())
    quotient, remainder = divmod(size << shift, bottom) if shift >= 0 else divmod(size, bottom << -shift)
    extra = quotient.bit_length() - bits
    low = quotient & ((1 << extra) - 1)
    quotient >>= extra
    half = 1 << (extra - 1)
    if low > half or (low == half and (remainder or quotient & 1)):
        quotient += 1
    exponent = extra - shift
    trailing = (quotient & -quotient).bit_length() - 1
    quotient >>= trailing
    exponent += trailing
    if abs(exponent) + quotient.bit_length() > _MAX_BITS:
        raise LimitError("a number larger or smaller than a gate may spend")
    if top < 0:
        quotient = -quotient
    if exponent >= 0:
        return _tagged_int(quotient << exponent, bits)
    if bits == FULL:
        return Fraction(quotient, 1 << -exponent)
    fraction = CountedFraction(quotient, 1 << -exponent)
    fraction.precision = bits
    return fraction


def _tagged_int(number: int, bits: int) -> int:
    if bits == FULL:
        return int(number)
    tagged = CountedInt(number)
    tagged.precision = bits
    return tagged


def with_precision(number: int, bits: int) -> int:
    """A whole number that fits `bits` bits, with that precision."""
    return _tagged_int(number, bits)


def add(left: Number, right: Number) -> Number:
    """Left + right."""
    if isinstance(left, NegativeZero) and isinstance(right, NegativeZero):
        return NEGATIVE_ZERO
    top, bottom = _ratio(left + right)
    return rounded(top, bottom, max(precision(left), precision(right)))


def subtract(left: Number, right: Number) -> Number:
    """Left - right."""
    return add(left, negate(right))


def multiply(left: Number, right: Number) -> Number:
    """Left * right: never rounded below 512 bits, whatever the operands' own precision."""
    if left == 0 or right == 0:
        return NEGATIVE_ZERO if negative(left) != negative(right) else 0
    top, bottom = _ratio(left * right)
    product = rounded(top, bottom, FULL)
    bits = max(precision(left), precision(right))
    if bits >= FULL:
        return product
    top, bottom = _ratio(product)
    mantissa = abs(top) // (top & -top)
    return rounded(top, bottom, max(bits, mantissa.bit_length()))


def divide(left: Number, right: Number) -> Number:
    """Left / right; `right` is not zero."""
    if left == 0:
        return NEGATIVE_ZERO if negative(left) != negative(right) else 0
    top, bottom = _ratio(Fraction(left) / Fraction(right))
    return rounded(top, bottom, max(precision(left), precision(right)))


def modulo(left: Number, right: Number) -> Number:
    """Left % right: the sign is the left one's; a zero divisor gives `left` back, as in Terraform."""
    if right == 0 or isinstance(left, NegativeZero):
        return left
    bits = precision(left)
    quotient = int(divide(left, right))  # towards zero
    whole = rounded(quotient, 1, bits)
    top, bottom = _ratio(whole * right)
    product = rounded(top, bottom, bits)
    top, bottom = _ratio(left - product)
    return rounded(top, bottom, bits)


def negate(number: Number) -> Number:
    """-number; the negation of 0 is "-0"."""
    if isinstance(number, NegativeZero):
        return 0
    if number == 0:
        return NEGATIVE_ZERO
    top, bottom = _ratio(number)
    return rounded(-top, bottom, precision(number))


def negative(number: Number) -> bool:
    """Whether the sign bit is set."""
    return number < 0 or isinstance(number, NegativeZero)


def _ratio(number: Number) -> tuple[int, int]:
    return (number.numerator, number.denominator) if isinstance(number, Fraction) else (int(number), 1)


@dataclass(frozen=True, slots=True)
class Decimal:
    """0.DIGITS times ten to the power of `exponent`; digits without zeros at the end, none for zero."""

    digits: str
    exponent: int

    def round_to(self, count: int) -> Decimal:
        """The nearest with at most `count` digits, halves to even."""
        if count < 0 or count >= len(self.digits):
            return self
        return self._up(count) if self._rounds_up(count) else self._down(count)

    def _rounds_up(self, count: int) -> bool:
        if self.digits[count] == "5" and count + 1 == len(self.digits):
            return count > 0 and int(self.digits[count - 1]) % 2 == 1
        return self.digits[count] >= "5"

    def _up(self, count: int) -> Decimal:
        kept = self.digits[:count].rstrip("9")
        if not kept:
            return Decimal("1", self.exponent + 1)
        return Decimal(kept[:-1] + str(int(kept[-1]) + 1), self.exponent)

    def _down(self, count: int) -> Decimal:
        kept = self.digits[:count].rstrip("0")
        return Decimal(kept, self.exponent if kept else 0)

    def shortened(self, lower: Decimal, upper: Decimal, *, inclusive: bool) -> Decimal:
        """The fewest digits between `lower` and `upper` (Go's `roundShortest`)."""
        for index, digit in enumerate(self.digits):
            below = lower.digits[index] if index < len(lower.digits) else "0"
            above = upper.digits[index] if index < len(upper.digits) else "0"
            down = below != digit or (inclusive and index + 1 == len(lower.digits))
            up = digit != above and (inclusive or int(digit) + 1 < int(above) or index + 1 < len(upper.digits))
            count = index + 1
            if count >= len(self.digits):
                return self
            if down and up:
                return self.round_to(count)
            if down:
                return self._down(count)
            if up:
                return self._up(count)
        return self


def _expand(mantissa: int, exponent: int) -> Decimal:
    """Mantissa * 2**exponent, all digits; the mantissa is not negative."""
    if mantissa == 0:
        return Decimal("", 0)
    if exponent >= 0:
        text = str(mantissa << exponent)
        return Decimal(text.rstrip("0"), len(text))
    text = str(mantissa * 5**-exponent)
    return Decimal(text.rstrip("0"), len(text) + exponent)


def exact(number: Number) -> Decimal:
    """Every digit of |number|."""
    top, bottom = _ratio(number)
    return _expand(abs(top), 1 - bottom.bit_length())


def shortest(number: Number) -> Decimal:
    """The fewest digits of |number| that give it back at its precision."""
    top, bottom = _ratio(number)
    size = abs(top)
    if size == 0:
        return Decimal("", 0)
    exponent = 1 - bottom.bit_length()
    shift = precision(number) + 1 - size.bit_length()
    mantissa = size << shift if shift >= 0 else size >> -shift
    return _expand(size, exponent).shortened(
        _expand(mantissa - 1, exponent - shift),
        _expand(mantissa + 1, exponent - shift),
        inclusive=not mantissa & 2,
    )


def to_text(number: Number) -> str:
    """`number` as Terraform writes it into a string: no exponent, the fewest digits that give it back."""
    if isinstance(number, NegativeZero):
        return "-0"
    if isinstance(number, int) and number.bit_length() <= precision(number):
        return int.__str__(number)
    found = shortest(number)
    return ("-" if number < 0 else "") + fixed(found, max(len(found.digits) - found.exponent, 0))


def fixed(number: Decimal, decimals: int) -> str:
    """Digits without an exponent, `decimals` of them behind the point."""
    whole = number.digits[: max(number.exponent, 0)].ljust(number.exponent, "0") or "0"
    if decimals <= 0:
        return whole
    behind = ("0" * max(-number.exponent, 0) + number.digits[max(number.exponent, 0) :])[:decimals]
    return f"{whole}.{behind.ljust(decimals, '0')}"


def scientific(number: Decimal, decimals: int, letter: str = "e") -> str:
    """One digit before the point, `decimals` behind it, and an exponent of two digits at least."""
    first = number.digits[:1] or "0"
    behind = number.digits[1 : decimals + 1].ljust(max(decimals, 0), "0")
    exponent = number.exponent - 1 if number.digits else 0
    sign = "-" if exponent < 0 else "+"
    return f"{first}{'.' if behind else ''}{behind}{letter}{sign}{abs(exponent):02d}"


def general(number: Number, digits: int | None, letter: str = "e") -> str:
    """|number| as `%g`: `digits` significant ones, None for the fewest that give it back."""
    if digits is None:
        found = shortest(number)
        limit, digits = 6, len(found.digits)
    else:
        digits = max(digits, 1)
        found = exact(number).round_to(digits)
        limit = len(found.digits) if digits > len(found.digits) >= found.exponent else digits
    exponent = found.exponent - 1
    if exponent < -4 or exponent >= limit:
        return scientific(found, min(digits, len(found.digits)) - 1, letter)
    if digits > found.exponent:
        digits = len(found.digits)
    return fixed(found, max(digits - found.exponent, 0))

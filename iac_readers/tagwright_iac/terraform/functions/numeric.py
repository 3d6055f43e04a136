"""Numeric functions. `pow` and `log` are done in doubles, step by step as Go's math package does them."""

from __future__ import annotations

import math
from fractions import Fraction

from tagwright_iac.terraform import numbers
from tagwright_iac.terraform.calling import CallContext
from tagwright_iac.terraform.conversion import INFINITY
from tagwright_iac.terraform.functions.signature import COUNT, VALUE, function
from tagwright_iac.terraform.values import EvalError, LimitError, Number, UnknownValue, Value

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_MAX_DIGITS = 1200


def _abs(ctx: CallContext, number: Number) -> Value:
    del ctx
    return numbers.negate(number) if numbers.negative(number) else number


def _ceil(ctx: CallContext, number: Number) -> Value:
    del ctx
    return numbers.with_precision(math.ceil(number), numbers.precision(number))


def _floor(ctx: CallContext, number: Number) -> Value:
    del ctx
    return numbers.with_precision(math.floor(number), numbers.precision(number))


def _max(ctx: CallContext, *given: Number) -> Value:
    del ctx
    if not given:
        raise EvalError("must pass at least one number")
    return max(given)


def _min(ctx: CallContext, *given: Number) -> Value:
    del ctx
    if not given:
        raise EvalError("must pass at least one number")
    return min(given)


def _signum(ctx: CallContext, number: Number) -> Value:
    del ctx
    whole = numbers.to_int(number)
    return numbers.counted((whole > 0) - (whole < 0))


def _finite(number: float) -> Value:
    if math.isnan(number):
        raise EvalError("not a number")
    return UnknownValue(INFINITY, not_null=True) if math.isinf(number) else numbers.from_float(number)


def _logarithm(number: float) -> float:
    """Go's `math.Log`: FreeBSD's e_log.c, whose last digit is not always that of the C library here."""
    if number < 0:
        return math.nan
    if number == 0:
        return -math.inf
    fraction, exponent = math.frexp(number)
    if fraction < math.sqrt(2) / 2:
        fraction *= 2
        exponent -= 1
    f = fraction - 1
    k = float(exponent)
    s = f / (2 + f)
    s2 = s * s
    s4 = s2 * s2
    t1 = s2 * (
        6.666666666666735130e-01
        + s4 * (2.857142874366239149e-01 + s4 * (1.818357216161805012e-01 + s4 * 1.479819860511658591e-01))
    )
    t2 = s4 * (3.999999999940941908e-01 + s4 * (2.222219843214978396e-01 + s4 * 1.531383769920937332e-01))
    r = t1 + t2
    hfsq = 0.5 * f * f
    return k * 6.93147180369123816490e-01 - ((hfsq - (s * (hfsq + r) + k * 1.90821492927058770002e-10)) - f)


_TAYLOR = (1 / 5040, 1 / 720, 1 / 120, 1 / 24, 1 / 6, 0.5, 1.0)


def _exponential(number: float) -> float:
    """Go's `math.Exp` on x86-64 with fused multiply-add: the Taylor series of a sixteenth, squared up four times."""
    exponent = round(number * 1.4426950408889634)
    rest = _fused(-0.69314718055966295651, exponent, number)
    rest = _fused(-0.28235290563031577122588e-12, exponent, rest) * 0.0625
    series = 1 / 40320
    for term in _TAYLOR:
        series = _fused(series, rest, term)
    rest *= series
    for _ in range(3):
        rest *= rest + 2
    return math.ldexp(_fused(rest + 2, rest, 1.0), exponent)


def _fused(left: float, right: float, added: float) -> float:
    """The sum `left * right + added`, rounded once."""
    return float(Fraction(left) * Fraction(right) + Fraction(added))


def _log(ctx: CallContext, number: Number, base: Number) -> Value:
    del ctx
    top, bottom = _logarithm(numbers.to_float(number)), _logarithm(numbers.to_float(base))
    if bottom == 0:
        return _finite(math.nan if top == 0 or math.isnan(top) else math.copysign(math.inf, top))
    return _finite(top / bottom)


def _pow(ctx: CallContext, number: Number, power: Number) -> Value:
    del ctx
    return _finite(_power(numbers.to_float(number), numbers.to_float(power)))


def _power(x: float, y: float) -> float:
    """Go's `math.Pow` for finite arguments."""
    if y == 0 or x == 1:
        return 1.0
    if y == 1:
        return x
    if x == 0:
        return _power_of_zero(x, y)
    if y in (0.5, -0.5):
        if x < 0:
            return math.nan
        return math.sqrt(x) if y > 0 else 1 / math.sqrt(x)
    yf, yi = math.modf(abs(y))
    if yf != 0 and x < 0:
        return math.nan
    if yi >= 1 << 63:
        if x == -1:
            return 1.0
        return 0.0 if (abs(x) < 1) == (y > 0) else math.inf
    a1, ae = 1.0, 0
    if yf != 0:
        if yf > 0.5:
            yf -= 1
            yi += 1
        a1 = _exponential(yf * _logarithm(x))
    x1, xe = math.frexp(x)
    left = int(yi)
    while left:
        if abs(xe) > 1 << 12:
            ae += xe
            break
        if left & 1:
            a1 *= x1
            ae += xe
        x1 *= x1
        xe <<= 1
        if x1 < 0.5:
            x1 += x1
            xe -= 1
        left >>= 1
    if y < 0:
        a1 = 1 / a1
        ae = -ae
    try:
        return math.ldexp(a1, ae)
    except OverflowError:
        return math.copysign(math.inf, a1)


def _power_of_zero(x: float, y: float) -> float:
    odd = y == math.floor(y) and abs(y) < 1 << 53 and int(y) % 2 == 1
    size = 0.0 if y > 0 else math.inf
    return math.copysign(size, x) if odd else size


def _parseint(ctx: CallContext, text: Value, base: Number | UnknownValue) -> Value:
    del ctx
    if isinstance(base, UnknownValue):
        return base.derived(not_null=True)
    if isinstance(text, UnknownValue):
        return text.derived(not_null=True)
    if not isinstance(text, str):
        raise EvalError("first argument must be a string")
    radix = numbers.to_int(base)
    if not 2 <= radix <= 62:
        raise EvalError("base must be a whole number between 2 and 62 inclusive")
    digits = text[1:] if text[:1] in ("+", "-") else str(text)
    if len(digits) > _MAX_DIGITS:
        raise LimitError("a number with more digits than a gate may spend")
    if radix <= 36:
        digits = "".join(char.lower() if char.isascii() else char for char in digits)
    values = [_DIGITS.find(char) for char in digits]
    if not values or not all(0 <= value < radix for value in values):
        raise EvalError(f"cannot parse the given string as a base {radix} integer")
    number = 0
    for value in values:
        number = number * radix + value
    number = -number if text[:1] == "-" else number
    return numbers.with_precision(number, max(numbers.COUNTED, number.bit_length()))


FUNCTIONS = {
    "abs": function(_abs, COUNT),
    "ceil": function(_ceil, COUNT),
    "floor": function(_floor, COUNT),
    "log": function(_log, COUNT, COUNT),
    "max": function(_max, rest=COUNT),
    "min": function(_min, rest=COUNT),
    "parseint": function(_parseint, VALUE, COUNT, strict=False),
    "pow": function(_pow, COUNT, COUNT),
    "signum": function(_signum, COUNT),
}

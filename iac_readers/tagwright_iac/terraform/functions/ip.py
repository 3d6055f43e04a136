"""Addresses in CIDR notation."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass

from tagwright_iac.terraform import numbers
from tagwright_iac.terraform.calling import CallContext
from tagwright_iac.terraform.functions.signature import COUNT, TEXT, function
from tagwright_iac.terraform.values import EvalError, ListValue, Number, Value

_MAPPED = 0xFFFF << 32


@dataclass(frozen=True, slots=True)
class _Network:
    base: int
    length: int
    bits: int

    def __str__(self) -> str:
        return f"{_address(self.base, self.bits)}/{self.length}"

    def last(self) -> int:
        return self.base | ((1 << (self.bits - self.length)) - 1)


def _address(number: int, bits: int) -> str:
    if bits == 32:
        return str(ipaddress.IPv4Address(number))
    if number >> 32 == _MAPPED >> 32:
        return str(ipaddress.IPv4Address(number & 0xFFFFFFFF))
    return str(ipaddress.IPv6Address(number))


def _parse(text: str) -> _Network:
    """The network of `text`; octets may have leading zeros, as before Go 1.17."""
    address, slash, size = text.partition("/")
    if not slash or not (size.isdigit() and size.isascii() and len(size) <= 3):
        raise EvalError("invalid CIDR expression")
    found = _parse_v6(address) if ":" in address else _parse_v4(address)
    length = int(size)
    if found is None:
        raise EvalError("invalid CIDR expression")
    number, bits = found
    if length > bits:
        raise EvalError("invalid CIDR expression")
    return _Network(number >> (bits - length) << (bits - length), length, bits)


def _parse_v4(text: str) -> tuple[int, int] | None:
    octets = text.split(".")
    if len(octets) != 4 or not all(octet.isdigit() and octet.isascii() and len(octet) < 9 for octet in octets):
        return None
    values = [int(octet) for octet in octets]
    if any(value > 255 for value in values):
        return None
    return int.from_bytes(bytes(values), "big"), 32


def _parse_v6(text: str) -> tuple[int, int] | None:
    head, colon, tail = text.rpartition(":")
    if "." in tail:
        embedded = _parse_v4(tail)
        if embedded is None:
            return None
        text = f"{head}{colon}{embedded[0] >> 16:x}:{embedded[0] & 0xFFFF:x}"
    try:
        return int(ipaddress.IPv6Address(text)), 128
    except ValueError:
        return None


def _cidrhost(ctx: CallContext, prefix: str, host: Number) -> Value:
    del ctx
    wanted = numbers.to_int(host, None)
    network = _parse(prefix)
    room = (1 << (network.bits - network.length)) - 1
    low = abs(wanted) & ((1 << 64) - 1)
    checked = -wanted - 1 if wanted < 0 else low - (1 << 64) if low >= 1 << 63 else low
    if checked > room:
        raise EvalError(f"prefix of {network.length} does not accommodate a host numbered {wanted}")
    number = room - checked if wanted < 0 else wanted
    if network.bits == 128 and network.base >> 32 == _MAPPED >> 32:
        raise EvalError("an IPv4 address within IPv6 has no host numbers")
    return _address((network.base | number) & ((1 << network.bits) - 1), network.bits)


def _cidrnetmask(ctx: CallContext, prefix: str) -> Value:
    del ctx
    network = _parse(prefix)
    if network.bits != 32:
        raise EvalError("IPv6 addresses cannot have a netmask")
    return _address((0xFFFFFFFF << (32 - network.length)) & 0xFFFFFFFF, 32)


def _cidrsubnet(ctx: CallContext, prefix: str, newbits: Number, netnum: Number) -> Value:
    del ctx
    extra, number = numbers.to_int(newbits), numbers.to_int(netnum, None)
    network = _parse(prefix)
    length = network.length + extra
    if length > network.bits:
        raise EvalError(f"insufficient address space to extend prefix of {network.length} by {extra}")
    if extra < 0 or length < 0:
        raise EvalError("the prefix cannot be extended by a negative number of bits")
    most = (1 << extra) - 1 if extra < 64 else (1 << 64) - 1
    if abs(number) & ((1 << 64) - 1) > most:
        raise EvalError(f"prefix extension of {extra} does not accommodate a subnet numbered {number}")
    if number < 0:
        raise EvalError("a subnet number must not be negative")
    base = network.base | number << (network.bits - length)
    return str(_Network(base & ((1 << network.bits) - 1), length, network.bits))


def _cidrsubnets(ctx: CallContext, prefix: str, *newbits: Number) -> Value:
    network = _parse(prefix)
    found: list[str] = []
    ctx.spend(len(newbits))
    following = network.base  # the first address that is still free
    for number in newbits:
        extra = numbers.to_int(number)
        if extra < 1:
            raise EvalError("must extend prefix by at least one bit")
        if extra > 32:
            raise EvalError("may not extend prefix by more than 32 bits")
        length = network.length + extra
        if length > network.bits:
            raise EvalError(f"would extend prefix to {length} bits, which is too long")
        size = 1 << (network.bits - length)
        start = -(-following // size) * size
        subnet = _Network(start, length, network.bits)
        if start > network.last():
            raise EvalError(f"not enough remaining address space for a subnet with a prefix of {length} bits")
        found.append(str(subnet))
        following = subnet.last() + 1
    return ListValue(found)


FUNCTIONS = {
    "cidrhost": function(_cidrhost, TEXT, COUNT),
    "cidrnetmask": function(_cidrnetmask, TEXT),
    "cidrsubnet": function(_cidrsubnet, TEXT, COUNT, COUNT),
    "cidrsubnets": function(_cidrsubnets, TEXT, rest=COUNT),
}

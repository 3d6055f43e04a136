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
        return f"{_address(self.base, self.bits)}/{self.length - (96 if self.mapped and self.length >= 96 else 0)}"

    @property
    def mapped(self) -> bool:
        """Whether this is an IPv4 address within IPv6 (::ffff:10.0.0.0), which Go treats by halves."""
        return self.bits == 128 and self.base >> 32 == _MAPPED >> 32

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
    if "%" in text:
        return None
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
    if network.mapped:
        number <<= 96  # Terraform takes such a network for IPv4 and puts the number into its first 32 bits
    return _address(_within(network.base | number, network.bits), network.bits)


def _within(number: int, bits: int) -> int:
    """The address that Terraform makes of `number`: a negative one loses its sign. EvalError when it does not fit."""
    if abs(number) >> bits:
        raise EvalError("the address does not fit")
    return abs(number)


def _cidrnetmask(ctx: CallContext, prefix: str) -> Value:
    del ctx
    network = _parse(prefix)
    if network.bits != 32 and not network.mapped:
        raise EvalError("IPv6 addresses cannot have a netmask")
    ones = (1 << network.bits) - 1
    return _address(ones >> (network.bits - network.length) << (network.bits - network.length), network.bits)


def _cidrsubnet(ctx: CallContext, prefix: str, newbits: Number, netnum: Number) -> Value:
    del ctx
    extra, number = numbers.to_int(newbits), numbers.to_int(netnum, None)
    network = _parse(prefix)
    length = network.length + extra
    if length > network.bits:
        raise EvalError(f"insufficient address space to extend prefix of {network.length} by {extra}")
    if length < 0:
        raise EvalError("a prefix cannot have fewer than no bits")
    most = (1 << extra) - 1 if 0 <= extra < 64 else (1 << 64) - 1
    if abs(number) & ((1 << 64) - 1) > most:
        raise EvalError(f"prefix extension of {extra} does not accommodate a subnet numbered {number}")
    base = network.base | number << (network.bits - length)
    return str(_Network(_within(base, network.bits), length, network.bits))


def _cidrsubnets(ctx: CallContext, prefix: str, *newbits: Number) -> Value:
    network = _parse(prefix)
    found: list[str] = []
    ctx.spend(len(newbits))
    if newbits and (network.base == 0 or network.mapped):
        raise EvalError("not enough remaining address space")  # Terraform looks for an address before the first one
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

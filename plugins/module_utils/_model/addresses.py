# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""IP addresses as people write them: one address, a prefix or a range, IPv4 or IPv6. No wire format here."""

from __future__ import annotations

import functools
import ipaddress
import typing as t

Network: t.TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network
Address: t.TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address


@functools.lru_cache(maxsize=4096)
def canonical_address(text: str) -> str:
    """One spelling: ``10.0.0.1``, ``10.0.0.0/24`` (host bits cleared) or ``10.0.0.5-10.0.0.9``.

    Raises ValueError with the reason.
    """
    text = text.strip()
    if "%" in text:
        raise ValueError(f"{text!r} holds an interface, which means something on one host only")
    if "-" in text:
        first_text, _dash, last_text = text.partition("-")
        first, last = ipaddress.ip_address(first_text.strip()), ipaddress.ip_address(last_text.strip())
        if first.version != last.version:
            raise ValueError(f"{text!r} mixes IPv4 and IPv6")
        if int(first) > int(last):
            raise ValueError(f"{text!r} ends before it starts")
        return f"{_text(first)}-{_text(last)}" if first != last else _text(first)
    network = ipaddress.ip_network(text, strict=False)
    address = _text(network.network_address)
    return address if network.prefixlen == network.max_prefixlen else f"{address}/{network.prefixlen}"


def _text(address: Address) -> str:
    """The address; an IPv4-mapped one always in the dotted way, which Pythons before 3.13 didn't choose by themselves."""
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return str(address) if mapped is None else f"::ffff:{mapped}"


def as_network(text: str) -> Network:
    """A canonical address or prefix (not a range) as a network."""
    return ipaddress.ip_network(text)


def is_range(text: str) -> bool:
    return "-" in text


def is_ipv6(text: str) -> bool:
    return ":" in text


def number_of(text: str) -> tuple[int, int]:
    """IP version and number of one address. Raises ValueError with the reason."""
    parts = text.split(".")
    if len(parts) == 4:  # the usual way, and several times quicker than ipaddress
        try:
            return 4, _OCTETS[parts[0]] << 24 | _OCTETS[parts[1]] << 16 | _OCTETS[parts[2]] << 8 | _OCTETS[parts[3]]
        except KeyError:
            pass  # ipaddress says why, or knows better: ::ffff:10.0.0.1
    address = ipaddress.ip_address(text)
    return address.version, int(address)


_OCTETS = {str(number): number for number in range(256)}


@functools.lru_cache(maxsize=4096)
def bounds(text: str) -> tuple[int, int, int]:
    """IP version, first and last address as integers, both included."""
    if is_range(text):
        first_text, _dash, last_text = text.partition("-")
        first, last = ipaddress.ip_address(first_text), ipaddress.ip_address(last_text)
        return first.version, int(first), int(last)
    network = as_network(text)
    return network.version, int(network.network_address), int(network.broadcast_address)


def sort_addresses(texts: t.Iterable[str]) -> list[str]:
    """Canonical order: IPv4 before IPv6, then by number; without doubles."""
    return sorted(set(texts), key=lambda text: (bounds(text), text))

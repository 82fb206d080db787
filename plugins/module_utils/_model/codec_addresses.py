# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How addresses travel in API bodies, both ways: prefixes as value and prefixLength, ranges as startIp and endIp."""

from __future__ import annotations

import typing as t

from .addresses import as_network, canonical_address, is_ipv6, is_range, sort_addresses
from .codec import Body, Codec, Reader
from .directory import Directory


class AddressLists(Codec):
    """Addresses spread over the properties that hold v4 prefixes, v4 ranges, v6 prefixes and v6 ranges."""

    def __init__(self, ipv4: str, ipv4_ranges: str, ipv6: str = "", ipv6_ranges: str = "") -> None:
        self.prefixes = {False: ipv4, True: ipv6}
        self.ranges = {False: ipv4_ranges, True: ipv6_ranges}

    def encode(self, value: t.Any, directory: Directory) -> Body:
        body: Body = {}
        for text in value:
            names, item = (self.ranges, range_body(text)) if is_range(text) else (self.prefixes, prefix_body(text))
            body.setdefault(names[is_ipv6(text)], []).append(item)
        return body

    def decode(self, reader: Reader, directory: Directory) -> t.Any:
        found = []
        for name in filter(None, self.prefixes.values()):
            found += [read_prefix(item) for item in reader.each(name)]
        for name in filter(None, self.ranges.values()):
            found += [read_range(item) for item in reader.each(name)]
        return sort_addresses(found) or None


class Prefixes(Codec):
    """At most one prefix of each family, each in a property of its own (``ipv6`` may be missing)."""

    def __init__(self, ipv4: str, ipv6: str = "") -> None:
        self.names = {False: ipv4, True: ipv6}

    def encode(self, value: t.Any, directory: Directory) -> Body:
        return {self.names[is_ipv6(text)]: prefix_body(text) for text in value}

    def decode(self, reader: Reader, directory: Directory) -> t.Any:
        found = [read_prefix(inner) for name in self.names.values() if name and (inner := reader.inner(name)) is not None]
        return sort_addresses(found) or None


def prefix_body(text: str) -> Body:
    network = as_network(text)
    return {"value": str(network.network_address), "prefixLength": network.prefixlen}


def read_prefix(reader: Reader) -> str:
    """An address without a length is a single one (the SDK fills in the full length by itself)."""
    value, length = reader.take("value"), reader.take("prefixLength")
    reader.finish()
    return _canonical(str(value) if length is None else f"{value}/{length}", reader)


def range_body(text: str) -> Body:
    first, _dash, last = text.partition("-")
    return {"startIp": first, "endIp": last}


def read_range(reader: Reader) -> str:
    first, last = reader.take("startIp"), reader.take("endIp")
    reader.finish()
    return _canonical(f"{first}-{last}", reader)


def _canonical(text: str, reader: Reader) -> str:
    try:
        return canonical_address(text)
    except ValueError as error:
        reader.refuse("", f"is no address: {error}")

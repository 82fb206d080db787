# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How one address travels in an API body, both ways: a prefix as value and prefixLength, a range as startIp and endIp."""

from __future__ import annotations

import typing as t

from .addresses import as_network, canonical_address, is_ipv6, is_range
from .codec import Body, Reader


def lists_of_bodies(texts: t.Iterable[str], prefixes: t.Mapping[bool, str], ranges: t.Mapping[bool, str]) -> Body:
    """The properties that say some addresses; the names of those for prefixes and for ranges go by whether it is IPv6."""
    body: Body = {}
    for text in texts:
        names, item = (ranges, range_body(text)) if is_range(text) else (prefixes, prefix_body(text))
        body.setdefault(names[is_ipv6(text)], []).append(item)
    return body


def prefix_bodies(texts: t.Iterable[str], names: t.Mapping[bool, str]) -> Body:
    """The properties that say at most one prefix of each family."""
    return {names[is_ipv6(text)]: prefix_body(text) for text in texts}


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

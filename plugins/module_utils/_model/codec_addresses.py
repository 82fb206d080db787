# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""In which properties addresses travel, both ways; `address_bodies.py`, imported where there is an address, reads and writes one."""

from __future__ import annotations

import typing as t

from .codec import Body, Codec, Reader
from .directory import Directory


class AddressLists(Codec):
    """Addresses spread over the properties that hold v4 prefixes, v4 ranges, v6 prefixes and v6 ranges."""

    def __init__(self, ipv4: str, ipv4_ranges: str, ipv6: str = "", ipv6_ranges: str = "") -> None:
        self.prefixes = {False: ipv4, True: ipv6}
        self.ranges = {False: ipv4_ranges, True: ipv6_ranges}

    def encode(self, value: t.Any, directory: Directory) -> Body:
        # Imported here, as below: most objects hold no address.
        from .address_bodies import lists_of_bodies

        return lists_of_bodies(value, self.prefixes, self.ranges)

    def decode(self, reader: Reader, directory: Directory) -> t.Any:
        prefixes = [item for name in self.prefixes.values() if name for item in reader.each(name)]
        ranges = [item for name in self.ranges.values() if name for item in reader.each(name)]
        return _read(prefixes, ranges)


class Prefixes(Codec):
    """At most one prefix of each family, each in a property of its own (``ipv6`` may be missing)."""

    def __init__(self, ipv4: str, ipv6: str = "") -> None:
        self.names = {False: ipv4, True: ipv6}

    def encode(self, value: t.Any, directory: Directory) -> Body:
        from .address_bodies import prefix_bodies

        return prefix_bodies(value, self.names)

    def decode(self, reader: Reader, directory: Directory) -> t.Any:
        return _read([inner for name in self.names.values() if name and (inner := reader.inner(name)) is not None])


def _read(prefixes: list[Reader], ranges: t.Sequence[Reader] = ()) -> list[str] | None:
    if not prefixes and not ranges:
        return None
    from .address_bodies import read_prefix, read_range
    from .addresses import sort_addresses

    return sort_addresses([*map(read_prefix, prefixes), *map(read_range, ranges)])

# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a set of addresses is written. Knows no wire format."""

from __future__ import annotations

import typing as t

from .form import Form, listed
from .problems import Problems


class Addresses(Form):
    """A set of addresses, prefixes and ranges. ``ranges=False`` takes none of the latter; ``single`` at most one of each
    family; ``ipv6=False`` none of the second family."""

    def __init__(self, *, ranges: bool = True, single: bool = False, ipv6: bool = True) -> None:
        self.ranges, self.single, self.ipv6 = ranges, single, ipv6

    def option(self) -> dict[str, t.Any]:
        return {"type": "list", "elements": "str"}

    def canonical(self, value: t.Any, at: str, problems: Problems) -> t.Any:
        # Imported here, as below: most objects hold no address.
        from .addresses import canonical_address, is_ipv6, is_range, sort_addresses

        found = []
        for item in listed(value, at, "addresses", problems):
            try:
                address = canonical_address(str(item))
            except ValueError as error:
                problems.add(at, str(error), "write 10.0.0.1, 10.0.0.0/24 or 10.0.0.5-10.0.0.9")
                continue
            if is_range(address) and not self.ranges:
                problems.add(at, f"{address!r} is a range, only prefixes are possible here", "use an address group")
            if is_ipv6(address) and not self.ipv6:
                problems.add(at, f"{address!r} is IPv6, the API takes only IPv4 here", "use an address group")
            found.append(address)
        found = sort_addresses(found)
        if self.single:
            for family in ("IPv4", "IPv6"):
                several = [item for item in found if is_ipv6(item) == (family == "IPv6")]
                if len(several) > 1:
                    problems.add(at, f"several {family} prefixes in one rule entry: {', '.join(several)}", "use an address group")
        return found

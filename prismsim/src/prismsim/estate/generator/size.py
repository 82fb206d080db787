# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How large a generated estate is and what its release can hold. Knows counts, not objects."""

from __future__ import annotations

from dataclasses import dataclass

#: The microseg minor of each release (contract/v4 section 1).
RELEASES: dict[str, int] = {"pc.2024.3": 0, "pc.7.3": 1, "pc.7.5": 2, "pc.7.5.1": 2, "pc.7.6": 3}

#: Rules a policy may hold (contract/v4 section 9.9).
MAX_ENTRIES = 80


class SizeError(ValueError):
    """A size that no estate can have; the message says which number and why."""


@dataclass(frozen=True)
class Size:
    """Numbers of user-made objects on the primary site; ``entries`` counts rules of an application policy."""

    policies: int
    entries: int
    categories: int
    address_groups: int
    service_groups: int
    entity_groups: int
    vpcs: int
    vms: int

    @property
    def isolations(self) -> int:
        """Policies that keep environments and divisions apart: one in twenty-five."""
        return self.policies // 25

    @property
    def shared_services(self) -> int:
        """Policies for shared services, on a release that has them: one in fifty."""
        return self.policies // 50

    @property
    def applications(self) -> int:
        """All other policies, one application each."""
        return self.policies - self.isolations - self.shared_services

    @property
    def divisions(self) -> int:
        """Organizational units that isolation policies keep apart."""
        return max(4, self.policies // 20)

    @property
    def needed_categories(self) -> int:
        """The categories that policies refer to: applications, three tiers, shared services, divisions, VPC tags."""
        return self.applications + 3 + max(1, self.shared_services) + self.divisions + self.vpcs

    def check(self, minor: int) -> None:
        """Raise SizeError for numbers that do not go together."""
        for name, least in (("policies", 1), ("entries", 1), ("vpcs", 1), ("address_groups", 1), ("service_groups", 1)):
            if getattr(self, name) < least:
                raise SizeError(f"{name} must be at least {least}")
        if self.entries > MAX_ENTRIES:
            raise SizeError(f"entries must be at most {MAX_ENTRIES}, a policy holds no more rules")
        if self.categories < self.needed_categories:
            raise SizeError(f"categories must be at least {self.needed_categories}, {self.policies} policies use that many")
        if minor < 1 and self.entity_groups:
            raise SizeError("entity_groups must be 0: releases before pc.7.3 have no entity groups")


def default_size(policies: int, minor: int, entries: int = 10, **given: int | None) -> Size:
    """A believable size around a number of policies; ``given`` overrides single counts where it is not None."""
    size = Size(
        policies=policies,
        entries=entries,
        categories=0,
        address_groups=max(3, policies * 3 // 10),
        service_groups=max(3, policies * 3 // 10),
        entity_groups=max(2, policies // 10) if minor >= 1 else 0,
        vpcs=min(20, max(2, policies // 50)),
        vms=2 * policies,
    )
    values = {**vars(size), **{name: value for name, value in given.items() if value is not None}}
    if given.get("categories") is None:
        values["categories"] = max(2 * policies, Size(**values).needed_categories)
    return Size(**values)

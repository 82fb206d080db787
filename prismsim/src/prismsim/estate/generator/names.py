# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The names of a generated estate and the references to them. Deterministic by index; draws nothing at random."""

from __future__ import annotations

from dataclasses import dataclass

from prismsim.estate.generator.size import Size

_SUBJECTS = (
    "accounts", "archive", "booking", "claims", "contracts", "custody", "deposits", "dispatch", "fleet", "fraud",
    "identity", "inventory", "ledger", "lending", "loyalty", "markets", "orders", "payments", "payroll", "portal",
    "pricing", "quotes", "reports", "risk", "settlement", "shipping", "support", "trading", "treasury", "warehouse",
)  # fmt: skip
_SERVICES = ("dns", "directory", "time", "mail", "proxy", "secrets", "logging", "licenses")

TIERS = ("Web", "App", "DB")
ENVIRONMENTS = ("Production", "Staging", "Testing", "Dev")


@dataclass(frozen=True)
class Names:
    """Every name by index. A category is kept as its (key, value)."""

    size: Size

    def application(self, index: int) -> str:
        """The name of an application, which is also its policy's name and its AppType value."""
        return f"{_SUBJECTS[index % len(_SUBJECTS)]}-{index:04d}"

    def shared_service(self, index: int) -> str:
        """The name of a shared service, which is also its SharedService value."""
        return f"{_SERVICES[index % len(_SERVICES)]}-{index:03d}"

    def division(self, index: int) -> str:
        """A value of the key Division."""
        return f"division-{index % self.size.divisions:03d}"

    def vpc(self, index: int) -> str:
        """A VPC; its tag is the category Tenant with the same value."""
        return f"tenant-{index % self.size.vpcs:02d}"

    def address_group(self, index: int) -> str:
        """An address group."""
        return f"network-{index % self.size.address_groups:04d}"

    def service_group(self, index: int) -> str:
        """A service group."""
        return f"service-{index % self.size.service_groups:04d}"

    def entity_group(self, index: int) -> str:
        """An entity group; there may be none."""
        return f"entities-{index % self.size.entity_groups:04d}"

    def categories(self) -> list[tuple[str, str]]:
        """All user categories: those in use first, cost centers that no policy uses up to the wanted number."""
        size = self.size
        used = [
            *(("AppType", self.application(index)) for index in range(size.applications)),
            *(("AppTier", tier) for tier in TIERS),
            *(("SharedService", self.shared_service(index)) for index in range(max(1, size.shared_services))),
            *(("Division", self.division(index)) for index in range(size.divisions)),
            *(("Tenant", self.vpc(index)) for index in range(size.vpcs)),
        ]
        spare = [("CostCenter", f"{number:06d}") for number in range(size.categories - len(used))]
        return used + spare


def category(key: str, value: str) -> str:
    """A reference to a category."""
    return f"@category:{key}/{value}"

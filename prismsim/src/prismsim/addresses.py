# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Addresses that follow their VM from one prefix to another. Pure."""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from typing import Any


def readdressed(value: Any, old: str | None, new: str | None) -> Any:
    """A document in which each address of the prefix ``old`` became that of ``new``, host part unchanged."""
    if isinstance(value, dict):
        if "value" in value and old and new and ip_address(value["value"]) in ip_network(old):
            offset = int(ip_address(value["value"])) - int(ip_network(old).network_address)
            return {**value, "value": str(ip_network(new).network_address + offset)}
        return {key: readdressed(item, old, new) for key, item in value.items()}
    return [readdressed(item, old, new) for item in value] if isinstance(value, list) else value

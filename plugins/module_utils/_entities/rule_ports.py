# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The short way to write the services of an entry: ``ports`` and ``protocol``."""

from __future__ import annotations

import typing as t
from collections.abc import Mapping

from .._model.form import listed
from .._model.problems import Problems
from .rule_entries import PROTOCOLS


def spell_out_ports(value: Mapping[str, t.Any], at: str, problems: Problems) -> dict[str, t.Any]:
    """``ports: 443`` -> ``services: [tcp/443]``."""
    ports, protocol, services = value.get("ports"), value.get("protocol"), value.get("services")
    rest = {key: one for key, one in value.items() if key not in ("ports", "protocol")}
    if services is not None:
        problems.add(at, "has services and ports or protocol", "write all of them as services: [tcp/443, udp/53]")
        return rest
    if protocol is not None and protocol not in PROTOCOLS:
        problems.unknown(f"{at}.protocol", protocol, PROTOCOLS, "protocol", "write others as services: [icmp/8]")
        return {**rest, "services": []}
    numbers = [""] if ports is None else listed(ports, f"{at}.ports", "ports", problems)
    found = []
    for number in numbers:
        if str(number).strip("0123456789- "):
            problems.add(f"{at}.ports", f"{number!r} is neither a port nor a range of ports", "write 443 or 8000-8099")
        else:
            found.append(f"{protocol or 'tcp'}/{number}" if number != "" else str(protocol))
    return {**rest, "services": found}

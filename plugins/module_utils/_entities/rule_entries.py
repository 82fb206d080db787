# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every line of a security rule says beside who: services, description, name and log (contract/v4 sections 9.2, 9.3)."""

from __future__ import annotations

import typing as t
from collections.abc import Mapping

from .._model.codec import IdOf, Property
from .._model.codec_services import ServiceLists
from .._model.form import Flag, Text, listed
from .._model.form_names import Name
from .._model.form_services import Services
from .._model.problems import Problems
from .._model.struct import Field, Struct
from .common import NAME_ALLOWED, NAME_PATTERN

# Properties of the rule itself; everything else stands in its spec.
RULE_FIELDS = (
    Field("name", Text(longest=64, pattern=NAME_PATTERN, allowed=NAME_ALLOWED), Property("name"), since=(4, 3), absent=""),
    # Which characters are allowed depends on the minor of the target: security_rule_checks.
    Field("description", Text(longest=64), Property("description"), absent=""),
    Field("log", Flag(), Property("isLoggingEnabled"), since=(4, 3), absent=False),
)

SERVICES = ServiceLists(groups="serviceGroupReferences", any_property="isAllProtocolAllowed", missing=[])
# An empty list is said on purpose (it matches nothing); a forgotten one is a finding.
SERVICES_FIELD = Field("services", Services(), SERVICES, required=True)
NETWORK_FUNCTION_FIELD = Field(
    "network_function", Name("network_function"), IdOf("networkFunctionReference", "network_function"), since=(4, 1)
)

PROTOCOLS = ("tcp", "udp")


class EntryForm(Struct):
    """A Struct with ``services``, which takes ``ports`` and ``protocol`` as a short way to write them."""

    def option(self) -> dict[str, t.Any]:
        option = super().option()
        options = option["options"]
        options["services"].pop("required", None)
        options["ports"] = {"type": "list", "elements": "str"}
        options["protocol"] = {"type": "str", "choices": list(PROTOCOLS)}
        return option

    def canonical(self, value: t.Any, at: str, problems: Problems) -> t.Any:
        return super().canonical(spell_out_ports(value, at, problems), at, problems)


def spell_out_ports(value: t.Any, at: str, problems: Problems) -> t.Any:
    """``ports: 443`` -> ``services: [tcp/443]``."""
    if not isinstance(value, Mapping):
        return value
    ports, protocol, services = value.get("ports"), value.get("protocol"), value.get("services")
    if ports is None and protocol is None:
        return value
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

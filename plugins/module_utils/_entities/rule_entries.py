# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every line of a security rule says beside who: services, description, name and log (contract/v4 sections 9.2, 9.3)."""

from __future__ import annotations

import typing as t
from collections.abc import Callable, Mapping

from .._model.codec import IdOf, Property, Reader
from .._model.codec_services import ServiceLists
from .._model.directory import Directory
from .._model.form import Flag, Text
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

#: Reads a rule and its spec. Raises NotRepresentable and UnknownReference.
Decoder: t.TypeAlias = Callable[[Reader, Reader, Directory], "dict[str, t.Any]"]

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
        if isinstance(value, Mapping) and (value.get("ports") is not None or value.get("protocol") is not None):
            # Imported here: only who writes so needs it.
            from .rule_ports import spell_out_ports

            value = spell_out_ports(value, at, problems)
        return super().canonical(value, at, problems)

# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The recovery settings of a recovery plan: how VMs come up, written and on the wire (contract/v4 section 11.3)."""

from __future__ import annotations

import typing as t

from .._model.codec import FIX_UPDATE, Body, IdOf, Reader, Word, name_at
from .._model.codec_spans import seconds_of, span_of
from .._model.directory import Directory
from .._model.form import Choice, Text
from .._model.form_names import Name
from .._model.spans import Span
from .._model.struct import Field, ListOf, Struct, as_set, without_absent

#: In place of the id of a network mapping, until the mapping has one: this and the name of its primary network.
MAPPING_CALLED = "@"
_PREFIX = "datapolicies.v4.config."
_OF_VM, _OF_CATEGORY = f"{_PREFIX}VmRecoverySetting", f"{_PREFIX}VmCategoryRecoverySetting"
_UNITS = ("s", "m", "h")
_ADDRESSES = {"primary": "primaryIp", "recovery": "recoveryIp", "primary_test": "primaryTestIp", "recovery_test": "recoveryTestIp"}
_ADDRESS = Text(pattern=r"^(\d{1,3}\.){3}\d{1,3}$", allowed="write one IPv4 address, like 10.0.0.1")
_IP_FIELDS = (
    Field("network", Text(longest=512), required=True),
    Field("primary", _ADDRESS, required=True),
    Field("recovery", _ADDRESS, required=True),
    Field("primary_test", _ADDRESS),
    Field("recovery_test", _ADDRESS),
)
_FIELDS = (
    Field("vm", Name("recoverable_vm")),
    Field("category", Name("category")),
    Field("power", Choice(("on", "off")), default="on"),
    Field("script_timeout", Span(_UNITS)),
    Field("ip_addresses", ListOf(Struct(_IP_FIELDS, example="write {network: servers, primary: 10.1.1.11, recovery: 10.2.1.11}")), absent=[]),
)
_POWER = Word("powerState", {"on": "ON", "off": "OFF"}, missing="on")
SETTINGS = ListOf(Struct(_FIELDS, example="write {vm: web-1, power: off} or {category: AppTier/Web, script_timeout: 2m}"))


def encode_setting(setting: t.Mapping[str, t.Any], directory: Directory) -> Body:
    """The body of one setting. Raises UnknownReference or Ambiguous."""
    inner: Body = {**_POWER.encode(setting["power"], directory)}
    if "script_timeout" in setting:
        inner["inGuestScriptExecutionConfig"] = {"isEnabled": True, "timeoutSecs": seconds_of(setting["script_timeout"])}
    if setting.get("ip_addresses"):
        inner["ipMappings"] = [
            {
                "networkMappingExtId": f"{MAPPING_CALLED}{item['network']}",
                **{wire: {"ipv4": {"value": item[word], "prefixLength": 32}} for word, wire in _ADDRESSES.items() if word in item},
            }
            for item in setting["ip_addresses"]
        ]
    if "vm" in setting:
        inner = {"$objectType": _OF_VM, "vm": {"extId": directory.id_of("recoverable_vm", setting["vm"])}, **inner}
        return {"scope": "VM", "recoverySetting": inner}
    inner = {"$objectType": _OF_CATEGORY, **IdOf("vmCategoryExtId", "category").encode(setting["category"], directory), **inner}
    return {"scope": "VM_CATEGORY", "recoverySetting": inner}


def decode_setting(reader: Reader, mappings: t.Mapping[str, str], directory: Directory) -> dict[str, t.Any]:
    """What a setting says; ``mappings`` has the primary network of each network mapping. Raises NotRepresentable, UnknownReference."""
    reader.ignore(("extId", "scope"))
    inner = reader.inner("recoverySetting")
    if inner is None or inner.object_type not in (_OF_VM, _OF_CATEGORY):
        reader.refuse("recoverySetting", "is of a kind that this collection has no words for", FIX_UPDATE)
    found: dict[str, t.Any] = {"power": _POWER.decode(inner, directory)}
    if inner.object_type == _OF_CATEGORY:
        found["category"] = IdOf("vmCategoryExtId", "category").decode(inner, directory)
    else:
        vm = inner.inner("vm")
        found["vm"] = None if vm is None else name_at(vm, "extId", directory, "recoverable_vm", str(vm.take("extId")))
        found["ip_addresses"] = as_set([_ip_address(item, mappings) for item in inner.each("ipMappings")])
    script = inner.inner("inGuestScriptExecutionConfig")
    if script is not None:
        seconds = script.take("timeoutSecs")
        if script.take("isEnabled"):
            found["script_timeout"] = span_of(int(seconds or 120), _UNITS)
        script.finish()
    inner.finish()
    reader.finish()
    return without_absent(_FIELDS, found)


def _ip_address(reader: Reader, mappings: t.Mapping[str, str]) -> dict[str, t.Any]:
    mapping = str(reader.take("networkMappingExtId"))
    found: dict[str, t.Any] = {"network": mappings.get(mapping) or mapping.removeprefix(MAPPING_CALLED)}
    for word, wire in _ADDRESSES.items():
        address = reader.inner(wire)
        version = address.inner("ipv4") if address is not None else None
        if address is None or version is None:
            continue
        version.ignore(("prefixLength",))
        found[word] = str(version.take("value"))
        version.finish()
        address.finish()
    reader.finish()
    return without_absent(_IP_FIELDS, found)

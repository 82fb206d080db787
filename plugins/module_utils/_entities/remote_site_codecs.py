# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the parts of a remote site travel in the v1 API (contract/element section 2.1). Knows no ids: those of its parts are put in elsewhere."""

from __future__ import annotations

import typing as t

from .._model.codec import FIX_ON_SERVER, FIX_UPDATE, Body, Codec, Reader
from .._model.directory import Directory
from .._model.struct import as_set
from .remote_site_forms import DAYS, in_order, plain_number, seconds_of, time_of

# Ours -> the wire's. The others that a site shows (SUPPORT_...) say what the peer can.
CAPABILITIES = {"backup": "BACKUP", "disaster_recovery": "DISASTER_RECOVERY", "metro_availability": "METRO_AVAILABILITY"}
ABOUT_THE_PEER = "SUPPORT_"
_AHV = "kKvm"


class RemoteAddresses:
    """Addresses and their port share one property. Newer releases show a second one beside it, or it alone."""

    def encode(self, canonical: t.Mapping[str, t.Any], directory: Directory) -> Body:
        return {"remoteIpPorts": dict.fromkeys(canonical.get("addresses", []), canonical.get("port"))}

    def decode(self, reader: Reader, directory: Directory, found: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
        newer, older = reader.take("remoteIpAddressPorts"), reader.take("remoteIpPorts")
        ports = older or newer or {}
        if len(set(ports.values())) > 1:
            reader.refuse("remoteIpPorts", f"has different ports ({', '.join(map(str, sorted(set(ports.values()))))})", FIX_ON_SERVER)
        return {"addresses": in_order(ports) or None, "port": next(iter(ports.values()), None)}


class Capabilities(Codec):
    """A set of words; what is said about the peer is left aside."""

    def encode(self, value: t.Any, directory: Directory) -> Body:
        return {"capabilities": [CAPABILITIES[word] for word in value]}

    def decode(self, reader: Reader, directory: Directory) -> t.Any:
        ours = {wire: word for word, wire in CAPABILITIES.items()}
        given = [str(word).upper() for word in reader.take("capabilities") or [] if not str(word).upper().startswith(ABOUT_THE_PEER)]
        unknown = [word for word in given if word not in ours]
        if unknown:
            reader.refuse("capabilities", f"has {unknown[0]!r}, which this collection doesn't know", FIX_UPDATE)
        return sorted(ours[word] for word in given)


class NetworkMap(Codec):
    """``{here: there}`` of AHV networks, by name."""

    def encode(self, value: t.Any, directory: Directory) -> Body:
        mappings = [
            {"srcHypervisorType": _AHV, "srcNetworkName": here, "destHypervisorType": _AHV, "destNetworkName": there} for here, there in value.items()
        ]
        return {"networkMapping": {"l2NetworkMappings": mappings}}

    def decode(self, reader: Reader, directory: Directory) -> t.Any:
        mapping = reader.inner("networkMapping")
        if mapping is None:
            return None
        mapping.ignore(("uuid",))
        found: dict[str, str] = {}
        for entry in mapping.each("l2NetworkMappings"):
            for kind in ("srcHypervisorType", "destHypervisorType"):
                if str(entry.take(kind) or _AHV).upper() not in (_AHV.upper(), "AHV"):
                    entry.refuse(kind, "is not AHV")
            here, there = str(entry.take("srcNetworkName")), str(entry.take("destNetworkName"))
            if found.get(here, there) != there:
                entry.refuse("srcNetworkName", f"'{here}' is mapped to '{found[here]}' and to '{there}'")
            found[here] = there
            entry.finish()
        mapping.finish()
        return dict(sorted(found.items()))


class BandwidthPolicy(Codec):
    """Limits as the API counts them: ``per_megabyte`` of its units are one MB/s; 0 means no limit. Times are milliseconds of the day,
    days a bit mask that begins with Sunday (contract/element leaves units and first day open: see docs/remote_sites.md)."""

    def __init__(self, per_megabyte: int) -> None:
        self.per_megabyte = per_megabyte

    def encode(self, value: t.Any, directory: Directory) -> Body:
        windows = [
            {
                "startTime": seconds_of(window["from"]) * 1000,
                "endTime": seconds_of(window["to"]) * 1000,
                "daysSelected": sum(1 << DAYS.index(day) for day in window["days"]),
                "bandwidthLimit": self._units(window.get("megabytes_per_second")),
            }
            for window in value.get("windows", [])
        ]
        policy = {
            "policyName": value["name"],
            "defaultBandwidthLimit": self._units(value.get("megabytes_per_second")),
            "bandwidthConfigurations": windows,
        }
        return {"bandwidthPolicyEnabled": value["enabled"], "bandwidthPolicy": policy}

    def decode(self, reader: Reader, directory: Directory) -> t.Any:
        enabled = bool(reader.take("bandwidthPolicyEnabled"))
        policy = reader.inner("bandwidthPolicy")
        if policy is None:
            return None
        policy.ignore(("policyUuid",))
        found: dict[str, t.Any] = {"name": str(policy.take("policyName")), "enabled": enabled}
        found.update(self._speed(policy.take("defaultBandwidthLimit")))
        windows = [self._window(entry) for entry in policy.each("bandwidthConfigurations")]
        if windows:
            found["windows"] = as_set(windows)
        policy.finish()
        return found

    def _window(self, entry: Reader) -> dict[str, t.Any]:
        entry.ignore(("scheduleUuid",))
        mask = int(entry.take("daysSelected") or 0)
        if not 0 < mask < 128:
            entry.refuse("daysSelected", f"is {mask}, which names no days of a week")
        window: dict[str, t.Any] = {"days": [day for index, day in enumerate(DAYS) if mask & 1 << index]}
        for ours, theirs in (("from", "startTime"), ("to", "endTime")):
            milliseconds = int(entry.take(theirs) or 0)
            if milliseconds % 1000:
                entry.refuse(theirs, f"is {milliseconds} ms, which is no whole second")
            window[ours] = time_of(milliseconds // 1000)
        window.update(self._speed(entry.take("bandwidthLimit")))
        entry.finish()
        return window

    def _units(self, megabytes: float | None) -> int:
        return round((megabytes or 0) * self.per_megabyte)

    def _speed(self, units: t.Any) -> dict[str, float | int]:
        return {"megabytes_per_second": plain_number(int(units) / self.per_megabyte)} if units else {}

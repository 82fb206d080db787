# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every Prism Central has before anyone touches it. Knows names and bodies of system-defined objects only."""

from __future__ import annotations

from typing import Any

# The values a fresh Prism Central offers under its system keys. Further values under these keys are user categories.
_CATEGORIES: dict[str, tuple[str, ...]] = {
    "ADGroup": ("Default",),
    "AppTier": ("Default",),
    "AppType": ("Default", "Microsoft_Exchange", "Microsoft_SQL", "Oracle_DB", "VDI"),
    "Environment": ("Production", "Staging", "Testing", "Dev"),
    "Quarantine": ("Default", "Forensics"),
}

# name: (tcp ports, udp ports); a port is a number or a (first, last) pair.
_SERVICES: dict[str, tuple[tuple[Any, ...], tuple[Any, ...]]] = {
    "dns": ((53,), (53,)),
    "ftp": ((20, 21), ()),
    "http": ((80,), ()),
    "https": ((443,), ()),
    "imaps": ((993,), ()),
    "kerberos": ((88, 464), (88, 464)),
    "ldap": ((389,), (389,)),
    "ldaps": ((636,), ()),
    "mssql": ((1433,), ()),
    "mysql": ((3306,), ()),
    "nfs": ((111, 2049), (111, 2049)),
    "ntp": ((), (123,)),
    "oracle": ((1521,), ()),
    "postgresql": ((5432,), ()),
    "rdp": ((3389,), (3389,)),
    "smb": ((445,), ()),
    "smtp": ((25,), ()),
    "snmp": ((), ((161, 162),)),
    "ssh": ((22,), ()),
    "syslog": ((514,), (514,)),
    "winrm": ((5985, 5986), ()),
}


def categories() -> list[tuple[str, str]]:
    """(key, value) of each system category."""
    return [(key, value) for key, values in _CATEGORIES.items() for value in values]


def service_groups() -> list[dict[str, Any]]:
    """Bodies of the system service groups, ``ping`` included."""
    groups: list[dict[str, Any]] = []
    for name, (tcp, udp) in _SERVICES.items():
        group: dict[str, Any] = {"name": name, "isSystemDefined": True}
        if tcp:
            group["tcpServices"] = [_range(port) for port in tcp]
        if udp:
            group["udpServices"] = [_range(port) for port in udp]
        groups.append(group)
    groups.append({"name": "ping", "isSystemDefined": True, "icmpServices": [{"type": 8, "code": 0}]})
    return groups


def security_policies() -> list[dict[str, Any]]:
    """Bodies of the quarantine policies: strict and forensics, each once for VLANs and once for VPCs."""
    return [
        _quarantine(f"Quarantine {kind} {area}", value, scope)
        for kind, value in (("Strict", "Default"), ("Forensics", "Forensics"))
        for area, scope in (("VLAN", "ALL_VLAN"), ("VPC", "ALL_VPC"))
    ]


def _range(port: int | tuple[int, int]) -> dict[str, int]:
    first, last = port if isinstance(port, tuple) else (port, port)
    return {"startPort": first, "endPort": last}


def _quarantine(name: str, value: str, scope: str) -> dict[str, Any]:
    secured = {"securedGroupCategoryReferences": [f"@category:Quarantine/{value}"], "isAllProtocolAllowed": True}
    return {
        "name": name,
        "type": "QUARANTINE",
        "state": "ENFORCE",
        "scope": scope,
        "isIpv6TrafficAllowed": False,
        "isHitlogEnabled": False,
        "isSystemDefined": True,
        "rules": [
            {"type": "QUARANTINE", "spec": {**secured, "srcAllowSpec": "NONE"}},
            {"type": "QUARANTINE", "spec": {**secured, "destAllowSpec": "NONE"}},
        ],
    }

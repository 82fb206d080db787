# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How services travel in API bodies, both ways: one list per protocol, ids of service groups, a flag for all of them."""

from __future__ import annotations

import typing as t

from .codec import Body, Codec, Reader, name_at
from .directory import Directory
from .services import ANY, Service, parse_service, sort_services

PROPERTIES = {"tcp": "tcpServices", "udp": "udpServices", "icmp": "icmpServices", "icmpv6": "icmpV6Services"}


class ServiceLists(Codec):
    """Services spread over the properties per protocol; ``groups`` names the property with service group ids, if there is
    one, ``any_property`` the flag that allows everything. ``missing`` is what a body without any service means."""

    def __init__(self, *, groups: str = "", any_property: str = "", missing: list[str] | None = None) -> None:
        self.groups, self.any_property, self.missing = groups, any_property, missing

    def encode(self, value: t.Any, directory: Directory) -> Body:
        # Imported here: only a run that writes needs it.
        from .services_encode import service_lists

        return service_lists(value, directory, groups=self.groups, any_property=self.any_property)

    def decode(self, reader: Reader, directory: Directory) -> t.Any:
        found: list[Service] = []
        if self.any_property and reader.take(self.any_property):
            found.append(Service(ANY))
        if self.groups:
            for ext_id in reader.take(self.groups) or []:
                found.append(Service("group", group=name_at(reader, self.groups, directory, "service_group", ext_id)))
        for protocol, name in PROPERTIES.items():
            found += [_read_service(protocol, item) for item in reader.each(name)]
        return [str(service) for service in sort_services(found)] or self.missing


def _read_service(protocol: str, reader: Reader) -> Service:
    if protocol.startswith("icmp"):
        # Imported here: few services are ICMP.
        from .services_icmp import read_icmp

        service = read_icmp(protocol, reader)
    else:
        service = _read_ports(protocol, reader)
    reader.finish()
    try:
        return parse_service(str(service))
    except ValueError as error:
        reader.refuse("", f"is no service: {error}")


def _read_ports(protocol: str, reader: Reader) -> Service:
    first, last = reader.take("startPort"), reader.take("endPort")
    if first is None or last is None:
        reader.refuse("", "lacks startPort or endPort")
    return Service(protocol, first, last)

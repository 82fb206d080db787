# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How canonical values travel in API bodies, both ways. Knows property names and ids; no HTTP, no minor versions."""

from __future__ import annotations

import abc
import typing as t

from .._errors import NotRepresentable, UnknownReference
from .addresses import as_network, canonical_address, is_ipv6, is_range, sort_addresses
from .directory import Directory
from .services import ANY, GROUP, Service, parse_service, sort_services

Body = t.Dict[str, t.Any]
_ENVELOPE = ("links", "tenantId")


class Reader:
    """One API object being read. Every property must be taken by somebody, or ``finish`` refuses the object (law 2)."""

    def __init__(self, body: t.Mapping[str, t.Any], at: str) -> None:
        self.at = at
        self._left = {key: value for key, value in body.items() if not key.startswith("$") and key not in _ENVELOPE}

    def take(self, name: str) -> t.Any:
        """The property, or None. An empty list counts as not there."""
        value = self._left.pop(name, None)
        return None if value == [] else value

    def ignore(self, names: t.Iterable[str]) -> None:
        """Properties that the server makes by itself."""
        for name in names:
            self._left.pop(name, None)

    def inner(self, body: t.Mapping[str, t.Any], name: str) -> Reader:
        return Reader(body, f"{self.at}.{name}")

    def finish(self) -> None:
        """Raises NotRepresentable if anything is left that says something."""
        left = sorted(name for name, value in self._left.items() if value not in (None, [], {}))
        if left:
            raise NotRepresentable(
                f"this collection has no words for {', '.join(f'{self.at}.{name}' for name in left)}",
                path=f"{self.at}.{left[0]}",
                fix="Update the collection, remove the field on the server, or exclude the object from the scope",
            )


class Codec(abc.ABC):
    """The wire side of one field; may use several properties of the body."""

    @abc.abstractmethod
    def encode(self, value: t.Any, directory: Directory) -> Body:
        """Properties that say ``value`` (canonical, present)."""

    @abc.abstractmethod
    def decode(self, reader: Reader, directory: Directory) -> t.Any:
        """The canonical value, None if there is none."""


class Property(Codec):
    """One property, the value as it is."""

    def __init__(self, name: str) -> None:
        self.name = name

    def encode(self, value: t.Any, directory: Directory) -> Body:
        return {self.name: value}

    def decode(self, reader: Reader, directory: Directory) -> t.Any:
        value = reader.take(self.name)
        return value.strip() if isinstance(value, str) else value


class Word(Codec):
    """One property with an enum; ``words`` maps ours to the wire's."""

    def __init__(self, name: str, words: t.Mapping[str, str]) -> None:
        self.name = name
        self.words = dict(words)
        self._ours = {wire: word for word, wire in self.words.items()}

    def encode(self, value: t.Any, directory: Directory) -> Body:
        return {self.name: self.words[value]}

    def decode(self, reader: Reader, directory: Directory) -> t.Any:
        wire = reader.take(self.name)
        if wire is None:
            return None
        if wire not in self._ours:
            raise NotRepresentable(
                f"{reader.at}.{self.name} is {wire!r}, which this collection doesn't know",
                path=f"{reader.at}.{self.name}",
                fix="Update the collection, or exclude the object from the scope",
            )
        return self._ours[wire]


class IdOf(Codec):
    """One property with the id of another object."""

    def __init__(self, name: str, kind: str) -> None:
        self.name, self.kind = name, kind

    def encode(self, value: t.Any, directory: Directory) -> Body:
        return {self.name: directory.id_of(self.kind, value)}

    def decode(self, reader: Reader, directory: Directory) -> t.Any:
        ext_id = reader.take(self.name)
        return None if ext_id is None else name_at(reader, self.name, directory, self.kind, ext_id)


class IdsOf(Codec):
    """One property with ids of other objects of one kind; a set of names."""

    def __init__(self, name: str, kind: str) -> None:
        self.name, self.kind = name, kind

    def encode(self, value: t.Any, directory: Directory) -> Body:
        return {self.name: [directory.id_of(self.kind, name) for name in value]}

    def decode(self, reader: Reader, directory: Directory) -> t.Any:
        ids = reader.take(self.name)
        return None if ids is None else sorted({name_at(reader, self.name, directory, self.kind, ext_id) for ext_id in ids})


def name_at(reader: Reader, property_name: str, directory: Directory, kind: str, ext_id: str) -> str:
    """The name of an id found in a body. Raises UnknownReference that says where the id stands."""
    try:
        return directory.name_of(kind, ext_id)
    except UnknownReference as error:
        raise UnknownReference(f"{reader.at}.{property_name}: {error.cause}", site=error.site, fix=error.fix) from error


class AddressLists(Codec):
    """Addresses spread over the properties that hold v4 prefixes, v4 ranges, v6 prefixes and v6 ranges."""

    def __init__(self, ipv4: str, ipv4_ranges: str, ipv6: str = "", ipv6_ranges: str = "") -> None:
        self.prefixes = {False: ipv4, True: ipv6}
        self.ranges = {False: ipv4_ranges, True: ipv6_ranges}

    def encode(self, value: t.Any, directory: Directory) -> Body:
        body: Body = {}
        for text in value:
            names, item = (self.ranges, range_body(text)) if is_range(text) else (self.prefixes, prefix_body(text))
            body.setdefault(names[is_ipv6(text)], []).append(item)
        return body

    def decode(self, reader: Reader, directory: Directory) -> t.Any:
        found = []
        for name in filter(None, self.prefixes.values()):
            found += [read_prefix(item) for item in reader.take(name) or []]
        for name in filter(None, self.ranges.values()):
            found += [read_range(item) for item in reader.take(name) or []]
        return sort_addresses(found) or None


def prefix_body(text: str) -> Body:
    network = as_network(text)
    return {"value": str(network.network_address), "prefixLength": network.prefixlen}


def read_prefix(item: t.Mapping[str, t.Any]) -> str:
    length = item.get("prefixLength")
    return canonical_address(item["value"] if length is None else f"{item['value']}/{length}")


def range_body(text: str) -> Body:
    first, _dash, last = text.partition("-")
    return {"startIp": first, "endIp": last}


def read_range(item: t.Mapping[str, t.Any]) -> str:
    return canonical_address(f"{item['startIp']}-{item['endIp']}")


class ServiceLists(Codec):
    """Services spread over the properties per protocol; ``groups`` names the property with service group ids, if there is one."""

    def __init__(self, *, groups: str = "", any_property: str = "") -> None:
        self.groups, self.any_property = groups, any_property

    def encode(self, value: t.Any, directory: Directory) -> Body:
        body: Body = {}
        for service in map(parse_service, value):
            if service.protocol == ANY:
                body[self.any_property] = True
            elif service.protocol == "group":
                body.setdefault(self.groups, []).append(directory.id_of("service_group", service.group))
            else:
                body.setdefault(_PROPERTY[service.protocol], []).append(_service_body(service))
        return body

    def decode(self, reader: Reader, directory: Directory) -> t.Any:
        found: list[Service] = []
        if self.any_property and reader.take(self.any_property):
            found.append(Service(ANY))
        if self.groups:
            for ext_id in reader.take(self.groups) or []:
                found.append(Service("group", group=name_at(reader, self.groups, directory, "service_group", ext_id)))
        for protocol, name in _PROPERTY.items():
            found += [_read_service(protocol, item, f"{reader.at}.{name}") for item in reader.take(name) or []]
        return [str(service) for service in sort_services(found)] or None


_PROPERTY = {"tcp": "tcpServices", "udp": "udpServices", "icmp": "icmpServices", "icmpv6": "icmpV6Services"}


def _service_body(service: Service) -> Body:
    if service.protocol.startswith("icmp"):
        if service.low < 0:
            return {"isAllAllowed": True}
        return {"isAllAllowed": False, "type": service.low, **({} if service.high < 0 else {"code": service.high})}
    return {"startPort": service.low, "endPort": service.high}


def _read_service(protocol: str, item: t.Mapping[str, t.Any], at: str) -> Service:
    if not protocol.startswith("icmp"):
        return Service(protocol, item["startPort"], item["endPort"])
    kind, code = item.get("type"), item.get("code")
    if item.get("isAllAllowed") and kind is None and code is None:
        return Service(protocol)
    if kind is None or item.get("isAllAllowed"):
        raise NotRepresentable(
            f"{at} has an entry that says both all and one, or neither: {dict(item)}",
            path=at,
            fix="Give the entry either isAllAllowed or a type on the server",
        )
    return Service(protocol, kind, -1 if code is None else code)

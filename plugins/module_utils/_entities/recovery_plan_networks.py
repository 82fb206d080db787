# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The network mappings of a recovery plan, written and on the wire (contract/v4 section 11.3)."""

from __future__ import annotations

import typing as t

from .._model.codec import Body, Reader, name_at
from .._model.directory import Directory
from .._model.form import Flag, Text
from .._model.struct import Field, ListOf, Struct, without_absent
from .protection_locations import located, unlocated

#: Each network of a mapping with its property, and whether it is at the recovery location.
_NETWORKS = {
    "primary": ("primaryNetwork", False),
    "recovery": ("recoveryNetwork", True),
    "primary_test": ("primaryTestNetwork", False),
    "recovery_test": ("recoveryTestNetwork", True),
}
_NETWORK = Text(longest=512)
_FIELDS = (
    Field("primary", _NETWORK, required=True),
    Field("recovery", _NETWORK, required=True),
    Field("primary_test", _NETWORK),
    Field("recovery_test", _NETWORK),
    Field("ip_mapping", Flag(), absent=False),
)
MAPPINGS = ListOf(Struct(_FIELDS, example="write {primary: servers, recovery: servers, recovery_test: servers-test}"))


def networks_of(mappings: t.Iterable[t.Mapping[str, t.Any]], here: str, there: str) -> t.Iterator[str]:
    """The names of all networks, each with its Prism Central."""
    for mapping in mappings:
        for word, (_property, recovery) in _NETWORKS.items():
            if mapping.get(word):
                yield located(there if recovery else here, mapping[word])


def encode_mapping(mapping: t.Mapping[str, t.Any], here: str, there: str, directory: Directory) -> Body:
    """The body of one mapping. Raises UnknownReference or Ambiguous."""
    body: Body = {"isIpMappingEnabled": mapping.get("ip_mapping", False)}
    for word, (property_name, recovery) in _NETWORKS.items():
        if mapping.get(word):
            body[property_name] = _network(located(there if recovery else here, mapping[word]), directory)
    return body


def _network(name: str, directory: Directory) -> Body:
    body: Body = {"subnetExtId": directory.id_of("location_subnet", name)}
    if directory.knows("vpc_of_subnet", name):
        body["vpc"] = {"extId": directory.id_of("vpc_of_subnet", name)}
    return body


def decode_mapping(reader: Reader, here: str, there: str, directory: Directory) -> dict[str, t.Any]:
    """What a mapping says. Raises NotRepresentable and UnknownReference."""
    found: dict[str, t.Any] = {"ip_mapping": reader.take("isIpMappingEnabled")}
    for word, (property_name, recovery) in _NETWORKS.items():
        network = reader.inner(property_name)
        if network is None:
            continue
        name, ext_id = network.take("subnetName"), network.take("subnetExtId")
        if ext_id is not None:
            name = unlocated(there if recovery else here, name_at(network, "subnetExtId", directory, "location_subnet", str(ext_id)))
        network.ignore(("vpc",))  # it follows from the subnet
        network.finish()
        found[word] = name
    reader.finish()
    return without_absent(_FIELDS, found)

# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a protection policy keeps copies: Prism Centrals and their clusters, written and on the wire (contract/v4 section 11.1)."""

from __future__ import annotations

import typing as t

from .._model.codec import FIX_UPDATE, Body, Codec, Reader, name_at
from .._model.directory import Directory, Reference
from .._model.form import Flag, Text
from .._model.form_names import Name, Names
from .._model.struct import Field, ListOf, Struct, as_set

_CLUSTERS_TYPE = "datapolicies.v4.config.NutanixCluster"


def located(prism_central: str, name: str) -> str:
    """The name of something at another Prism Central: ``pc-south/south-ahv``."""
    return f"{prism_central}/{name}"


def unlocated(prism_central: str, name: str) -> str:
    """What the Prism Central itself calls it; the name as it is if it belongs to another one."""
    return name.removeprefix(f"{prism_central}/")


class LocationForm(Struct):
    """A place: its clusters are those of its Prism Central."""

    def references(self, value: t.Any) -> t.Iterator[Reference]:
        prism_central = value.get("prism_central", "")
        yield Reference("prism_central", prism_central)
        for cluster in value.get("clusters", ()):
            yield Reference("location_cluster", located(prism_central, cluster))


LOCATIONS = ListOf(
    LocationForm(
        (
            Field("name", Text(longest=1000), required=True),
            Field("prism_central", Name("prism_central"), required=True),
            Field("clusters", Names("location_cluster"), absent=[]),
            Field("primary", Flag(), absent=False),
        ),
        example="write {name: north, prism_central: pc-north, primary: true}",
    )
)


class LocationsCodec(Codec):
    """The property replicationLocations."""

    name = "replicationLocations"

    def encode(self, value: t.Any, directory: Directory) -> Body:
        return {self.name: [_encoded(location, directory) for location in value]}

    def decode(self, reader: Reader, directory: Directory) -> t.Any:
        return as_set([_decoded(location, directory) for location in reader.each(self.name)]) or None


def _encoded(location: t.Mapping[str, t.Any], directory: Directory) -> Body:
    prism_central = location["prism_central"]
    body: Body = {
        "label": location["name"],
        "domainManagerExtId": directory.id_of("prism_central", prism_central),
        "isPrimary": location.get("primary", False),
    }
    if location.get("clusters"):
        ids = [directory.id_of("location_cluster", located(prism_central, name)) for name in location["clusters"]]
        body["replicationSubLocation"] = {"$objectType": _CLUSTERS_TYPE, "clusterExtIds": ids}
    return body


def _decoded(reader: Reader, directory: Directory) -> dict[str, t.Any]:
    found: dict[str, t.Any] = {"name": str(reader.take("label") or "").strip()}
    prism_central = name_at(reader, "domainManagerExtId", directory, "prism_central", str(reader.take("domainManagerExtId")))
    found["prism_central"] = prism_central
    below = reader.inner("replicationSubLocation")
    if below is not None:
        if below.object_type not in ("", _CLUSTERS_TYPE):
            below.refuse("", f"is a {below.object_type}; this collection has no words for object stores", FIX_UPDATE)
        ids = below.take("clusterExtIds") or []
        names = [name_at(below, "clusterExtIds", directory, "location_cluster", ext_id) for ext_id in ids]
        if names:
            found["clusters"] = sorted(unlocated(prism_central, name) for name in names)
        below.finish()
    if reader.take("isPrimary"):
        found["primary"] = True
    reader.finish()
    return found

# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The recovery plan with its stages, network mappings and recovery settings, as one object. Its table (contract/v4 section 11.3)."""

from __future__ import annotations

import typing as t

from .._model.codec import Body, Codec, Property, Reader, name_at
from .._model.directory import Directory, Reference
from .._model.entity import Canonical, Entity
from .._model.form import Text
from .._model.form_names import Name, Names
from .._model.parts import PartList
from .._model.struct import Field, as_set
from .protection_locations import LocationForm, located, unlocated
from .recovery_plan_checks import check_places, check_settings, check_stages
from .recovery_plan_networks import MAPPINGS, decode_mapping, encode_mapping, networks_of
from .recovery_plan_settings import SETTINGS, decode_setting, encode_setting
from .recovery_plan_stages import STAGES, decode_stage, encode_stage, in_order

_PLACE = LocationForm(
    (Field("prism_central", Name("prism_central"), required=True), Field("clusters", Names("location_cluster"), absent=[])),
    example="write {prism_central: pc-north}",
)


class _Place(Codec):
    """One side of a plan."""

    def __init__(self, name: str) -> None:
        self.name = name

    def encode(self, value: t.Any, directory: Directory) -> Body:
        prism_central = value["prism_central"]
        body: Body = {"domainManagerExtId": directory.id_of("prism_central", prism_central)}
        if value.get("clusters"):
            body["clusters"] = [{"extId": directory.id_of("location_cluster", located(prism_central, name))} for name in value["clusters"]]
        return {self.name: body}

    def decode(self, reader: Reader, directory: Directory) -> t.Any:
        inner = reader.inner(self.name)
        if inner is None:
            return None
        prism_central = name_at(inner, "domainManagerExtId", directory, "prism_central", str(inner.take("domainManagerExtId")))
        found: Canonical = {"prism_central": prism_central}
        clusters = [name_at(cluster, "extId", directory, "location_cluster", str(cluster.take("extId"))) for cluster in inner.each("clusters")]
        if clusters:
            found["clusters"] = sorted(unlocated(prism_central, name) for name in clusters)
        inner.finish()
        return found


class _Parts:
    """The parts of a plan, each of which the API keeps in a list of its own."""

    def encode(self, canonical: Canonical, directory: Directory) -> Body:
        here, there = _sides(canonical)
        return {
            "networkMappings": [encode_mapping(mapping, here, there, directory) for mapping in canonical.get("network_mappings", ())],
            "stages": [encode_stage(stage, directory) for stage in canonical.get("stages", ())],
            "recoverySettings": [encode_setting(setting, directory) for setting in canonical.get("recovery_settings", ())],
        }

    def decode(self, reader: Reader, directory: Directory, found: Canonical) -> Canonical:
        here, there = _sides(found)
        mappings = {str(each.take("extId") or ""): decode_mapping(each, here, there, directory) for each in reader.each("networkMappings")}
        called = {ext_id: mapping["primary"] for ext_id, mapping in mappings.items()}
        return {
            "network_mappings": as_set(mappings.values()),
            "stages": in_order([decode_stage(each, directory) for each in reader.each("stages")]),
            "recovery_settings": as_set([decode_setting(each, called, directory) for each in reader.each("recoverySettings")]),
        }


def _sides(canonical: t.Mapping[str, t.Any]) -> tuple[str, str]:
    return canonical["primary"]["prism_central"], canonical["recovery"]["prism_central"]


def _networks(canonical: t.Mapping[str, t.Any]) -> t.Iterator[Reference]:
    """The networks of both sides: which Prism Central has them is said by the plan."""
    if "primary" in canonical and "recovery" in canonical:
        for name in networks_of(canonical.get("network_mappings", ()), *_sides(canonical)):
            yield Reference("location_subnet", name)


RECOVERY_PLAN = Entity(
    kind="recovery_plan",
    plural="recovery_plans",
    namespace="datapolicies",
    path="config/recovery-plans",
    object_type="datapolicies.v4.config.RecoveryPlan",
    since=(4, 2),
    fields=(
        Field("name", Text(longest=256), Property("name"), required=True),
        Field("description", Text(longest=1000), Property("description"), absent=""),
        Field("primary", _PLACE, _Place("primaryLocation"), required=True),
        Field("recovery", _PLACE, _Place("recoveryLocation"), required=True),
        Field("stages", STAGES, absent=[]),
        Field("network_mappings", MAPPINGS, absent=[]),
        Field("recovery_settings", SETTINGS, absent=[]),
    ),
    server_made=("ownerExtId", "isProtectionPausedPostFailover"),
    site_owned=("witness",),
    refers_to=("category", "prism_central", "location_cluster", "location_subnet", "recoverable_vm"),
    parts=_Parts(),
    part_lists=(
        PartList("network_mappings", "networkMappings", "network-mappings", ("primary",)),
        PartList("stages", "stages", "stages", ("priority",)),
        PartList("recovery_settings", "recoverySettings", "recovery-settings", ("vm", "category")),
    ),
    refers_beyond=_networks,
    checks=(check_places, check_stages, check_settings),
)

# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two kinds of objects, small enough to reason about, for tests of the engine: a list of addresses and a rule that uses lists."""

from __future__ import annotations

from ansible_collections.nutanix_flow.dr.plugins.module_utils._entities.address_group import ADDRESS_GROUP
from ansible_collections.nutanix_flow.dr.plugins.module_utils._entities.category import CATEGORY
from ansible_collections.nutanix_flow.dr.plugins.module_utils._entities.common import description_field, name_field
from ansible_collections.nutanix_flow.dr.plugins.module_utils._entities.service_group import SERVICE_GROUP
from ansible_collections.nutanix_flow.dr.plugins.module_utils._model.codec import IdsOf, Property, Word
from ansible_collections.nutanix_flow.dr.plugins.module_utils._model.directory import Directory
from ansible_collections.nutanix_flow.dr.plugins.module_utils._model.entity import Canonical, Entity, Held, name_of
from ansible_collections.nutanix_flow.dr.plugins.module_utils._model.form import Choice, Text
from ansible_collections.nutanix_flow.dr.plugins.module_utils._model.form_names import Names
from ansible_collections.nutanix_flow.dr.plugins.module_utils._model.struct import Field

RULE = Entity(
    kind="security_rule",
    plural="security_rules",
    namespace="microseg",
    path="config/policies",
    object_type="test.Rule",
    fields=(
        name_field(63),
        description_field(512),
        Field("type", Text(), Property("type"), immutable=True),
        Field("mode", Choice(("save", "monitor", "enforce")), Word("state", {"save": "SAVE", "monitor": "MONITOR", "enforce": "ENFORCE"}), required=True),
        Field("addresses", Names("address_group"), IdsOf("addressRefs", "address_group"), absent=[]),
        Field("vpcs", Names("vpc"), IdsOf("vpcRefs", "vpc"), absent=[]),
        Field("color", Text(), Property("color"), since=(4, 3)),
    ),
    system_property="isSystemDefined",
    site_owned=("projectExtId",),
    refers_to=("address_group", "vpc"),
)
ENTITIES = {entity.kind: entity for entity in (CATEGORY, ADDRESS_GROUP, SERVICE_GROUP, RULE)}
MINORS = {"microseg": (4, 2), "prism": (4, 2)}


def group(name: str, *addresses: str) -> Canonical:
    return {"name": name, "addresses": sorted(addresses) or ["10.0.0.0/24"]}


def rule(name: str, *groups: str, **fields: object) -> Canonical:
    return {"name": name, "mode": "save", **({"addresses": sorted(groups)} if groups else {}), **fields}


def held(kind: str, canonical: Canonical, *, ext_id: str = "", system: bool = False) -> Held:
    name = name_of(ENTITIES[kind], canonical)
    return Held(kind, name, ext_id or f"id-{name}", canonical, system)


def directory(*objects: Held, vpcs: tuple[str, ...] = ()) -> Directory:
    found = Directory("pc-b")
    for item in objects:
        found.add(item.kind, item.name, item.ext_id)
    for vpc in vpcs:
        found.add("vpc", vpc, f"id-{vpc}")
    return found

# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who a rule is about: secured groups, peers and isolated groups, written and on the wire (contract/v4 sections 9.3, 9.4)."""

from __future__ import annotations

import typing as t
from collections.abc import Mapping

from .._model.codec import IdOf, IdsOf, Reader, name_at
from .._model.codec_addresses import Prefixes
from .._model.directory import Directory
from .._model.form_addresses import Addresses
from .._model.form_categories import Categories, from_category_names
from .._model.form_names import Name, Names
from .._model.problems import Problems
from .._model.struct import Field, Struct

Selector: t.TypeAlias = str | dict[str, t.Any]

ANY, NONE = "any", "none"
ALLOW_SPECS = {ANY: "ALL", NONE: "NONE"}
# Our field per type of object that carries the categories; VM is what the wire means by leaving the type out.
CATEGORY_FIELDS = {"categories": "VM", "subnet_categories": "SUBNET", "vpc_categories": "VPC"}

_GROUP_FIELDS = (
    Field("categories", Categories()),
    Field("subnet_categories", Categories(), since=(4, 1)),
    Field("vpc_categories", Categories(), since=(4, 1)),
    Field("entity_group", Name("entity_group"), since=(4, 1)),
)
_PEER_FIELDS = (
    *_GROUP_FIELDS,
    Field("cidr", Addresses(ranges=False, single=True)),
    Field("address_groups", Names("address_group")),
)


class SelectorForm(Struct):
    """A Struct of selectors. Its option is a plain dict, so that the usual mistakes get an answer of ours."""

    def option(self) -> dict[str, t.Any]:
        return {"type": "raw" if self.words else "dict"}

    def canonical(self, value: t.Any, at: str, problems: Problems) -> t.Any:
        if isinstance(value, Mapping) and value and not any(field.name in value for field in self.fields):
            # Imported here: only mistakes need it.
            from .selector_mistakes import bare_categories

            hint = bare_categories(value, [field.name for field in self.fields])
            if hint:
                problems.add(at, "holds no selector", hint)
                return {}
        if isinstance(value, list) and self.words:
            problems.add(at, "is a list, but an entry has one peer", "write one entry per peer")
            return {}
        found = super().canonical(value, at, problems)
        typed = [name for name in CATEGORY_FIELDS if name in found] if isinstance(found, dict) else []
        if len(typed) > 1 and not self.exclusive:
            problems.add(at, f"has {' and '.join(typed)}; a side of a rule takes one of them", "write one entry per kind")
        if found == {} and not self.exclusive and not problems.any_at(at):
            problems.add(at, "is empty", self.example)
        return found


SECURED = SelectorForm(_GROUP_FIELDS, exclusive=True, example="write {categories: {AppType: Web}} or {entity_group: NAME}")
PEER = SelectorForm(
    _PEER_FIELDS,
    words={ANY: None, NONE: None},
    example="write any, none, {categories: {AppType: Web}}, {cidr: 10.0.0.0/8} or {address_groups: [NAME]}",
)


class Side(t.NamedTuple):
    """The wire names of the properties that say who; an empty name means that this side has no such property."""

    categories: str
    category_type: str
    entity_group: str
    allow: str = ""
    ipv4: str = ""
    ipv6: str = ""
    address_groups: str = ""


SECURED_SIDE = Side(
    "securedGroupCategoryReferences", "securedGroupCategoryAssociatedEntityType", "securedGroupEntityGroupReference"
)
ISOLATED_SIDE = Side("groupCategoryReferences", "groupCategoryAssociatedEntityType", "groupEntityGroupReference")
SOURCE_SIDE = Side(
    "srcCategoryReferences",
    "srcCategoryAssociatedEntityType",
    "srcEntityGroupReference",
    "srcAllowSpec",
    "srcSubnet",
    "srcIpv6Subnet",
    "srcAddressGroupReferences",
)
DESTINATION_SIDE = Side(
    "destCategoryReferences",
    "destCategoryAssociatedEntityType",
    "destEntityGroupReference",
    "destAllowSpec",
    "destSubnet",
    "destIpv6Subnet",
    "destAddressGroupReferences",
)


def decode_side(side: Side, reader: Reader, directory: Directory) -> Selector | None:
    """What one side of a rule says, None if it says nothing. Raises NotRepresentable and UnknownReference."""
    found = _decode_categories(side, reader, directory)
    group = IdOf(side.entity_group, "entity_group").decode(reader, directory)
    if group is not None:
        found["entity_group"] = group
    if not side.allow:
        if len(found) > 1:
            reader.refuse("", f"has both {side.categories} and {side.entity_group}")
        return found or None
    cidr = Prefixes(side.ipv4, side.ipv6).decode(reader, directory)
    if cidr is not None:
        found["cidr"] = cidr
    address_groups = IdsOf(side.address_groups, "address_group").decode(reader, directory)
    if address_groups is not None:
        found["address_groups"] = address_groups
    return _decode_allow(side, reader, found) or found or None


def _decode_categories(side: Side, reader: Reader, directory: Directory) -> dict[str, t.Any]:
    """A type beside no categories says nothing (the server drops it there)."""
    entity_type, ids = reader.take(side.category_type) or "VM", reader.take(side.categories)
    if not ids:
        return {}
    names = {wire: name for name, wire in CATEGORY_FIELDS.items()}
    if entity_type not in names:
        reader.refuse(side.category_type, f"is {entity_type!r}, which this collection doesn't know")
    found = [name_at(reader, side.categories, directory, "category", ext_id) for ext_id in ids]
    return {names[entity_type]: from_category_names(found)}


def _decode_allow(side: Side, reader: Reader, others: dict[str, t.Any]) -> str | None:
    allow = reader.take(side.allow)
    if allow is None:
        return None
    words = {wire: word for word, wire in ALLOW_SPECS.items()}
    if allow not in words:
        reader.refuse(side.allow, f"is {allow!r}, which this collection doesn't know")
    if others:
        reader.refuse(side.allow, f"is {allow} beside {', '.join(others)}")
    return words[allow]

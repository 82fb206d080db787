# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who a rule is about: secured groups, peers and isolated groups, written and on the wire (contract/v4 sections 9.3, 9.4)."""

from __future__ import annotations

import typing as t
from collections.abc import Mapping

from .._model.codec import Body, Codec, IdOf, IdsOf, Reader, Word
from .._model.codec_addresses import Prefixes
from .._model.directory import Directory
from .._model.form_addresses import Addresses
from .._model.form_categories import Categories, from_category_names
from .._model.form_names import Name, Names
from .._model.problems import Problems
from .._model.struct import Field, Struct

Selector: t.TypeAlias = str | dict[str, t.Any]

ANY, NONE = "any", "none"
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


class GroupSide(Codec):
    """The properties that say which group: its categories, with the type of object that carries them, or its entity group."""

    def __init__(self, categories: str, category_type: str, entity_group: str) -> None:
        self.categories = IdsOf(categories, "category")
        # A type beside no categories says nothing (the server drops it there).
        self.category_type = Word(category_type, CATEGORY_FIELDS, missing="categories")
        self.entity_group = IdOf(entity_group, "entity_group")

    def encode(self, value: t.Any, directory: Directory) -> Body:
        # Imported here, as below: only a run that writes needs it.
        from .selectors_encode import encode_group

        return encode_group(self, value, directory)

    def decode(self, reader: Reader, directory: Directory) -> t.Any:
        found = self.said(reader, directory)
        if len(found) > 1:
            reader.refuse("", f"has both {self.categories.name} and {self.entity_group.name}")
        return found or None

    def said(self, reader: Reader, directory: Directory) -> dict[str, t.Any]:
        """Our fields with what the properties say."""
        found: dict[str, t.Any] = {}
        names = self.categories.decode(reader, directory)
        if names:
            found[self.category_type.decode(reader, directory)] = from_category_names(names)
        reader.ignore((self.category_type.name,))
        entity_group = self.entity_group.decode(reader, directory)
        if entity_group is not None:
            found["entity_group"] = entity_group
        return found


class PeerSide(GroupSide):
    """The properties that say who else: a group, addresses, everybody or nobody."""

    def __init__(
        self, categories: str, category_type: str, entity_group: str, allow: str, ipv4: str, ipv6: str, address_groups: str
    ) -> None:
        super().__init__(categories, category_type, entity_group)
        self.allow = Word(allow, {ANY: "ALL", NONE: "NONE"})
        self.parts: dict[str, Codec] = {"cidr": Prefixes(ipv4, ipv6), "address_groups": IdsOf(address_groups, "address_group")}

    def encode(self, value: t.Any, directory: Directory) -> Body:
        from .selectors_encode import encode_peer

        return encode_peer(self, value, directory)

    def decode(self, reader: Reader, directory: Directory) -> t.Any:
        found = self.said(reader, directory)
        found.update({name: said for name, codec in self.parts.items() if (said := codec.decode(reader, directory)) is not None})
        allow = self.allow.decode(reader, directory)
        if allow and found:
            reader.refuse(self.allow.name, f"is {self.allow.words[allow]} beside {', '.join(found)}")
        return allow or found or None


SECURED_SIDE = GroupSide("securedGroupCategoryReferences", "securedGroupCategoryAssociatedEntityType", "securedGroupEntityGroupReference")
ISOLATED_SIDE = GroupSide("groupCategoryReferences", "groupCategoryAssociatedEntityType", "groupEntityGroupReference")
SOURCE_SIDE = PeerSide(
    "srcCategoryReferences",
    "srcCategoryAssociatedEntityType",
    "srcEntityGroupReference",
    "srcAllowSpec",
    "srcSubnet",
    "srcIpv6Subnet",
    "srcAddressGroupReferences",
)
DESTINATION_SIDE = PeerSide(
    "destCategoryReferences",
    "destCategoryAssociatedEntityType",
    "destEntityGroupReference",
    "destAllowSpec",
    "destSubnet",
    "destIpv6Subnet",
    "destAddressGroupReferences",
)

# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The entity group: VMs, networks and addresses under one name. Its table and its wire side (contract/v4 section 9.6)."""

from __future__ import annotations

import typing as t

from .._model.codec import Body, Codec, Reader
from .._model.directory import Directory
from .._model.entity import Entity
from .._model.form_addresses import Addresses
from .._model.form_categories import Categories
from .._model.form_names import Names
from .._model.struct import Field, ListOf, Struct, as_set
from .common import TIMES, all_projects_field, description_field, name_field
from .entity_group_members import (
    FQDNS,
    KUBERNETES,
    VM_NAME,
    AddressValues,
    CategoryIds,
    Kubernetes,
    MemberCodec,
    ObjectIds,
    Texts,
    VmName,
)

_IPV4 = Addresses(ipv6=False)
_MEMBER = Struct(
    (
        Field("categories", Categories()),
        Field("vms", Names("vm")),
        Field("vm_name", VM_NAME, since=(4, 3)),
        Field("subnets", Names("subnet")),
        Field("subnet_categories", Categories()),
        Field("vpc_categories", Categories()),
        Field("address_groups", Names("address_group"), since=(4, 2)),
        Field("addresses", _IPV4, since=(4, 2)),
        Field("fqdns", FQDNS, since=(4, 3)),
        Field("kubernetes", KUBERNETES),
    ),
    exclusive=True,
    example="write one list item per selector, like - categories: {AppTier: Web}",
)
_EXCEPTION = Struct(
    (Field("address_groups", Names("address_group")), Field("addresses", _IPV4)),
    exclusive=True,
    example="write - addresses: [10.0.0.9] or - address_groups: [NAME]",
)

_MEMBER_CODECS: dict[str, MemberCodec] = {
    "categories": CategoryIds("VM"),
    "vms": ObjectIds("VM", "vm"),
    "vm_name": VmName(),
    "subnets": ObjectIds("SUBNET", "subnet"),
    "subnet_categories": CategoryIds("SUBNET"),
    "vpc_categories": CategoryIds("VPC"),
    "address_groups": ObjectIds("ADDRESS_GROUP", "address_group"),
    "addresses": AddressValues(),
    "fqdns": Texts("ADDRESS_GROUP", "FQDN_VALUES", "fqdns"),
    "kubernetes": Kubernetes(),
}


class Members(Codec):
    """A property with a list of entities, each of which one member codec reads."""

    def __init__(self, name: str, words: t.Iterable[str]) -> None:
        self.name = name
        self.codecs = {word: _MEMBER_CODECS[word] for word in words}

    def encode(self, value: t.Any, directory: Directory) -> Body:
        entities = [self.codecs[word].encode(found, directory) for member in value for word, found in member.items()]
        return {self.name: {"entities": entities}}

    def decode(self, reader: Reader, directory: Directory) -> t.Any:
        config = reader.inner(self.name)
        if config is None:
            return None
        members = as_set([self._member(entity, directory) for entity in config.each("entities")])
        config.finish()
        return members or None

    def _member(self, entity: Reader, directory: Directory) -> dict[str, t.Any]:
        kind, selector = entity.take("type"), entity.take("selectBy")
        word = next((word for word, codec in self.codecs.items() if codec.reads(kind, selector)), None)
        if word is None:
            entity.refuse("", f"selects {kind} by {selector}, which this collection has no words for")
        value = self.codecs[word].decode(entity, directory, kind, selector)
        entity.finish()
        return {word: value}


ENTITY_GROUP = Entity(
    kind="entity_group",
    plural="entity_groups",
    namespace="microseg",
    path="config/entity-groups",
    object_type="microseg.v4.config.EntityGroup",
    since=(4, 1),
    fields=(
        name_field(64),
        description_field(1000),
        Field("members", ListOf(_MEMBER), Members("allowedConfig", _MEMBER_CODECS), absent=[]),
        Field(
            "exceptions", ListOf(_EXCEPTION), Members("exceptConfig", ("address_groups", "addresses")), since=(4, 2), absent=[]
        ),
        all_projects_field(),
    ),
    server_made=("policyExtIds", "ownerExtId", *TIMES),
    site_owned=("projectExtId",),
    system_property="isSystemDefined",
    refers_to=("category", "address_group", "vm", "subnet"),
)

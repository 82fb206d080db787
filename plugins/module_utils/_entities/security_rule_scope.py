# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The scope of a security rule: in which networks it secures VMs (contract/v4 section 9.1, semantics section 4.4)."""

from __future__ import annotations

import typing as t

from .._model.codec import Body, Codec, IdsOf, Reader, name_at
from .._model.directory import Directory
from .._model.form_categories import Categories, from_category_names
from .._model.form_names import Names
from .._model.struct import Field, Struct

WORDS = {"vlans": "ALL_VLAN", "all_vpcs": "ALL_VPC", "global": "GLOBAL"}
VPCS = IdsOf("vpcReferences", "vpc")

SCOPE = Struct(
    (
        Field("vpcs", Names("vpc"), absent=[]),
        Field("vpc_categories", Categories(), since=(4, 1)),
    ),
    words={"vlans": None, "all_vpcs": None, "global": (4, 1)},
    exclusive=True,
    example="write vlans, all_vpcs, global, {vpcs: [NAME]} or {vpc_categories: {Zone: DMZ}}",
)


class ScopeCodec(Codec):
    """``scope`` with its two lists. A missing word follows from the lists."""

    def encode(self, value: t.Any, directory: Directory) -> Body:
        # Imported here: only a run that writes needs it.
        from .security_rule_encode import encode_scope

        return encode_scope(value, directory)

    def decode(self, reader: Reader, directory: Directory) -> t.Any:
        scope = reader.take("scope")
        vpcs = VPCS.decode(reader, directory)
        ids = reader.take("scopeReferences") or []
        categories = [name_at(reader, "scopeReferences", directory, "category", ext_id) for ext_id in ids]
        if scope is None:
            scope = "VPC_LIST" if vpcs else "VPC_AS_CATEGORY" if categories else "ALL_VLAN"
        words = {wire: word for word, wire in WORDS.items()}
        if scope not in (*words, "VPC_LIST", "VPC_AS_CATEGORY"):
            reader.refuse("scope", f"is {scope!r}, which this collection doesn't know")
        if bool(vpcs) != (scope == "VPC_LIST") or bool(categories) != (scope == "VPC_AS_CATEGORY"):
            reader.refuse("scope", f"is {scope} with {len(vpcs or [])} vpcReferences and {len(categories)} scopeReferences")
        if vpcs:
            return {"vpcs": vpcs}
        return {"vpc_categories": from_category_names(categories)} if categories else words[scope]

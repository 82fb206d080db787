# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The address group: named addresses. Knows its table only (contract/v4 section 9.7)."""

from __future__ import annotations

from .._model.codec_addresses import AddressLists
from .._model.entity import Entity
from .._model.form_addresses import Addresses
from .._model.struct import Field
from .common import TIMES, all_projects_field, description_field, name_field

ADDRESS_GROUP = Entity(
    kind="address_group",
    plural="address_groups",
    namespace="microseg",
    path="config/address-groups",
    object_type="microseg.v4.config.AddressGroup",
    fields=(
        name_field(64),
        description_field(1000),
        Field(
            "addresses",
            Addresses(),
            AddressLists("ipv4Addresses", "ipRanges", "ipv6Addresses", "ipv6Ranges"),
            required=True,
            absent=[],
        ),
        all_projects_field(),
    ),
    server_made=("policyReferences", "createdBy", *TIMES),
    site_owned=("projectExtId",),
)

# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How who a rule is about is written into API rules (contract/v4 sections 9.3, 9.4); `selectors.py` reads it."""

from __future__ import annotations

from .._model.codec import Body, IdOf, IdsOf
from .._model.codec_addresses import Prefixes
from .._model.directory import Directory
from .._model.form_categories import category_names
from .selectors import ALLOW_SPECS, CATEGORY_FIELDS, Selector, Side


def encode_side(side: Side, selector: Selector, directory: Directory) -> Body:
    """The properties that say ``selector``. Raises UnknownReference or Ambiguous."""
    if isinstance(selector, str):
        return {side.allow: ALLOW_SPECS[selector]}
    body: Body = {}
    for name, entity_type in CATEGORY_FIELDS.items():
        if name in selector:
            body[side.categories] = [directory.id_of("category", one) for one in category_names(selector[name])]
            if entity_type != "VM":  # 4.0 doesn't know the property
                body[side.category_type] = entity_type
    if "entity_group" in selector:
        body.update(IdOf(side.entity_group, "entity_group").encode(selector["entity_group"], directory))
    if "cidr" in selector:
        body.update(Prefixes(side.ipv4, side.ipv6).encode(selector["cidr"], directory))
    if "address_groups" in selector:
        body.update(IdsOf(side.address_groups, "address_group").encode(selector["address_groups"], directory))
    return body

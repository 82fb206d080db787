# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How who a rule is about is written into API rules (contract/v4 sections 9.3, 9.4); `selectors.py` reads it."""

from __future__ import annotations

import typing as t

from .._model.codec import Body
from .._model.directory import Directory
from .._model.form_categories import category_names
from .selectors import CATEGORY_FIELDS, GroupSide, PeerSide


def encode_group(side: GroupSide, selector: t.Mapping[str, t.Any], directory: Directory) -> Body:
    """The properties that say which group. Raises UnknownReference or Ambiguous."""
    body: Body = {}
    for name, entity_type in CATEGORY_FIELDS.items():
        if name in selector:
            body.update(side.categories.encode(category_names(selector[name]), directory))
            if entity_type != "VM":  # 4.0 doesn't know the property
                body.update(side.category_type.encode(name, directory))
    if "entity_group" in selector:
        body.update(side.entity_group.encode(selector["entity_group"], directory))
    return body


def encode_peer(side: PeerSide, selector: t.Any, directory: Directory) -> Body:
    """The properties that say who else. Raises UnknownReference or Ambiguous."""
    if isinstance(selector, str):
        return side.allow.encode(selector, directory)
    body = encode_group(side, selector, directory)
    for name, codec in side.parts.items():
        if name in selector:
            body.update(codec.encode(selector[name], directory))
    return body

# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the groups of a security rule are written as API rules (contract/v4 section 9); `security_rule_groups.py` reads them."""

from __future__ import annotations

import typing as t

from .._model.codec import Body
from .._model.directory import Directory
from .._model.encode import encode_fields
from .rule_entries import RULE_FIELDS
from .security_rule_groups import APPLICATION_SPEC, DIRECTIONS, INTRA_SPEC, INTRA_SPEC_FIELDS, SPEC_FIELDS, spell_out
from .selectors import DESTINATION_SIDE, SECURED_SIDE, SOURCE_SIDE
from .selectors_encode import encode_side


def encode_group(group: t.Mapping[str, t.Any], rule_type: str, directory: Directory) -> list[Body]:
    """The API rules of one group; ``rule_type`` is that of its entries (APPLICATION, QUARANTINE, SHARED_SERVICE)."""
    secured = encode_side(SECURED_SIDE, group["secured"], directory)
    rules = [
        _rule(
            entry,
            "INTRA_GROUP",
            {"$objectType": INTRA_SPEC, **secured, **encode_fields(INTRA_SPEC_FIELDS, entry, directory)},
            directory,
        )
        for entry in spell_out(group.get("intra"))
    ]
    for direction in DIRECTIONS:
        for entry in group.get(direction, []):
            spec = {"$objectType": APPLICATION_SPEC, **secured, **encode_fields(SPEC_FIELDS, entry, directory)}
            if "from" in entry:
                spec.update(encode_side(SOURCE_SIDE, entry["from"], directory))
            if "to" in entry:
                spec.update(encode_side(DESTINATION_SIDE, entry["to"], directory))
            rules.append(_rule(entry, rule_type, spec, directory))
    return rules


def _rule(entry: t.Mapping[str, t.Any], rule_type: str, spec: Body, directory: Directory) -> Body:
    return {"type": rule_type, **encode_fields(RULE_FIELDS, entry, directory), "spec": spec}

# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rules and the scope of a security rule as the API takes them. Only a run that writes needs it."""

from __future__ import annotations

import typing as t

from .._model.codec import Body
from .._model.directory import Directory
from .._model.entity import Canonical
from .._model.form_categories import category_names
from .security_rule_scope import VPCS, WORDS


def encode_rules(canonical: Canonical, directory: Directory) -> Body:
    """The one list of API rules. Raises UnknownReference or Ambiguous."""
    rules: list[Body] = []
    if canonical.get("groups"):
        # Imported here, as below: a security rule has one of the parts.
        from .security_rule_groups_encode import encode_group

        for group in canonical["groups"]:
            rules += encode_group(group, canonical["type"].upper(), directory)
    if canonical.get("isolations"):
        from .security_rule_isolations_codec import encode_isolation

        rules += [encode_isolation(isolation, directory) for isolation in canonical["isolations"]]
    if canonical.get("flex_rules"):
        from .security_rule_flex_codec import encode_flex_rule

        rules += [encode_flex_rule(rule, directory) for rule in canonical["flex_rules"]]
    return {"rules": rules} if rules else {}


def encode_scope(value: t.Any, directory: Directory) -> Body:
    """``scope`` with its two lists. Raises UnknownReference or Ambiguous."""
    if isinstance(value, str):
        return {"scope": WORDS[value]}
    if "vpcs" in value:
        return {"scope": "VPC_LIST", **VPCS.encode(value["vpcs"], directory)}
    names = category_names(value["vpc_categories"])
    return {"scope": "VPC_AS_CATEGORY", "scopeReferences": [directory.id_of("category", name) for name in names]}

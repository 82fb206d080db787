# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a finished task (or batch job) tells the id of the object it made, per collection path (contract/v4 section 4)."""

from __future__ import annotations

import typing as t

#: (namespace, collection path) -> ``rel`` among the affected entities. Compared without case: releases differ in it.
_RELS = {
    ("microseg", "config/policies"): "microseg:config:policy",
    ("microseg", "config/address-groups"): "microseg:config:address-group",
    ("microseg", "config/service-groups"): "microseg:config:service-group",
    ("microseg", "config/entity-groups"): "microseg:config:entity-group",
    ("prism", "config/categories"): "prism:config:category",
    ("networking", "config/vpcs"): "networking:config:vpc",
    ("networking", "config/subnets"): "networking:config:subnet",
    ("networking", "config/routing-policies"): "networking:config:routing-policy",
    ("networking", "config/network-functions"): "networking:config:network-function",
    ("vmm", "ahv/config/vms"): "vmm:ahv:config:vm",
    ("datapolicies", "config/recovery-plans"): "datapolicies:config:recovery-plan",
    ("datapolicies", "config/storage-policies"): "datapolicies:config:storage-policy",
}
#: Kinds that are named in the completion details instead.
_DETAILS = {("datapolicies", "config/protection-policies"): "protectionPolicyExtId"}


def affected(task: t.Mapping[str, t.Any], namespace: str, path: str) -> list[dict[str, t.Any]]:
    """The entities of this kind that the task names: ``{extId, rel, name?}``; all of them for a kind without a known rel."""
    rel = _RELS.get((namespace, path))
    named = [entity for entity in task.get("entitiesAffected") or () if isinstance(entity, dict) and entity.get("extId")]
    if rel is None:
        return named
    return [entity for entity in named if str(entity.get("rel") or "").lower() == rel]


def new_id(task: t.Mapping[str, t.Any], namespace: str, path: str) -> str | None:
    """The id of the one object that was made; ``None`` when the task does not (yet) tell, or tells of several."""
    detail = _DETAILS.get((namespace, path))
    if detail is not None:
        for pair in task.get("completionDetails") or ():
            if isinstance(pair, dict) and pair.get("name") == detail and isinstance(pair.get("value"), str):
                return str(pair["value"])
        return None
    ids = {str(entity["extId"]) for entity in affected(task, namespace, path)}
    return ids.pop() if len(ids) == 1 else None

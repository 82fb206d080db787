# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the singular and plural modules of all kinds do when there is something to change: a plan carried out, and what came of it."""

from __future__ import annotations

import typing as t

from .._engine.plan import DELETE
from .._model.entity import Entity
from .diff import diff_of
from .entity_runs import with_prism
from .module import Result

if t.TYPE_CHECKING:
    from ansible.module_utils.basic import AnsibleModule

    from .._engine.apply import Outcome
    from .._engine.plan import Plan
    from .._engine.site import Site


def change_one(module: AnsibleModule, entity: Entity, planned: Plan, site: Site, name: str) -> Result:
    """The result of a singular module that has something to do."""
    outcomes = carry_out(module, planned, site)
    gone = any(step.verb == DELETE for step in planned.steps)
    result = {
        "changed": True,
        "diff": diff_of(planned, site.label),
        entity.kind: None if gone else shown(entity, planned, outcomes, site, name),
    }
    return with_failure(result, outcomes)


def carry_out(module: AnsibleModule, planned: Plan, site: Site) -> list[Outcome]:
    """Write what was planned, unless in check mode."""
    if module.check_mode or not planned.changed:
        return []
    # Imported here: a run that finds nothing to change needs none of it.
    import uuid

    from .._engine.apply import apply

    return apply(planned, site, run_id=str(uuid.uuid4()))


def shown(entity: Entity, planned: Plan, outcomes: t.Sequence[Outcome], site: Site, name: str) -> Result | None:
    """The object as it is, or in check mode as it would be."""
    ids = {outcome.step.name: outcome.ext_id for outcome in outcomes if outcome.ext_id}
    for step in planned.steps:
        if step.name == name and step.after is not None:
            ext_id = ids.get(name) or step.ext_id
            return {**step.after, "_prism": {"ext_id": ext_id or None, "system_defined": False}}
    return next((with_prism(held) for held in site.held(entity.kind, {name})), None)


def with_failure(result: Result, outcomes: t.Sequence[Outcome]) -> Result:
    """The result with the error of the first write that failed, if one did; then only what was done counts as changed."""
    if not outcomes:
        return result
    from .._engine.apply import first_error

    error = first_error(outcomes)
    if error is not None:
        result["changed"] = any(outcome.status == "done" for outcome in outcomes)
        result["failed_with"] = error
    return result

# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One run of a singular module: one object, wanted or unwanted."""

from __future__ import annotations

from ansible.module_utils.basic import AnsibleModule

from .._model.entity import Entity, argument_spec, name_of, read_params
from .._model.problems import Problems
from .entity_runs import STATE, with_prism
from .module import DIRECT, Opening, Result, make_module, run


def run_one(kind: str, opening: Opening = DIRECT) -> None:
    """The whole of a singular module."""
    entity = opening.entities[kind]
    module = make_module({**argument_spec(entity), **opening.spec, "state": STATE})
    run(module, lambda module: _one(module, entity, opening), empty={"changed": False, entity.kind: None, "diff": []})


def _one(module: AnsibleModule, entity: Entity, opening: Opening) -> Result:
    problems = Problems()
    own = {field.name: module.params[field.name] for field in entity.fields}
    desired = read_params(entity, own, problems)
    problems.check(verb="read", site=module.params["nutanix_host"])
    site = opening.open(module.params)
    wanted = name_of(entity, desired)
    absent = module.params["state"] == "absent"
    planned = site.plan(
        {entity.kind: [] if absent else [desired]}, whole=False, remove=lambda held: absent and held.name == wanted, names={wanted}
    )
    if planned.changed:
        # Imported here: most runs find nothing to change.
        from .entity_changes import change_one

        return change_one(module, entity, planned, site, wanted)
    return {"changed": False, "diff": [], entity.kind: next((with_prism(held) for held in site.held(entity.kind, {wanted})), None)}

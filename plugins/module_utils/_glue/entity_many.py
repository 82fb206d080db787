# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One run of a plural module: many objects of one kind in one plan, and with ``prune`` no others."""

from __future__ import annotations

import typing as t

from ansible.module_utils.basic import AnsibleModule

from .._errors import SafetyLimit
from .._model.entity import Entity, Held, argument_spec, name_of, read_params
from .._model.problems import Problems
from .diff import diff_of, summary_of
from .entity_changes import carry_out, shown, with_failure
from .entity_runs import STATE
from .module import DIRECT, Opening, Result, make_module, run

if t.TYPE_CHECKING:
    from .._engine.apply import Outcome


def run_many(kind: str, opening: Opening = DIRECT) -> None:
    """The whole of a plural module."""
    entity = opening.entities[kind]
    spec = {
        entity.plural: {"type": "list", "elements": "dict", "required": True, "options": argument_spec(entity)},
        "state": STATE,
        "prune": {"type": "bool", "default": False},
        "scope": {"type": "list", "elements": "str", "default": ["*"]},
        **opening.spec,
    }
    module = make_module(spec)
    run(module, lambda module: _many(module, entity, opening), empty={"changed": False, entity.plural: [], "diff": []})


def _many(module: AnsibleModule, entity: Entity, opening: Opening) -> Result:
    problems = Problems()
    desired = [read_params(entity, item, problems, at=f"{entity.plural}[{index}]") for index, item in enumerate(module.params[entity.plural])]
    problems.check(verb="read", site=module.params["nutanix_host"])
    site = opening.open(module.params)
    listed = {name_of(entity, item) for item in desired}
    absent = module.params["state"] == "absent"
    prune, scope = module.params["prune"], module.params["scope"]
    if prune and not listed and scope == ["*"]:
        raise SafetyLimit(
            f"prune with an empty list would delete every {entity.title} of the site",
            site=site.label,
            fix="Say which ones may go with 'scope', for instance scope: ['test-*']",
        )

    def remove(held: Held) -> bool:
        if absent:
            return held.name in listed
        return prune and not held.system and held.name not in listed and in_scope(held.name, scope)

    planned = site.plan({entity.kind: [] if absent else desired}, whole=False, remove=remove, names=None if prune else listed)
    outcomes = carry_out(module, planned, site)
    result = {
        "changed": planned.changed,
        "diff": diff_of(planned, site.label),
        "summary": summary_of(planned),
        entity.plural: [] if absent else [shown(entity, planned, outcomes, site, name) for name in sorted(listed)],
        "outcomes": [outcome_result(outcome) for outcome in outcomes],
    }
    return with_failure(result, outcomes)


def in_scope(name: str, scope: t.Sequence[str]) -> bool:
    """Whether a name matches one of the patterns."""
    import fnmatch

    return any(fnmatch.fnmatchcase(name, pattern) for pattern in scope)


def outcome_result(outcome: Outcome) -> Result:
    """What became of one write, as modules return it."""
    step = outcome.step
    return {
        "verb": step.verb,
        "kind": step.kind,
        "name": step.name,
        "status": outcome.status,
        "error": str(outcome.error) if outcome.error else None,
        "task": outcome.task or None,
    }

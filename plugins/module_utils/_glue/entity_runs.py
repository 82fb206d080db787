# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One run of an entity's module: singular, plural and info. Knows options and results; the engine decides and writes."""

from __future__ import annotations

import typing as t

from ansible.module_utils.basic import AnsibleModule, missing_required_lib

from .._entities.registry import entity_of
from .._errors import SafetyLimit
from .._model.entity import Canonical, Entity, Held, argument_spec, name_of, read_params
from .._model.problems import Problems
from .diff import diff_of, summary_of
from .module import DIRECT, Opening, Result, make_module, run

if t.TYPE_CHECKING:
    from .._engine.apply import Outcome
    from .._engine.plan import Plan
    from .._engine.site import Site

STATE = {"type": "str", "choices": ["present", "absent"], "default": "present"}


# (parameters, site, objects as they are returned)
More = t.Callable[[t.Mapping[str, t.Any], t.Any, t.Sequence[Result]], None]


def run_one(kind: str, opening: Opening = DIRECT) -> None:
    """The whole of a singular module."""
    entity = entity_of(kind)
    module = make_module({**argument_spec(entity), **opening.spec, "state": STATE})
    run(module, lambda module: _one(module, entity, opening), empty={"changed": False, entity.kind: None, "diff": []})


def run_many(kind: str, opening: Opening = DIRECT) -> None:
    """The whole of a plural module."""
    entity = entity_of(kind)
    spec = {
        entity.plural: {"type": "list", "elements": "dict", "required": True, "options": argument_spec(entity)},
        "state": STATE,
        "prune": {"type": "bool", "default": False},
        "scope": {"type": "list", "elements": "str", "default": ["*"]},
        **opening.spec,
    }
    module = make_module(spec)
    run(module, lambda module: _many(module, entity, opening), empty={"changed": False, entity.plural: [], "diff": []})


def run_info(kind: str, opening: Opening = DIRECT, more: More | None = None) -> None:
    """The whole of an info module; ``more`` adds to the objects that were found."""
    entity = entity_of(kind)
    spec: dict[str, t.Any] = {part: {"type": "str", **({"no_log": False} if part == "key" else {})} for part in entity.key}
    spec["system_defined"] = {"type": "bool", "default": True}
    spec["query"] = {"type": "str"}
    spec.update(opening.spec)
    module = make_module(spec)
    run(module, lambda module: _info(module, entity, opening, more), empty={"changed": False, entity.plural: [], "unreadable": []})


def _one(module: AnsibleModule, entity: Entity, opening: Opening) -> Result:
    problems = Problems()
    own = {name: module.params[name] for name in argument_spec(entity)}
    desired = read_params(entity, own, problems)
    problems.check(verb="read", site=module.params["nutanix_host"])
    site = opening.open(module.params)
    wanted = name_of(entity, desired)
    absent = module.params["state"] == "absent"
    planned = _plan(entity, site, [] if absent else [desired], remove=lambda held: absent and held.name == wanted, names={wanted})
    outcomes = _apply(module, planned, site)
    held = {step.name: step.before for step in planned.steps if step.verb == "delete"}
    result = {
        "changed": planned.changed,
        "diff": diff_of(planned, site.label),
        entity.kind: None if wanted in held or absent else _shown(entity, planned, outcomes, site, wanted),
    }
    return with_failure(result, outcomes)


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

    planned = _plan(entity, site, [] if absent else desired, remove=remove, names=None if prune else listed)
    outcomes = _apply(module, planned, site)
    result = {
        "changed": planned.changed,
        "diff": diff_of(planned, site.label),
        "summary": summary_of(planned),
        entity.plural: [] if absent else [_shown(entity, planned, outcomes, site, name) for name in sorted(listed)],
        "outcomes": [outcome_result(outcome) for outcome in outcomes],
    }
    return with_failure(result, outcomes)


def _info(module: AnsibleModule, entity: Entity, opening: Opening, more: More | None) -> Result:
    site = opening.open(module.params)
    wanted = {part: module.params[part] for part in entity.key if module.params[part] is not None}
    found = [
        _with_prism(held)
        for held in sorted(site.held(entity.kind), key=lambda held: (held.name, held.ext_id))
        if all(held.canonical.get(part) == value for part, value in wanted.items()) and (module.params["system_defined"] or not held.system)
    ]
    if more is not None:
        more(module.params, site, found)
    unreadable = [{"name": item.name, "ext_id": item.ext_id, "reason": str(item.error)} for item in site.unreadable(entity.kind)]
    for item in unreadable:
        module.warn(f"not in the result: {item['reason']}")
    result: Result = {"changed": False, entity.plural: found, "unreadable": unreadable}
    if module.params["query"]:
        result["query_result"] = search(module, module.params["query"], found)
    return result


def search(module: AnsibleModule, query: str, objects: t.Any) -> t.Any:
    """The answer of a JMESPath expression over ``objects``; fails the task if the expression is wrong."""
    try:
        import jmespath
        import jmespath.exceptions
    except ImportError:
        module.fail_json(msg=missing_required_lib("jmespath"))
    try:
        return jmespath.search(query, objects)
    except jmespath.exceptions.JMESPathError as error:
        module.fail_json(msg=f"query {query!r} is no JMESPath expression: {error}")


def _plan(entity: Entity, site: Site, desired: list[Canonical], *, remove: t.Callable[[Held], bool], names: set[str] | None) -> Plan:
    return site.plan({entity.kind: desired}, whole=False, remove=remove, names=names)


def _apply(module: AnsibleModule, planned: Plan, site: Site) -> list[Outcome]:
    if module.check_mode or not planned.changed:
        return []
    # Imported here: a run that finds nothing to change needs none of it.
    import uuid

    from .._engine.apply import apply

    return apply(planned, site, run_id=str(uuid.uuid4()))


def _shown(entity: Entity, planned: Plan, outcomes: t.Sequence[Outcome], site: Site, name: str) -> Result | None:
    """The object as it is, or in check mode as it would be."""
    ids = {outcome.step.name: outcome.ext_id for outcome in outcomes if outcome.ext_id}
    for step in planned.steps:
        if step.name == name and step.after is not None:
            ext_id = ids.get(name) or step.ext_id
            return {**step.after, "_prism": {"ext_id": ext_id or None, "system_defined": False}}
    return next((_with_prism(held) for held in site.held(entity.kind, {name})), None)


def _with_prism(held: Held) -> Result:
    return {**held.canonical, "_prism": {"ext_id": held.ext_id, "system_defined": held.system}}


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


def in_scope(name: str, scope: t.Sequence[str]) -> bool:
    """Whether a name matches one of the patterns."""
    import fnmatch

    return any(fnmatch.fnmatchcase(name, pattern) for pattern in scope)


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

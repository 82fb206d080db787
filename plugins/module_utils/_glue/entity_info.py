# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One run of an info module: the objects of one kind that a site holds, and what a query finds in them."""

from __future__ import annotations

import typing as t

from ansible.module_utils.basic import AnsibleModule, missing_required_lib

from .._model.entity import Entity
from .entity_runs import with_prism
from .module import DIRECT, Opening, Result, make_module, run

# (parameters, site, objects as they are returned)
More = t.Callable[[t.Mapping[str, t.Any], t.Any, t.Sequence[Result]], None]


def run_info(kind: str, opening: Opening = DIRECT, more: More | None = None) -> None:
    """The whole of an info module; ``more`` adds to the objects that were found."""
    entity = opening.entities[kind]
    spec: dict[str, t.Any] = {part: {"type": "str", **({"no_log": False} if part == "key" else {})} for part in entity.key}
    spec["system_defined"] = {"type": "bool", "default": True}
    spec["query"] = {"type": "str"}
    spec.update(opening.spec)
    module = make_module(spec)
    run(module, lambda module: _info(module, entity, opening, more), empty={"changed": False, entity.plural: [], "unreadable": []})


def _info(module: AnsibleModule, entity: Entity, opening: Opening, more: More | None) -> Result:
    site = opening.open(module.params)
    wanted = {part: module.params[part] for part in entity.key if module.params[part] is not None}
    found = [
        with_prism(held)
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

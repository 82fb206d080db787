# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The run of reconcile: edits of the recovery site come home. Decides nothing; the three-way compare does."""

from __future__ import annotations

import functools
import hashlib
import json
import typing as t

from ansible.module_utils.basic import AnsibleModule

from .._engine.plan import Plan
from .._engine.replicate import translated
from .._engine.site import Site
from .._engine.site_map import SiteMap
from .._engine.site_map_file import load_site_map
from .._engine.three_way import CONFLICT, KEEP, TAKE, Edit, Merged, in_home_words, merge_three
from .._engine.vanished import check_not_vanished, check_shows_something
from .._entities.registry import ENTITIES
from .._errors import Finding, InvalidInput
from .._evidence.baseline import Content, read_baseline
from .._model.directory import Reference
from .._model.entity import Canonical, Held, name_of
from .careful_write import write_carefully
from .journey_options import baseline_spec, check_direction, direction_spec, open_one_of, record_spec, site_map_spec, sites_spec, write_spec
from .module import Result, make_module, run
from .recording import Recorder, recorder

Objects = t.Mapping[str, t.Sequence[Canonical]]


def run_reconcile() -> None:
    """The whole of the module."""
    spec = {**sites_spec(), **baseline_spec(), **site_map_spec(), **direction_spec(), **write_spec(), **record_spec()}
    empty = {"changed": False, "take": [], "keep": [], "conflicts": [], "summary": {}, "outcomes": [], "diff": []}
    run(make_module(spec, connects=False), _work, empty=empty)


def _work(module: AnsibleModule) -> Result:
    with recorder(module, "reconcile") as record:
        return _reconcile(module, record)


def _reconcile(module: AnsibleModule, record: Recorder) -> Result:
    params = module.params
    source, target = params["source"], params["target"]
    site_map = load_site_map(params["site_map"])
    check_direction({"source": target, "target": source}, site_map, None)
    baseline = read_baseline(params["baseline"], ENTITIES, membership=False)
    check_direction({"source": target, "target": source}, site_map, baseline)
    record.facts({"baseline_digest": baseline.digest, "source": source, "target": target})
    old = _own(baseline.content)
    away, home = open_one_of(params["sites"], source), open_one_of(params["sites"], target)
    there = functools.partial(_translated, site_map, target, source)
    back = functools.partial(_translated, site_map, source, target)
    recovery = _seen(away, site_map, there(old))
    otherwise = "if they are really gone there, delete them at home first"
    check_not_vanished(old, recovery, verb="reconcile", site=source, otherwise=otherwise)
    now_there = in_home_words(ENTITIES, old, recovery, there, back)
    now_home = _seen(home, site_map, old)
    merged = merge_three(ENTITIES, old, now_there, now_home)
    told = {name: [edit.as_result() for edit in merged.of(verdict)] for name, verdict in (("take", TAKE), ("keep", KEEP), ("conflicts", CONFLICT))}
    digest = _confirmation(old, now_there, source, target)
    common = {**told, "baseline_digest": baseline.digest, "confirmation_digest": digest}
    conflicts = merged.of(CONFLICT)
    if conflicts:
        error = InvalidInput([_conflict(edit, source, target) for edit in conflicts], verb="reconcile", site=target)
        record.failed(error)
        return {"changed": False, "summary": {}, "outcomes": [], "diff": [], **common, "failed_with": error}
    desired: dict[str, t.Sequence[Canonical]] = dict.fromkeys(ENTITIES, ())
    desired.update(merged.objects())
    plan = _with_unchanged(home.plan(desired, whole=True, remove=functools.partial(_goes, merged)), now_home)
    return {**write_carefully(module, home, plan, site_map, digest, record), **common}


def _own(content: Content) -> dict[str, list[Canonical]]:
    """What people made: system-defined objects stay as each site has them, except for security rules, whose mode people set."""
    return {
        kind: [item for item in items if kind == "security_rule" or Reference(kind, name_of(ENTITIES[kind], item)) not in content.system]
        for kind, items in content.objects.items()
    }


def _translated(site_map: SiteMap, source: str, target: str, objects: Objects) -> dict[str, list[Canonical]]:
    return translated(ENTITIES, objects, site_map, source, target)[0]


def _seen(site: Site, site_map: SiteMap, expected: Objects) -> dict[str, list[Canonical]]:
    """What a site has of the expected objects, and of its own ones in scope. Raises InvalidInput for what can't be read."""
    site.load(list(ENTITIES))
    check_shows_something({kind: site.held(kind) for kind in ENTITIES}, verb="reconcile", site=site.label)
    findings = [
        Finding(f"{item.kind.replace('_', ' ')} '{item.name}'", f"can't be read on {site.label}: {item.error.cause}", item.error.fix)
        for kind in ENTITIES
        for item in site.unreadable(kind)
        if site_map.scope.has(kind, item.name, {"name": item.name})
    ]
    if findings:
        raise InvalidInput(findings, verb="reconcile", site=site.label)
    names = {kind: {name_of(ENTITIES[kind], item) for item in items} for kind, items in expected.items()}
    seen = site_map.scope.view({kind: site.held(kind) for kind in ENTITIES}, names)
    return {kind: [held.canonical for held in items if _editable(held)] for kind, items in seen.items()}


def _editable(held: Held) -> bool:
    return not held.system or held.kind == "security_rule"


def _goes(merged: Merged, held: Held) -> bool:
    return not held.system and Reference(held.kind, held.name) in merged.removed()


def _with_unchanged(plan: Plan, now_home: Objects) -> Plan:
    """The plan was made for what comes home only; what else there is at home in scope is unchanged."""
    touched = {step.reference for step in plan.steps}
    there = [Reference(kind, name_of(ENTITIES[kind], item)) for kind, items in now_home.items() for item in items]
    return plan._replace(unchanged=tuple(reference for reference in there if reference not in touched))


def _confirmation(old: Objects, now_there: Objects, source: str, target: str) -> str:
    """sha256 over all edits of the recovery site, however many of them are home already."""
    before = {kind: {name_of(ENTITIES[kind], item): item for item in items} for kind, items in old.items()}
    after = {kind: {name_of(ENTITIES[kind], item): item for item in items} for kind, items in now_there.items()}
    edits = [
        [kind, name, after.get(kind, {}).get(name)]
        for kind in ENTITIES
        for name in sorted({*before.get(kind, {}), *after.get(kind, {})})
        if before.get(kind, {}).get(name) != after.get(kind, {}).get(name)
    ]
    return hashlib.sha256(json.dumps([edits, source, target], sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _conflict(edit: Edit, source: str, target: str) -> Finding:
    theirs, ours = (", ".join(sorted({change.at for change in changes})) or "everything" for changes in (edit.theirs, edit.ours))
    return Finding(
        f"{edit.kind.replace('_', ' ')} '{edit.name}'",
        f"was edited on {source} ({theirs}) and on {target} ({ours})",
        "make the two sites agree on it by hand, then run again",
    )

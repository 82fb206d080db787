# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The run of drift: a baseline and a site, or two sites, compared. Changes nothing."""

from __future__ import annotations

import typing as t

from ansible.module_utils.basic import AnsibleModule

from .._engine.drift import drift, overall
from .._engine.export import select
from .._engine.replicate import translated
from .._engine.site import Site
from .._engine.site_map import SiteMap
from .._engine.site_map_file import load_site_map
from .._engine.vanished import check_shows_something
from .._entities.registry import ENTITIES
from .._errors import CANNOT_TELL as SAYS_NOTHING
from .._errors import DrError, SafetyLimit
from .._evidence.baseline import read_baseline
from .._evidence.compare import CANNOT_TELL, EQUAL, Verdict, counts
from .._model.entity import Canonical, name_of
from .._model.readable import readable
from .journey_options import baseline_spec, check_direction, direction_spec, open_one_of, record_spec, site_map_spec, sites_spec
from .module import Result, make_module, run
from .recording import recorder

Objects = t.Mapping[str, t.Sequence[Canonical]]
#: No answer, or an answer that shows nothing at all.
_NO_VERDICT: tuple[type[DrError], ...] = (*SAYS_NOTHING, SafetyLimit)


class Comparison(t.NamedTuple):
    """``verdict`` is equal, drift or cannot_tell; ``error`` says why nothing could be told at all."""

    verdict: str
    verdicts: t.Sequence[Verdict]
    expected: Objects
    found: Objects
    error: DrError | None = None


def run_drift() -> None:
    """The whole of the module."""
    spec = {
        "fail_on_drift": {"type": "bool", "default": False},
        **sites_spec(),
        **baseline_spec(required=False),
        **site_map_spec(),
        **direction_spec(),
        **record_spec(),
    }
    run(make_module(spec, connects=False), _work, empty={"changed": False, "objects": [], "counts": {}, "diff": []})


def compared(site: Site, objects: Objects, site_map: SiteMap, source: str, target: str) -> Comparison:
    """Objects of ``source`` against what the site ``target`` has now. Only what is wrong with the map is raised."""
    expected, _left_out = translated(ENTITIES, objects, site_map, source, target)
    expected = {
        kind: [item for item in items if not site_map.scope.untouchable(kind, name_of(ENTITIES[kind], item))] for kind, items in expected.items()
    }
    try:
        site.load(list(ENTITIES))
        held = {kind: site.held(kind) for kind in ENTITIES}
        unreadable = [item for kind in ENTITIES for item in site.unreadable(kind)]
        check_shows_something(held, verb="compare", site=site.label)
    except _NO_VERDICT as error:
        return Comparison(CANNOT_TELL, (), expected, {}, error)
    verdicts = drift(ENTITIES, expected, held, unreadable, site_map.scope)
    return Comparison(overall(verdicts), verdicts, expected, {kind: [item.canonical for item in items] for kind, items in held.items()})


def _work(module: AnsibleModule) -> Result:
    params = module.params
    with recorder(module, "drift") as record:
        site_map = load_site_map(params["site_map"])
        baseline = read_baseline(params["baseline"], ENTITIES, membership=False) if params["baseline"] else None
        check_direction(params, site_map, baseline)
        site = open_one_of(params["sites"], params["target"])
        digest = baseline.digest if baseline else ""
        try:
            objects = baseline.content.objects if baseline else _live(open_one_of(params["sites"], params["source"]), site_map)
            found = compared(site, objects, site_map, params["source"], params["target"])
        except _NO_VERDICT as error:
            found = Comparison(CANNOT_TELL, (), {}, {}, error)
        told = [verdict for verdict in found.verdicts if verdict.status != EQUAL]
        result: Result = {
            "changed": False,
            "verdict": found.verdict,
            "objects": [verdict.as_result() for verdict in told],
            "counts": counts(found.verdicts),
            "reason": str(found.error) if found.error else "",
            "baseline_digest": digest,
            "diff": _diff(told, found, params["source"], params["target"]),
        }
        about: dict[str, t.Any] = {name: params[name] for name in ("source", "target")}
        about.update(site=params["target"], baseline_digest=digest, counts=result["counts"])
        record.check(f"drift {params['source']} -> {params['target']}", found.verdict, about, _findings(told, found))
        if params["fail_on_drift"] and found.verdict != EQUAL:
            result["failed_with"] = found.error or DrError(
                f"{len(told)} objects are not as expected, the verdict is {found.verdict}",
                verb="compare",
                site=params["target"],
                fix="Look at 'objects'",
            )
        return result


def _live(source: Site, site_map: SiteMap) -> Objects:
    """What of a live site a baseline would hold now."""
    source.load(list(ENTITIES))
    held = {kind: source.held(kind) for kind in ENTITIES}
    check_shows_something(held, verb="compare", site=source.label)
    unreadable = [item for kind in ENTITIES for item in source.unreadable(kind)]
    return select(ENTITIES, held, unreadable, site_map.scope, source={}, membership={}).objects


def _findings(told: t.Sequence[Verdict], found: Comparison) -> list[dict[str, str]]:
    findings = [
        {
            "severity": "problem" if verdict.status == CANNOT_TELL else "warning",
            "code": f"DRIFT_{verdict.status.upper()}",
            "problem": f"{verdict.kind.replace('_', ' ')} '{verdict.name}' {_words(verdict)}",
        }
        for verdict in told
    ]
    if found.error is not None:
        findings.append({"severity": "problem", "code": "DRIFT_CANNOT_TELL", "problem": str(found.error)})
    return findings


def _words(verdict: Verdict) -> str:
    if verdict.status == CANNOT_TELL:
        return f"can't be told: {verdict.reason}"
    fields = sorted({change.at for change in verdict.changes})
    return f"{verdict.status}{' in ' + ', '.join(fields) if fields else ''}"


def _diff(told: t.Sequence[Verdict], found: Comparison, source: str, target: str) -> list[dict[str, str]]:
    expected, here = _texts(found.expected), _texts(found.found)
    entries = []
    for verdict in told:
        title, key = f"{verdict.kind.replace('_', ' ')} '{verdict.name}'", (verdict.kind, verdict.name)
        entries.append(
            {
                "before_header": f"{title} as expected from {source}",
                "after_header": f"{title} on {target}",
                "before": expected.get(key, ""),
                "after": here.get(key, ""),
            }
        )
    return entries


def _texts(objects: Objects) -> dict[tuple[str, str], str]:
    return {(kind, name_of(ENTITIES[kind], item)): readable(item) for kind, items in objects.items() for item in items}

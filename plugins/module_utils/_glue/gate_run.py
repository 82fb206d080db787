# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The run of failover_gate: asks, reads and compares, then lets the decision table decide. Changes nothing."""

from __future__ import annotations

import datetime
import os
import threading
import typing as t

from ansible.module_utils.basic import AnsibleModule

from .._engine import gate
from .._engine.drill_leftovers import drill_leftovers, named_like
from .._engine.peers import peers
from .._engine.site_map import SiteMap
from .._engine.site_map_file import load_site_map
from .._entities.registry import ENTITIES
from .._errors import ConnectionFailed, DrError, InvalidInput
from .._evidence.baseline import Baseline, read_baseline, vms_of
from .._evidence.compare import EQUAL
from .._evidence.history import last_true, runs, unfinished
from .._prism.parallel import in_threads
from .baseline_info_run import verified_baseline
from .drift_run import compared
from .gate_options import today, waivers_from, waivers_spec
from .journey_options import baseline_spec, open_one_of, open_to_probe, record_spec, signers_spec, sites_spec
from .module import Result, make_module, run
from .recording import recorder

#: Seconds until a site that says nothing counts as one that doesn't answer.
PATIENCE = 5.0
_NAME = {"type": "str", "required": True}
_SPEC = {
    "mode": {"type": "str", "required": True, "choices": [gate.PLANNED, gate.UNPLANNED, gate.TEST, gate.FAILBACK, gate.PRE_DR]},
    "primary": _NAME,
    "recovery": _NAME,
    "site_map": {"type": "path"},
    "reports": {"type": "path"},
    "fenced": {"type": "str"},
    "mover": {"type": "str", "choices": ["external", "protection_domains", "recovery_plans"], "default": "external"},
    "tries": {"type": "int", "default": 3},
    "interval": {"type": "int", "default": 2},
}


def run_gate() -> None:
    """The whole of the module."""
    spec = {**_SPEC, **waivers_spec(), **sites_spec(), **baseline_spec(required=False), **signers_spec(), **record_spec()}
    run(make_module(spec, connects=False), _work, empty={"changed": False, "verdict": gate.NO_GO, "reasons": [], "sites": {}})


def _work(module: AnsibleModule) -> Result:
    params = module.params
    with recorder(module, "failover_gate") as record:
        waivers = waivers_from(params["waivers"])
        facts = _facts(module)
        verdict, reasons = gate.decide(facts, waivers, today())
        told = [dict(reason._asdict()) for reason in reasons]
        record.gate({"mode": params["mode"], "verdict": verdict, "reasons": [f"{reason.status} {reason.code}: {reason.text}" for reason in reasons]})
        return {
            "changed": False,
            "verdict": verdict,
            "reasons": told,
            "sites": {
                answers.site: {"state": answers.state, "tries": list(answers.tries), "seen": answers.seen or None}
                for answers in (facts.primary, facts.recovery)
            },
        }


def _facts(module: AnsibleModule) -> gate.Facts:
    params = module.params
    site_map, map_findings = _site_map(params)
    primary, recovery = _ask(params, site_map)
    facts = gate.Facts(params["mode"], primary, recovery, fenced=params["fenced"] or "", map_findings=map_findings)
    history = runs(params["reports"]) if params["reports"] else {}
    own = os.path.basename(os.path.normpath(params["record"]["path"])) if params["record"] else ""
    facts = facts._replace(unfinished=tuple(run_id for run_id in unfinished(history) if run_id != own))
    if params["mode"] == gate.PRE_DR or not params["baseline"]:
        return facts
    baseline, findings = _baseline(module)
    facts = facts._replace(baseline_given=True, baseline_findings=findings)
    if baseline is None or site_map is None or findings or map_findings:
        return facts
    seen = last_true(history, baseline.digest, params["primary"])
    age = (datetime.datetime.now(datetime.timezone.utc) - seen).total_seconds() if seen else None
    facts = facts._replace(baseline_age=age, freshness_limit=site_map.targets.freshness_hours * 3600.0)
    if params["mode"] != gate.TEST and params["mover"] != "recovery_plans":
        facts = _with_leftovers(facts, params)
    if params["mode"] not in (gate.PLANNED, gate.TEST):
        return facts
    here, there = in_threads(lambda answers: _drift(params, baseline, site_map, answers), (primary, recovery), threads=2)
    return facts._replace(drift_primary=here[0], differing_primary=here[1], drift_recovery=there[0], differing_recovery=there[1])


def _with_leftovers(facts: gate.Facts, params: t.Mapping[str, t.Any]) -> gate.Facts:
    """With the copies of drills on the site that the workloads move to. A site that doesn't answer at all is a reason already."""
    target = facts.primary if params["mode"] == gate.FAILBACK else facts.recovery
    if target.state != gate.UP:
        return facts
    client = open_to_probe(params["sites"], target.site)
    try:
        left = drill_leftovers(client)
    except DrError as error:
        return facts._replace(leftovers_unknown=str(error))
    finally:
        client.close()
    # The VMs of a baseline can be many: they are read only where it matters what they are called.
    workloads = {str(vm["name"]) for vm in vms_of(read_baseline(params["baseline"], ENTITIES))} if left else set()
    return facts._replace(leftovers=named_like(workloads, left))


def _site_map(params: t.Mapping[str, t.Any]) -> tuple[SiteMap | None, tuple[str, ...]]:
    if params["mode"] == gate.PRE_DR and not params["site_map"]:
        return None, ()
    if not params["site_map"]:
        return None, ("no site map was given",)
    try:
        site_map = load_site_map(params["site_map"])
    except InvalidInput as error:
        return None, tuple(str(finding) for finding in error.findings)
    unknown = [site_id for site_id in (params["primary"], params["recovery"]) if site_id not in site_map.sites]
    return site_map, tuple(f"{site_map.where('sites')}: {site_id} is no site of the map" for site_id in unknown)


def _baseline(module: AnsibleModule) -> tuple[Baseline | None, tuple[str, ...]]:
    params = module.params
    try:
        baseline, _signer = verified_baseline(module, params["baseline"])
    except InvalidInput as error:
        return None, tuple(str(finding) for finding in error.findings)
    exported = str(baseline.manifest.source.get("site", ""))
    if exported != params["primary"]:
        return None, (f"the baseline was exported from {exported}, not from {params['primary']}",)
    return baseline, ()


def _drift(params: t.Mapping[str, t.Any], baseline: Baseline, site_map: SiteMap, answers: gate.Answers) -> tuple[str, tuple[str, ...]]:
    """The verdict of a comparison with the baseline and what differs; cannot_tell when the site says nothing."""
    if answers.state != gate.UP:
        return gate.CANNOT_TELL, ()
    site = open_one_of(params["sites"], answers.site)
    found = compared(site, baseline.content.objects, site_map, params["primary"], answers.site)
    return found.verdict, tuple(f"{one.kind.replace('_', ' ')} '{one.name}'" for one in found.verdicts if one.status != EQUAL)


def _ask(params: t.Mapping[str, t.Any], site_map: SiteMap | None) -> tuple[gate.Answers, gate.Answers]:
    """What both sites say when each is asked until it answers, and how the recovery site sees the primary."""
    # Each try begins at its time, whether or not the one before has ended: a site that swallows calls costs its patience once.
    asked = [(site_id, number) for site_id in (params["primary"], params["recovery"]) for number in range(max(params["tries"], 1))]
    answered = {site_id: threading.Event() for site_id, _number in asked}

    def ask(one: tuple[str, int]) -> str:
        """What the site said; empty if it has answered before this try."""
        site_id, number = one
        if answered[site_id].wait(number * params["interval"]):
            return ""
        word = _try(params["sites"], site_id)
        if word == "ok":
            answered[site_id].set()
        return word

    words = in_threads(ask, asked, threads=len(asked))
    primary, recovery = (
        gate.Answers(site_id, tuple(word for (other, _number), word in zip(asked, words, strict=True) if other == site_id and word))
        for site_id in (params["primary"], params["recovery"])
    )
    if recovery.state == gate.UP and primary.state != gate.UP:
        primary = primary._replace(seen=_seen(params, site_map))
    return primary, recovery


def _try(sites: t.Sequence[t.Mapping[str, t.Any]], site_id: str) -> str:
    client = open_to_probe(sites, site_id, patience=PATIENCE)
    try:
        next(client.list("prism", "config/domain-managers", limit=None), None)
    except ConnectionFailed as error:
        return error.reason
    except DrError as error:
        return type(error).__name__
    finally:
        client.close()
    return "ok"


def _seen(params: t.Mapping[str, t.Any], site_map: SiteMap | None) -> str:
    """How the recovery site's Prism Central sees the primary's, by its name in the site map; empty when that is not known."""
    client = open_to_probe(params["sites"], params["recovery"])
    try:
        found = peers(client)
    except DrError:
        return ""  # one more thing that can't be told; the decision table knows what that means
    finally:
        client.close()
    entry = site_map.sites.get(params["primary"]) if site_map else None
    named = [peer for peer in found if entry and peer.name == entry.prism_central]
    return named[0].status if len(named) == 1 else found[0].status if len(found) == 1 and not (entry and entry.prism_central) else ""

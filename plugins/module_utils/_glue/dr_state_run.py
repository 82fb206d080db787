# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The runs of dr_state and dr_state_info. Knows options and results; what is legal and what is written, the engine decides."""

from __future__ import annotations

import datetime
import typing as t

from ansible.module_utils.basic import AnsibleModule

from .._engine.dr_lock import Locked, write_time
from .._engine.dr_state import READY, RECOVERY_ACTIVE, VERBS, IllegalVerb, PairState, Record, Verb, legal_verbs
from .._engine.dr_state_pair import Pair
from .._engine.dr_state_site import PairSite
from .._engine.marks import Marks
from .._engine.site_map import SiteMap
from .._engine.site_map_file import load_site_map
from .._entities.category import RESERVED
from .._entities.category_checks import check_characters
from .._evidence.history import left_open
from .._model.problems import Problems
from .._model.readable import readable
from .._prism.central_v4 import CentralV4
from .holder import alive, this_holder
from .journey_options import open_one_of, open_to_probe, record_spec, site_map_spec, sites_spec
from .module import Result, make_module, run
from .recording import Recorder, recorder

_NAME = {"type": "str", "required": True}
_PAIR = {"primary": _NAME, "recovery": _NAME}
_SPEC = {
    "state": {"type": "str", "required": True, "choices": ["begun", "done", "released", "declared"]},
    "verb": {"type": "str", "choices": list(VERBS)},
    "run_id": _NAME,
    "by": {"type": "str"},
    "lock_minutes": {"type": "int", "default": 120},
    "steal": {"type": "str"},
    "active": {"type": "str"},
    "reason": {"type": "str"},
    "reports": {"type": "path"},
}
_RULES = {"required_if": [("state", state, ("verb",)) for state in ("begun", "done", "released")] + [("state", "declared", ("active", "reason"))]}
_EMPTY: Result = {
    "changed": False, "run_id": "", "resumed": False, "done": False, "before": None, "pair": None, "lock": None, "taken_over": [], "unanswered": {}, "diff": []
}  # fmt: skip
_LONGEST_KEY = 64


def run_dr_state() -> None:
    """The whole of dr_state."""
    spec = {**_SPEC, **_PAIR, **sites_spec(), **site_map_spec(), **record_spec()}
    module = make_module(spec, connects=False, **_RULES)
    run(module, _work, empty=_EMPTY)


def run_dr_state_info() -> None:
    """The whole of dr_state_info."""
    spec = {**_PAIR, **sites_spec(), **site_map_spec()}
    run(make_module(spec, connects=False), _info, empty={"changed": False, "pair": None, "locks": {}, "records": {}, "unanswered": {}})


def _work(module: AnsibleModule) -> Result:
    params = module.params
    with recorder(module, "dr_state") as record:
        site_map = load_site_map(params["site_map"])
        verb = VERBS[params["verb"]] if params["verb"] else None
        pair = _pair(params, site_map, both=verb is None or verb.both_sites, probe=module.check_mode)
        try:
            if params["state"] == "begun" and verb:
                return _begin(module, pair, verb, site_map, record)
            if params["state"] == "declared":
                before, (after, changed) = pair.look().pair, _declare(params, pair, module.check_mode)
            elif params["state"] == "done" and verb:
                before, (after, changed) = pair.look().pair, pair.end(verb, params["run_id"], dry=module.check_mode)
            else:
                before, (after, changed) = pair.look().pair, pair.release(params["run_id"], dry=module.check_mode)
        except Locked as error:
            return {**_EMPTY, "lock": error.lock, "failed_with": error}
        if changed:
            told = {"reason": params["reason"]} if params["reason"] else {}
            record.state({"what": params["state"], "verb": params["verb"] or "declare", **_change(before, after), **told})
        return {**_result(pair, before, after), "changed": changed, "run_id": params["run_id"]}


def _begin(module: AnsibleModule, pair: Pair, verb: Verb, site_map: SiteMap, record: Recorder) -> Result:
    params = module.params
    try:
        begun = pair.begin(verb, params["run_id"], minutes=params["lock_minutes"], steal=params["steal"] or "", dry=module.check_mode)
    except IllegalVerb as error:
        return {**_EMPTY, "legal_verbs": list(error.legal), "failed_with": error}
    # A run that died between its last word to the sites and its report is done, and its record still has to be closed.
    unreported = begun.permission.done and bool(params["reports"]) and left_open(params["reports"], begun.run)
    resumed = (bool(begun.permission.resumes) and begun.changed) or unreported  # a run that only prolongs its own lock changes nothing
    taken_over = [{**lock.told(), "why": why} for lock, why in begun.taken_over]
    if begun.permission.done:
        record.state({"what": "done before", "verb": verb.name, **_change(begun.before, begun.pair), "why": begun.pair.why})
    if begun.changed:
        targets = {name: value for name, value in site_map.targets._asdict().items() if value is not None}
        told = {"resumed": True} if begun.permission.resumes else {}
        record.state({"what": "begun", "verb": verb.name, **_change(begun.before, begun.pair), "targets": targets, "taken_over": taken_over, **told})
    return {
        **_result(pair, begun.before, begun.pair),
        "changed": begun.changed,
        "run_id": begun.run,
        "resumed": resumed,
        "done": begun.permission.done,
        "lock": begun.lock.told() if begun.lock else None,
        "taken_over": taken_over,
        "unanswered": {site: str(error) for site, error in begun.unanswered.items()},
    }


def _declare(params: t.Mapping[str, t.Any], pair: Pair, dry: bool) -> tuple[PairState, bool]:
    problems = Problems()
    if params["active"] not in (pair.primary, pair.recovery):
        problems.unknown("active", params["active"], (pair.primary, pair.recovery), "site")
    problems.check(verb="declare")
    state = READY if params["active"] == pair.primary else RECOVERY_ACTIVE
    record = Record(state, params["active"], 0, pair.primary, write_time(_now()), params["run_id"], "declare")
    return pair.declare(record, steal=params["steal"] or "", dry=dry)


def _info(module: AnsibleModule) -> Result:
    params = module.params
    pair = _pair(params, load_site_map(params["site_map"]), both=True, probe=True)
    seen = pair.look(patient=True)
    return {
        "changed": False,
        "pair": _told(pair, seen.pair) if seen.records else None,
        "locks": {site: lock.told() if lock else None for site, lock in seen.locks.items()},
        "records": {site: _shown(record) if record else None for site, record in seen.records.items()},
        "unanswered": {site: str(error) for site, error in seen.unanswered.items()},
    }


def _pair(params: t.Mapping[str, t.Any], site_map: SiteMap, *, both: bool, probe: bool) -> Pair:
    """The pair on the sites that matter. ``probe``: ask once and don't wait long."""
    problems = Problems()
    for option in ("primary", "recovery"):
        if params[option] not in site_map.sites:
            problems.unknown(option, params[option], site_map.sites, "site")
    key = f"{RESERVED}{site_map.pair}"
    where = site_map.where("pair", "name")
    check_characters({"key": key}, where, None, problems)
    if len(key) > _LONGEST_KEY:
        problems.add(where, f"the name of the pair has {len(site_map.pair)} characters", f"{_LONGEST_KEY - len(RESERVED)} fit into a category")
    problems.check(verb="read", kind="site_map")
    wanted = [params["primary"], params["recovery"]] if both else [params["recovery"]]
    sites = {site: PairSite(site_map.pair, Marks(_client(params, site, probe), site_map.pair)) for site in wanted}
    roles = {role: params[role] for role in ("primary", "recovery")}
    return Pair(site_map.pair, sites, roles, holder=this_holder(params.get("by")), alive=alive, now=_now)


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.timezone.utc)


def _client(params: t.Mapping[str, t.Any], site: str, probe: bool) -> CentralV4:
    return open_to_probe(params["sites"], site) if probe else open_one_of(params["sites"], site).client


def _result(pair: Pair, before: PairState, after: PairState) -> Result:
    texts = [readable(_told(pair, found)) for found in (before, after)]
    header = f"state of pair '{pair.name}'"
    entry = {"before_header": header, "after_header": header, "before": texts[0], "after": texts[1]}
    return {"before": _told(pair, before), "pair": _told(pair, after), "diff": [entry] if texts[0] != texts[1] else []}


def _told(pair: Pair, found: PairState) -> dict[str, t.Any]:
    shown = {"name": pair.name, **{name: value for name, value in found._asdict().items() if name not in ("run", "primary", "lagging")}}
    return {**shown, "run_id": found.run, "lagging": list(found.lagging), "legal_verbs": legal_verbs(found, pair.primary)}


def _change(before: PairState, after: PairState) -> dict[str, t.Any]:
    return {"before": before.state, "after": after.state, "active": after.active, "epoch": after.epoch}


def _shown(mark: Record) -> dict[str, t.Any]:
    return {**{name: value for name, value in mark._asdict().items() if name != "run"}, "run_id": mark.run}

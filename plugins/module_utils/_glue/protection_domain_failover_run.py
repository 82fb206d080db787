# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The run of protection_domain_failover: looks, judges, moves, powers on. Knows options, results and evidence; the engine decides and acts."""

from __future__ import annotations

import threading
import typing as t

from ansible.module_utils.basic import AnsibleModule

from .._engine.gate import NO_GO, PROBLEM, verdict_of, waive
from .._engine.protection_domain_decision import DEACTIVATION, PLANNED, UNPLANNED
from .._engine.protection_domain_gate import STARTS
from .._engine.protection_domain_move import DONE, Mover
from .._engine.protection_domain_way import Outcome
from .._engine.site_map import SiteMap
from .._engine.site_map_file import load_site_map
from .._engine.vm_power import power_on
from .._errors import DrError, Finding, InvalidInput, Refused, SafetyLimit
from .._prism.parallel import in_threads
from .gate_options import today, waivers_from, waivers_spec
from .journey_options import record_spec, sites_spec
from .module import Result, make_module, run
from .power_wanted import power_rules, power_spec, wanted_power
from .progress_lines import ProgressLines, progress_spec
from .protection_domain_picture import Picture, confirmation, look_at, recovered, told, would_power_on
from .protection_domain_ways import Moves, way_rules, way_spec, ways
from .recording import Recorder, recorder

_SPEC = {
    "mode": {"type": "str", "required": True, "choices": [PLANNED, UNPLANNED, DEACTIVATION]},
    "rpo_minutes": {"type": "int"},
    "confirm": {"type": "str"},
    "move_timeout": {"type": "int", "default": 7200},
    "poll_interval": {"type": "int", "default": 4},
}
_KIND = "protection_domain"
_POWER_ON = "power on"
_PAIRS_AT_ONCE = 8
#: The outcomes of one pair of clusters, the VMs that were powered on there, and what went wrong with that.
_Ended = tuple[list[Outcome], list[str], "DrError | None"]


def run_failover() -> None:
    """The whole of the module."""
    spec = {**_SPEC, **way_spec(), **sites_spec(), **waivers_spec(), **power_spec(), **progress_spec(), **record_spec()}
    needed = [("mode", PLANNED, ("source",)), ("mode", DEACTIVATION, ("source",)), *power_rules()]
    lists: Result = {name: [] for name in ("reasons", "protection_domains", "outcomes", "powered_on", "diff")}
    empty: Result = {"changed": False, "verdict": NO_GO, "confirmation": "", **lists}
    run(make_module(spec, connects=False, required_if=needed, **way_rules()), _work, empty=empty)


def _work(module: AnsibleModule) -> Result:
    params = module.params
    with recorder(module, "protection_domain_failover") as record:
        site_map = load_site_map(params["site_map"]) if params["site_map"] else None
        power = wanted_power(params)
        waivers = waivers_from(params["waivers"])
        all_moves = ways(params, site_map)
        pictures = in_threads(look_at, all_moves, threads=_PAIRS_AT_ONCE)
        rpo = _rpo(params, site_map)
        reasons = waive([reason for picture in pictures for reason in picture.reasons(rpo)], waivers, today())
        verdict = verdict_of(reasons)
        phrase = confirmation(params["source"] or "", pictures) if params["mode"] == DEACTIVATION else ""
        starting = [name for picture in pictures for name in would_power_on(picture, power)] if verdict != NO_GO else []
        result: Result = {
            "changed": verdict != NO_GO and (bool(starting) or any(picture.changes for picture in pictures)),
            "verdict": verdict,
            "reasons": [dict(reason._asdict()) for reason in reasons],
            "protection_domains": [one for picture in pictures for one in told(picture)],
            "outcomes": [],
            "powered_on": sorted(starting),
            "confirmation": phrase,
            "diff": [one for picture in pictures for one in picture.diff()],
        }
        if module.check_mode:
            return result
        record.gate({"mode": params["mode"], "verdict": verdict, "reasons": [f"{reason.status} {reason.code}: {reason.text}" for reason in reasons]})
        if verdict == NO_GO:
            findings = [Finding("", reason.text, reason.fix) for reason in reasons if reason.status == PROBLEM]
            return {**result, "failed_with": _refused(findings, params["target"])}
        if phrase and result["changed"] and params["confirm"] != phrase:
            return {**result, "changed": False, "powered_on": [], "failed_with": _unconfirmed(phrase, pictures, params["confirm"])}
        moving = [vm for picture in pictures for vm in recovered(picture)]
        if moving:
            record.check("copies of protection domains", verdict, {"recovered": moving})
        _move_all(module, pictures, record, power, result)
        return result


def _move_all(module: AnsibleModule, pictures: list[Picture], record: Recorder, power: t.Callable[[str], bool] | None, result: Result) -> None:
    """Moves everything, pair of clusters by pair at the same time, and fills the rest of the result."""
    with ProgressLines(module.params["progress_file"]) as lines:
        ended = _moved(module.params, pictures, record, power, lines)
    outcomes = [outcome for found, _started, _error in ended for outcome in found]
    result["outcomes"] = [_outcome(outcome) for outcome in outcomes]
    result["powered_on"] = sorted(name for _outcomes, started, _error in ended for name in started)
    result["changed"] = bool(result["powered_on"]) or any(outcome.status == DONE or outcome.verb in STARTS for outcome in outcomes)
    errors = [outcome.error for outcome in outcomes if outcome.error is not None] + [error for _found, _started, error in ended if error is not None]
    if errors:
        result["failed_with"] = errors[0] if len(errors) == 1 else _several(errors)


def _moved(
    params: t.Mapping[str, t.Any], pictures: list[Picture], record: Recorder, power: t.Callable[[str], bool] | None, lines: ProgressLines
) -> list[_Ended]:
    """What became of each pair of clusters."""
    evidence = _Evidence(record)

    def work(moves: Moves) -> _Ended:
        mover = Mover(
            moves.way,
            deadline=float(params["move_timeout"]),
            interval=float(max(params["poll_interval"], 1)),
            tell=lines.tell,
            before=lambda verb, name: evidence.before(verb, name, moves.way.target.site),
            after=evidence.after,
        )
        outcomes = mover.run(moves.moves)
        arrived = [outcome.name for outcome in outcomes if outcome.error is None]
        started: list[str] = []
        if power is None or not arrived:
            return outcomes, started, None

        def before(name: str) -> None:
            started.append(name)
            evidence.powering(name, moves.way.target.site)
            lines.tell(f"{name}: powering on")

        try:
            power_on(moves.way.target, arrived, power, deadline=float(params["move_timeout"]), before=before)
        except DrError as error:
            evidence.powered(started, error)
            return outcomes, started, error
        evidence.powered(started, None)
        return outcomes, started, None

    return in_threads(work, [picture.moves for picture in pictures], threads=_PAIRS_AT_ONCE)


class _Evidence:
    """What the movers do, one line after the other in the record."""

    def __init__(self, record: Recorder) -> None:
        self._record = record
        self._lock = threading.Lock()
        self._verbs: dict[str, str] = {}

    def before(self, verb: str, name: str, site: str) -> None:
        with self._lock:
            self._verbs[name] = verb
            self._record.intents(verb, _KIND, [name], site)

    def powering(self, name: str, site: str) -> None:
        with self._lock:
            self._record.intents(_POWER_ON, "vm", [name], site)

    def powered(self, names: t.Sequence[str], error: DrError | None) -> None:
        with self._lock:
            for name in names:
                self._record.outcome(_POWER_ON, "vm", name, error)

    def after(self, outcome: Outcome) -> None:
        with self._lock:
            if outcome.name in self._verbs:
                self._record.outcome(self._verbs[outcome.name], _KIND, outcome.name, outcome.error)


def _outcome(outcome: Outcome) -> Result:
    return {"name": outcome.name, "verb": outcome.verb, "status": outcome.status, "error": str(outcome.error) if outcome.error else None}


def _rpo(params: t.Mapping[str, t.Any], site_map: SiteMap | None) -> int | None:
    minutes = params["rpo_minutes"]
    if minutes is None and site_map is not None:
        minutes = site_map.targets.rpo_minutes
    return None if minutes is None else int(minutes) * 60


def _refused(findings: list[Finding], site: str) -> InvalidInput:
    return InvalidInput(findings, cause="nothing was moved", verb="move", site=site)


def _unconfirmed(phrase: str, pictures: list[Picture], given: str | None) -> SafetyLimit:
    vms = ", ".join(sorted(vm for picture in pictures for vm in picture.doomed()))
    said = f"confirm is '{given}'" if given else "confirm is not set"
    return SafetyLimit(f"this would DELETE these VMs: {vms}; {said}", verb="deactivate", fix=f"If that is meant, say confirm: {phrase}")


def _several(errors: list[DrError]) -> Refused:
    listing = "; ".join(str(error) for error in errors)
    return Refused(f"{len(errors)} things went wrong: {listing}", verb="move", fix="The others have arrived; run again to finish")

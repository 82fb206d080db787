# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The run of probe_plan: the policies of one site and the hosts of an inventory in, a few probes out. Sends nothing."""

from __future__ import annotations

import hashlib
import json
import typing as t

from ansible.module_utils.basic import AnsibleModule

from .._engine.estate import Estate
from .._errors import InvalidInput
from .._model.problems import Problems
from .._model.services import parse_service
from .._segmentation.entry_names import EntryNames
from .._segmentation.probe_field import Excluded, Field
from .._segmentation.probe_plan import Plan, Probe, Wanted, plan_probes
from .._segmentation.service_atoms import parse_packet
from .._segmentation.verdict import Flow, Segmentation, Verdict
from .._segmentation.wording import verdict_words
from .estate_options import ESTATE_RULES, estate_spec, open_estate, readings_from, readings_spec
from .module import Result, make_module, run

_FLOW: dict[str, t.Any] = {
    "from": {"type": "str", "required": True},
    "to": {"type": "str", "required": True},
    "service": {"type": "str", "required": True},
    "ipv6": {"type": "bool", "default": False},
}
_TEXTS = {"type": "list", "elements": "str"}
_MOST_PER_HOST = 200.0
_T = t.TypeVar("_T")


def run_probe_plan() -> None:
    """The whole of the module."""
    spec = {
        "hosts": {**_TEXTS, "required": True},
        "stands_for": {"type": "dict", "default": {}},
        "witnesses": {"type": "list", "elements": "dict", "options": _FLOW, "default": []},
        "exclude_vms": {**_TEXTS, "default": []},
        "exclude_services": {**_TEXTS, "default": []},
        "prefer": {**_TEXTS, "default": ["tcp/22", "tcp/443", "tcp/3389"]},
        "max_probes": {"type": "int", "default": 200},
        "seed": {"type": "int", "default": 0},
        "rate": {"type": "float", "default": 100},
        **estate_spec(),
        **readings_spec(),
    }
    run(make_module(spec, connects=False, **ESTATE_RULES), _work, empty={"changed": False, "probes": [], "by_host": {}})


def _work(module: AnsibleModule) -> Result:
    params = module.params
    estate = open_estate(params)
    engine = Segmentation(estate.for_engine(), readings_from(params))
    names = EntryNames(engine.objects.rules)
    excluded, wanted = _given(params, estate)
    stands_for = {str(host): str(other) for host, other in params["stands_for"].items()}
    field = Field(engine, {host: stands_for.get(host, host) for host in params["hosts"]}, excluded)
    plan = plan_probes(field, wanted, names)
    probes = [_told(probe, engine, names) for probe in plan.probes]
    by_host: dict[str, list[dict[str, t.Any]]] = {}
    for probe in plan.probes:
        by_host.setdefault(probe.way.source.host, []).append(_task(probe))
    return {
        "changed": False,
        "site": estate.site,
        "read_from": estate.origin,
        "digest": estate.digest,
        "plan_digest": hashlib.sha256(json.dumps(probes, sort_keys=True).encode()).hexdigest(),
        "probes": probes,
        "by_host": by_host,
        "rate": min(_MOST_PER_HOST, round(params["rate"] / max(1, len(by_host)), 2)),
        "rejects": any(rule.get("action") == "reject" for one in engine.objects.rules for rule in one.get("flex_rules", ())),
        "coverage": {kind: dict(count._asdict()) for kind, count in plan.coverage.items()},
        "not_covered": [{"what": what, "why": why} for what, why in plan.not_covered],
        "notes": list(plan.notes),
        "summary": _summary(plan, estate, len(by_host)),
    }


def _given(params: t.Mapping[str, t.Any], estate: Estate) -> tuple[Excluded, Wanted]:
    """What the options ask for. Raises InvalidInput with everything that can't be read."""
    problems = Problems()
    services = _read(params["exclude_services"], "exclude_services", parse_service, problems)
    prefer = _read(params["prefer"], "prefer", parse_packet, problems)
    for name in ("max_probes", "rate"):
        if params[name] < 1:
            problems.add(name, f"is {params[name]}", "write 1 or more")
    vms = [str(vm["name"]) for vm in estate.vms]
    for text in params["exclude_vms"]:
        if text not in vms:
            problems.unknown("exclude_vms", text, vms, "VM")
    for host in params["stands_for"]:
        if host not in params["hosts"]:
            problems.unknown("stands_for", host, params["hosts"], "host")
    problems.check(verb="plan", site=estate.site)
    witnesses = tuple(Flow(one["from"], one["to"], one["service"], one["ipv6"]) for one in params["witnesses"])
    wanted = Wanted(params["max_probes"], params["seed"], witnesses, tuple(prefer))
    return Excluded(frozenset(params["exclude_vms"]), tuple(services)), wanted


def _read(texts: t.Iterable[str], option: str, read: t.Callable[[str], _T], problems: Problems) -> list[_T]:
    found = []
    for text in texts:
        try:
            found.append(read(text))
        except InvalidInput as error:
            problems.findings += [one._replace(where=option) for one in error.findings]
        except ValueError as error:
            problems.add(option, str(error))
    return found


def _told(probe: Probe, engine: Segmentation, names: EntryNames) -> dict[str, t.Any]:
    way, decided = probe.way, probe.decided[0] if probe.decided else None
    flow = way.flow()
    verdict: Verdict = engine.judge(way.source.number, way.destination.number, way.source.family, way.packet)
    return {
        "id": probe.id,
        "host": way.source.host,
        "source": way.source.name,
        "source_address": way.source.address,
        "destination": way.destination.name,
        "destination_address": way.destination.address,
        "service": flow.packet,
        "expected": probe.expect,
        "policy": decided.policy if decided else "",
        "entry": " ".join(filter(None, (decided.where, names.words(decided.policy, decided.where)))) if decided else "",
        "rejects": any(one.action == "reject" for one in probe.decided),
        "controls": list(probe.controls),
        "shows": [goal.words(names) for goal in probe.covers],
        "explanation": f"{probe.id} {verdict_words(flow, verdict, names)}",
    }


def _task(probe: Probe) -> dict[str, t.Any]:
    """The probe as connect_scan takes it. A host outside of the site sends from whatever address it has."""
    way = probe.way
    return {
        "id": probe.id,
        "address": way.destination.address,
        "protocol": way.packet.protocol,
        "port": way.packet.number,
        "source": way.source.address if way.source.vm else "",
    }


def _summary(plan: Plan, estate: Estate, hosts: int) -> str:
    denied = sum(probe.expect == "deny" for probe in plan.probes)
    covered = ", ".join(f"{count.covered} of {count.goals} {kind}" for kind, count in plan.coverage.items() if count.goals)
    return f"{len(plan.probes)} probes from {hosts} hosts of {estate.site}, {denied} of them must be denied; they cover: {covered or 'nothing'}"

# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The run of remote_site_check: reads both clusters of a pair, then lets the conditions judge. Changes nothing, decides nothing."""

from __future__ import annotations

import datetime
import fnmatch
import typing as t

from ansible.module_utils.basic import AnsibleModule

from .._engine.frame_conditions import FRAME, SIGNED_OFF
from .._engine.gate import CANNOT_TELL, OK
from .._engine.inventory import prism_central
from .._engine.pair_check import Judgement, judged, verdict
from .._engine.pair_conditions import CONNECTION, is_unpaired, not_paired
from .._engine.pair_facts import CONTROL_PORT, DATA_PORT, PairFacts, Probe, Side, SignOff
from .._engine.pair_reading import lost_side, read_side
from .._errors import CANNOT_TELL as NOTHING_KNOWN
from .._errors import DrError, Finding, InvalidInput
from .._net.tcp_ports import try_ports
from .._prism.parallel import in_threads
from .element_module import element_rules, element_spec, open_element, peer_spec
from .journey_options import record_spec
from .module import Result, make_module, open_site, run
from .recording import recorder

_NAME = {"type": "str", "required": True}
_SPEC = {
    **element_spec(),
    "name": _NAME,
    "peer": peer_spec(),
    "peer_name": {"type": "str"},
    "expected": {"type": "bool", "default": True},
    "profile": {"type": "str", "choices": ["connection", "frame"], "default": "connection"},
    "probe": {"type": "bool", "default": True},
    "probe_timeout": {"type": "int", "default": 3},
    "workloads": {"type": "list", "elements": "str", "default": ["*"]},
    "sign_offs": {
        "type": "list",
        "elements": "dict",
        "default": [],
        "options": {"id": {**_NAME, "choices": [SIGNED_OFF]}, "by": _NAME, "date": _NAME, "note": {"type": "str", "default": ""}},
    },
}
_CONDITIONS = {"connection": CONNECTION, "frame": FRAME}
_PARTS = {
    "connection": ("cluster", "remote_sites", "alerts", "clock"),
    "frame": ("cluster", "remote_sites", "alerts", "containers", "workloads"),
}


def run_remote_site_check() -> None:
    """The whole of the module."""
    module = make_module({**_SPEC, **record_spec()}, **element_rules())
    run(module, _work, empty={"changed": False, "verdict": CANNOT_TELL, "findings": [], "remote_sites": []})


def _work(module: AnsibleModule) -> Result:
    params = module.params
    with recorder(module, "remote_site_check") as record:
        facts = PairFacts(*_sides(params), sign_offs=_sign_offs(params["sign_offs"]))
        if not params["expected"] and is_unpaired(facts):
            found = [not_paired(facts)]
        else:
            found = judged(_CONDITIONS[params["profile"]], facts, merged=params["profile"] == "frame")
        told = [dict(judgement._asdict()) for judgement in found]
        result = verdict(found)
        name = f"remote_site_check {facts.a.label} {facts.b.label}"
        record.check(
            name, result, {"profile": params["profile"], "counts": _counts(found)}, [_for_report(judgement) for judgement in found if judgement.status != OK]
        )
        return {"changed": False, "verdict": result, "findings": told, "remote_sites": [_shown(side) for side in (facts.a, facts.b)]}


def _sides(params: t.Mapping[str, t.Any]) -> tuple[Side, Side]:
    """Both clusters as they are, read at the same time, with what this host sees of their ports."""
    other = params["peer"]
    here, there = in_threads(lambda one: _side(one, params), [params, other], threads=2)
    # The half on the peer is called after this cluster, unless told otherwise; only now is its name known.
    there = there._replace(half_name=params["peer_name"] or here.cluster.name or here.label)
    here = here._replace(half_name=params["name"], workloads=tuple(one for one in here.workloads if _is_wanted(one.name, params["workloads"])))
    if params["probe"]:
        here, there = _probed(here, there, params["probe_timeout"]), _probed(there, here, params["probe_timeout"])
    return here, there


def _side(options: t.Mapping[str, t.Any] | None, params: t.Mapping[str, t.Any]) -> Side:
    if options is None:
        return lost_side(f"the cluster behind {params['name']}", "", "no way to it was given, see the option peer")
    label = options["cluster"] or options["nutanix_host"]
    try:
        element = open_element(options)
        side = read_side(element, label, "", _PARTS[params["profile"]])
        element.close()
    except NOTHING_KNOWN as error:
        return lost_side(label, "", str(error.cause))
    if params["profile"] == "frame":
        side = _with_prism_central(side, options)
    return side._replace(label=options["cluster"] or side.cluster.name or label)


def _with_prism_central(side: Side, options: t.Mapping[str, t.Any]) -> Side:
    reason = "the cluster was asked directly"
    if options["via_prism_central"]:
        try:
            site = open_site(options)
            side = side._replace(prism_central=prism_central(site)[1])
            site.client.close()
            return side
        except DrError as error:
            reason = str(error.cause)
    return side._replace(unknown={**side.unknown, "prism_central": reason})


def _probed(side: Side, other: Side, seconds: int) -> Side:
    """With what this host sees of the ports of a cluster; where it tells no addresses, of those that the other's half names."""
    addresses = side.cluster.addresses or tuple(other.half.addresses if other.half else ())
    targets = [(address, port) for address in addresses for port in (CONTROL_PORT, DATA_PORT)]
    results = try_ports(targets, timeout=float(seconds))
    return side._replace(probes=tuple(Probe(address, port, result) for (address, port), result in zip(targets, results, strict=True)))


def _is_wanted(name: str, patterns: t.Sequence[str]) -> bool:
    return any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns)


def _sign_offs(given: t.Sequence[t.Mapping[str, str]]) -> dict[str, SignOff]:
    signed, findings = {}, []
    for index, item in enumerate(given):
        try:
            day = datetime.date.fromisoformat(item["date"])
        except ValueError:
            findings.append(Finding(f"sign_offs[{index}].date", f"{item['date']!r} is no date", "write it as 2026-12-31"))
            continue
        signed[item["id"]] = SignOff(item["by"], day.isoformat(), item["note"])
    if findings:
        raise InvalidInput(findings, verb="read")
    return signed


def _counts(found: t.Iterable[Judgement]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for judgement in found:
        counts[judgement.status] = counts.get(judgement.status, 0) + 1
    return counts


def _for_report(judgement: Judgement) -> dict[str, str]:
    return {"severity": judgement.status, "code": judgement.id, "problem": f"{judgement.object}: {judgement.cause}", "fix": judgement.fix}


def _shown(side: Side) -> Result:
    """A half as it was seen; all but the names are empty when it was not."""
    half = side.half
    return {
        "cluster": side.label,
        "name": side.half_name,
        "status": half.status.lower() if half else None,
        "latency_usecs": half.latency if half else None,
        "addresses": dict(half.addresses) if half else {},
        "capabilities": list(half.capabilities) if half else [],
        "vstores": dict(half.vstores) if half else {},
        "networks": dict(half.networks) if half else {},
    }

# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The run of coverage_info: waits for VMs and checks what secures them. Changes nothing."""

from __future__ import annotations

import time
import typing as t

from ansible.module_utils.basic import AnsibleModule

from .._engine.coverage_check import Expected, Secured, Vm, VmResult, check_coverage, repair, without_namesakes, worst
from .._engine.inventory import vms
from .._engine.site import Site
from .._engine.site_map import SiteMap
from .._engine.site_map_file import load_site_map
from .._entities.registry import ENTITIES
from .._errors import Finding, InvalidInput
from .._evidence.baseline import Baseline, read_baseline
from .._segmentation.coverage import secured_by
from .entity_info import search
from .holder import playbook_is_gone, this_holder
from .journey_options import baseline_spec, check_direction, direction_spec, record_spec, recovered_spec, site_map_spec
from .module import Result, make_module, open_site, run
from .recording import recorder

_SPEC = {
    "wait_for_vms": {"type": "int", "default": 0},
    "poll_interval": {"type": "int", "default": 10},
    "vms": {"type": "list", "elements": "str"},
    "query": {"type": "str"},
    **recovered_spec(),
}
_RULES = ("security_rule", "entity_group", "address_group")


def run_coverage() -> None:
    """The whole of the module."""
    spec = {**_SPEC, **baseline_spec(), **site_map_spec(), **direction_spec(), **record_spec()}
    run(make_module(spec), _work, empty={"changed": False, "vms": [], "missing": [], "findings": [], "repair": [], "counts": {}})


def covered(site: Site, of: t.Sequence[Vm] | None = None) -> dict[str, dict[str, Secured]]:
    """VM name -> rule -> its mode and how many interfaces of the VM it secures. ``of``: these VMs instead of all."""
    rules, groups, addresses = ([held.canonical for held in site.held(kind)] for kind in _RULES)
    found: dict[str, dict[str, Secured]] = {}
    for name, coverages in secured_by(rules, groups, vms(site) if of is None else of, addresses).items():
        of_vm = found.setdefault(name, {})
        for coverage in coverages:
            of_vm[coverage.rule] = Secured(coverage.mode, of_vm[coverage.rule].nics + 1 if coverage.rule in of_vm else 1)
    return found


def _work(module: AnsibleModule) -> Result:
    params = module.params
    with recorder(module, "coverage_info") as record:
        baseline = read_baseline(params["baseline"], ENTITIES)
        site_map = load_site_map(params["site_map"])
        check_direction(params, site_map, baseline)
        expected = _expected(baseline, site_map, params)
        site = open_site(params, label=params["target"])
        record.waited(_wait(site, expected, params["wait_for_vms"], params["poll_interval"]))
        there = without_namesakes(expected, vms(site))
        results = check_coverage(expected, there, covered(site, there))
        findings = [finding._asdict() for result in results for finding in result.findings]
        verdict = worst(finding for result in results for finding in result.findings)
        counts = _counts(results)
        workloads = [_told(wanted, result) for wanted, result in zip(expected, results, strict=True)]
        about = {"source": params["source"], "target": params["target"], "counts": counts, "workloads": workloads}
        told = [{**finding, "problem": f"{finding['vm']} {finding['problem']}"} for finding in findings]
        record.check(f"coverage of {params['target']}", verdict, about, told)
        result: Result = {
            "changed": False,
            "verdict": verdict,
            "vms": workloads,
            "missing": [result.name for result in results if not result.there],
            "findings": findings,
            "repair": repair(results),
            "counts": counts,
        }
        if params["query"]:
            result["query_result"] = search(module, params["query"], workloads)
        return result


def _expected(baseline: Baseline, site_map: SiteMap, params: t.Mapping[str, t.Any]) -> list[Expected]:
    """The VMs to expect, in the words of the target. Raises InvalidInput for VMs that the baseline doesn't know."""
    known = {str(vm["name"]): vm for vm in baseline.content.membership.get("vms") or ()}
    wanted = params["vms"] if params["vms"] is not None else [name for name, vm in known.items() if vm.get("secured_by") or vm.get("categories")]
    unknown = sorted(set(wanted) - set(known))
    if unknown:
        raise InvalidInput([Finding(f"VM '{name}'", "is not in the baseline", "correct the name") for name in unknown], verb="read")

    now = {str(one["source"]): str(one["recovered"]) for one in params["recovered"]}

    def category(name: str) -> str:
        return site_map.name_on(params["target"], params["source"], "category", name) or name

    return [
        Expected(
            name,
            frozenset(category(one) for one in known[name].get("categories") or ()),
            {rule: Secured(**secured) for rule, secured in (known[name].get("secured_by") or {}).items()},
            str(known[name].get("power") or ""),
            now.get(str((known[name].get("_prism") or {}).get("ext_id")), ""),
        )
        for name in sorted(set(wanted))
    ]


def _wait(site: Site, expected: t.Sequence[Expected], seconds: int, interval: int) -> float:
    """Look until all VMs are there, the time is up, or the playbook was killed: then the next one waits. How many seconds that took."""
    process, began = this_holder().process, time.monotonic()
    wanted = {one.now or one.name for one in expected}
    while wanted - {str(body.get(member)) for body in site.bodies("vm") for member in ("name", "extId")}:
        left = began + seconds - time.monotonic()
        if left <= 0 or playbook_is_gone(process):
            break
        time.sleep(min(max(interval, 1), left))
        site.forget(["vm"])
    return time.monotonic() - began if seconds else 0.0


def _counts(results: t.Sequence[VmResult]) -> dict[str, int]:
    there = [result for result in results if result.there]
    counts = {status: sum(result.status == status for result in there) for status in ("ok", "warning", "problem")}
    return {"expected": len(results), **counts, "missing": len(results) - len(there)}


def _told(wanted: Expected, result: VmResult) -> dict[str, t.Any]:
    return {
        "name": result.name,
        "status": result.status,
        "secured_by": {rule: secured.mode for rule, secured in sorted(result.rules.items())},
        "expected": {rule: secured.mode for rule, secured in sorted(wanted.rules.items())},
        "missing_categories": list(result.missing),
        "findings": [f"{finding.severity}: {finding.problem}" for finding in result.findings],
    }

"""Pairing two clusters: calls that don't grow with what they hold, one write per half and phase. Knows how to count, not how to pair."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from prismsim.testing import Running, running
from tests.bench.playing import connection
from tests.bench.table import Figure, at_most, note
from tests.integration.direct import run_module

FEW, MANY = 2, 40
DOMAINS = 500
#: Two halves, made in one phase and mapped in the next.
WRITES = 4


def figures() -> list[Figure]:
    """The calls of both modules for clusters of two sizes; the larger may cost none more."""
    few, many = _paired(FEW), _paired(MANY)
    found = [note(f"calls to pair clusters of {FEW} containers", str(few["calls"]))]
    found.append(at_most(f"calls to pair clusters of {MANY} containers", few["calls"], many["calls"], digits=0))
    found.append(at_most(f"writes of them, for {MANY} mappings each way", WRITES, many["writes"], digits=0))
    found.append(at_most("calls to see that nothing is to be done", few["again"], many["again"], digits=0))
    found.append(at_most("writes of them", 0, many["again_writes"], digits=0))
    found.append(at_most("calls of the check with the profile frame", few["check"], many["check"], digits=0))
    found.append(at_most(f"listings of protection domains to read {DOMAINS} of a cluster", 1, _listings(), digits=0))
    return found


def estate(containers: int) -> dict[str, Any]:
    """Two clusters with so many containers each, and a VM in every one of them."""
    sites: dict[str, Any] = {}
    for number, (site, other) in enumerate((("north", "south"), ("south", "north")), start=1):
        names = [f"container-{index:02}" for index in range(containers)]
        vms = [{"name": f"{site}-{name}", "cluster": f"{site}-ahv", "disks": [{"container": name, "gib": 10}]} for name in names]
        cluster = {"name": f"{site}-ahv", "virtual_ip": f"10.{number}.0.10", "storage_containers": names}
        central = {"name": f"pc-{site}", "release": "pc.7.5.1"}
        sites[site] = {"prism_central": central, "clusters": [cluster], "vms": vms, "availability": {"registered_with": [other]}}
    return {"name": "pairing", "sites": sites}


def _paired(containers: int) -> dict[str, int]:
    """Calls and writes of a first run, of a second one, and of the check."""
    with tempfile.TemporaryDirectory() as name, running(estate(containers)) as sim:
        site_map = Path(name) / "dr_site_map.yml"
        sites = [{"id": site, **connection(sim, site)} for site in ("north", "south")]
        ways = {"primary": "north", "recovery": "south", "sites": sites}
        _good(run_module("site_map", {"path": str(site_map), **ways}))
        pairing = {"site_map": str(site_map), **ways}
        mark = sim.mark()
        _good(run_module("site_pairing", pairing))
        counts = {"calls": len(sim.requests(mark)), "writes": len(sim.writes(mark))}
        _check_mapped(sim, containers)
        mark = sim.mark()
        _good(run_module("site_pairing", pairing))
        counts.update(again=len(sim.requests(mark)), again_writes=len(sim.writes(mark)))
        here, there = ({**connection(sim, site), "cluster": f"{site}-ahv", "via_prism_central": True} for site in ("north", "south"))
        mark = sim.mark()
        _good(run_module("remote_site_check", {**here, "name": "south-ahv", "peer": there, "profile": "frame", "probe": False}))
        return {**counts, "check": len(sim.requests(mark))}


def _listings() -> int:
    """How often the protection domains of a cluster are asked for by the module that shows all of them."""
    world = estate(FEW)
    world["sites"]["north"]["clusters"][0]["protection_domains"] = [{"name": f"domain-{index:03}"} for index in range(DOMAINS)]
    with running(world) as sim:
        mark = sim.mark()
        options = {**connection(sim, "north"), "cluster": "north-ahv", "via_prism_central": True}
        shown = _good(run_module("protection_domain_info", options))["protection_domains"]
        if len(shown) != DOMAINS:
            raise RuntimeError(f"{len(shown)} of {DOMAINS} protection domains were shown")
        return sum("protection_domains" in call["path"] for call in sim.requests(mark))


def _check_mapped(sim: Running, containers: int) -> None:
    for cluster, name in (("north/north-ahv", "south-ahv"), ("south/south-ahv", "north-ahv")):
        mapped = sim.cluster_state(cluster)["remote_site"][name]["vstore_name_map"]
        if len(mapped) != containers:
            raise RuntimeError(f"{cluster} maps {len(mapped)} of {containers} containers")


def _good(result: dict[str, Any]) -> dict[str, Any]:
    if "msg" in result:
        raise RuntimeError(str(result["msg"]))
    return result

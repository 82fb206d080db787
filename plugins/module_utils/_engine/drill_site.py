# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a drill looks at: recovery plans, their tests, the VMs of both sites, the networks of the recovery site. Reads, never writes."""

from __future__ import annotations

import typing as t

from .._errors import UnknownReference
from .drill import MadeTest, is_test
from .drill_networks import Mapping, Network
from .inventory import vms
from .recoverable import Vm as PlanVm
from .recoverable import members
from .recovery_follow import PlanAt
from .recovery_job import Body, recovered
from .recovery_site import RecoverySite
from .site import Site

if t.TYPE_CHECKING:
    from .._model.entity import Canonical

Data = dict[str, t.Any]


class SeenPlan(t.NamedTuple):
    """One plan: its VMs at the source, its network mappings, all its jobs, and its tests."""

    name: str
    vms: tuple[Data, ...]
    mappings: tuple[Mapping, ...]
    jobs: tuple[Body, ...]
    tests: tuple[MadeTest, ...]


class Seen(t.NamedTuple):
    """``wrong``: plans that can't be drilled, with the reason. ``here``: VMs of the site that is recovered at, ``there``: of the other."""

    plans: tuple[SeenPlan, ...]
    wrong: t.Mapping[str, str]
    here: tuple[Data, ...]
    there: tuple[Data, ...]
    networks: t.Mapping[str, Network]

    @property
    def test_networks(self) -> frozenset[str]:
        return frozenset(mapping.test for plan in self.plans for mapping in plan.mappings if mapping.test)

    @property
    def in_use(self) -> dict[str, list[str]]:
        """VMs that no test made, by their network."""
        made = {ext_id for plan in self.plans for test in plan.tests for ext_id in test.made}
        found: dict[str, list[str]] = {}
        for vm in self.here:
            for name in {str(nic["subnet"]) for nic in vm["nics"]} if vm["ext_id"] not in made else ():
                found.setdefault(name, []).append(str(vm["name"]))
        return found


def look(recovery: Site, primary: Site, names: t.Sequence[str]) -> Seen:
    """Raises CANNOT_TELL, and TooNew where a site has no recovery plans."""
    plain = Site(recovery.client)
    site = RecoverySite(recovery.client, [primary], set(names))
    here, there = vms(plain), vms(primary)
    held = {item.name: item.canonical for item in site.held("recovery_plan", names)}
    unreadable = {item.name: item.error.cause for item in site.unreadable("recovery_plan", names)}
    wrong: dict[str, str] = {}
    plans = []
    jobs: list[Body] | None = None
    for name in names:
        try:
            plan = PlanAt(recovery.client, name)
        except UnknownReference:
            wrong[name] = "is not there"
            continue
        if name not in held:
            wrong[name] = f"can't be read: {unreadable.get(name, 'it is not listed')}"
            continue
        jobs = plan.jobs() if jobs is None else jobs
        own = site.identity_of(site).name
        if own not in (held[name]["primary"]["prism_central"], held[name]["recovery"]["prism_central"]):
            wrong[name] = f"recovers nothing at {own}"
            continue
        plans.append(_plan(plan, held[name], own, jobs, here, there))
    return Seen(tuple(plans), wrong, tuple(here), tuple(there), _networks(plain))


def _plan(plan: PlanAt, canonical: Canonical, own: str, all_jobs: t.Sequence[Body], here: t.Sequence[Data], there: t.Sequence[Data]) -> SeenPlan:
    jobs = tuple(job for job in all_jobs if job.get("recoveryPlanExtId") == plan.ext_id)
    existing = {str(vm["ext_id"]) for vm in here}
    tests = []
    for job in jobs:
        if is_test(job):
            made = frozenset(str(vm["recovered"]) for vm in recovered(plan.steps(job)))
            tests.append(MadeTest(job, made, made & existing))
    copies = {ext_id for test in tests for ext_id in test.made}
    originals = {str(vm["ext_id"]): vm for vm in there if vm["ext_id"] not in copies}
    candidates = [PlanVm(str(vm["name"]), ext_id, frozenset(vm["categories"])) for ext_id, vm in originals.items()]
    found = [originals[vm.ext_id] for _priority, vm in members(canonical, candidates)]
    return SeenPlan(plan.name, tuple(found), _mappings(plan.name, canonical, own), jobs, tuple(tests))


def _mappings(plan: str, canonical: Canonical, own: str) -> tuple[Mapping, ...]:
    """The network mappings in the direction to this Prism Central."""
    to, of = ("recovery", "primary") if canonical["recovery"]["prism_central"] == own else ("primary", "recovery")
    return tuple(
        Mapping(plan, str(mapping[of]), str(mapping[to]), str(mapping.get(f"{to}_test") or "")) for mapping in canonical.get("network_mappings", ())
    )


def _networks(site: Site) -> dict[str, Network]:
    external = {str(vpc["extId"]): bool(vpc.get("externalSubnets")) for vpc in site.bodies("vpc")}
    found = {}
    for body in site.bodies("subnet"):
        name = site.directory.name_of("subnet", str(body["extId"]))
        vpc = str(body.get("vpcReference") or "")
        wire = tuple(str(body.get(member) or "") for member in ("clusterReference", "virtualSwitchReference", "networkId"))
        called = site.directory.name_of("vpc", vpc) if vpc else ""
        found[name] = Network(name, () if vpc else wire, called, external.get(vpc, False))
    return found

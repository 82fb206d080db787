"""The journeys that `make chaos` interrupts, as data: the world, what happened in it before, the command, and what the world does meanwhile.

Knows the playbooks' variables; kills and judges nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, NamedTuple

import yaml

from prismsim.testing import Running
from tests.journeys.conftest import ESTATE
from tests.journeys.operator import Operator
from tests.journeys.test_protection_domains import estate as domains_estate
from tests.journeys.test_recovery_plans import estate as plans_estate

_QUICK = ("-e", "failover_poll_interval=1", "-e", "failback_poll_interval=1")
_WAIVED = [{"code": "DRIFT_RECOVERY", "by": "anna", "reason": "the failover brings it", "expires": "2099-12-31"}]
_PLANNED = ("-e", "failover_mode=planned", "-e", json.dumps({"failover_waivers": _WAIVED}), *_QUICK)
#: What keeps its categories when something else moves the workloads; the others lose them and get them back.
_KEEP = ["web-1", "app-1", "app-2", "db-1", "dns-1", "test-1", "tenant-1"]


def _minimal() -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load(ESTATE.read_text())
    return document


def _drill() -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load(ESTATE.with_name("drill.yml").read_text())
    return document


def _nothing(_operator: Operator) -> None:
    """The journey begins right after pre_dr."""


class Journey(NamedTuple):
    """A command that a person gives in a world after pre_dr, and may have to give again.

    ``before``: what happened between pre_dr and the command; ``lasting``: what of it the simulator forgets when it starts anew.
    ``shows``: the text in its output at which ``meanwhile`` happens in the world, as often as it is shown.
    ``confirmed``: the command carries what its rehearsal printed.
    ``drill``: it runs copies beside the originals, and once it began to remove them it may test again: what they showed is gone.
    """

    name: str
    playbook: str
    arguments: tuple[str, ...]
    meanwhile: Callable[[Running], object] = lambda _sim: None
    shows: str = "workloads | Wait for them"
    before: Callable[[Operator], object] = _nothing
    lasting: Callable[[Running], object] = lambda _sim: None
    estate: Callable[[], dict[str, Any]] = _minimal
    confirmed: bool = True
    drill: bool = False


def moves(source: str, target: str, vms: list[str] | str = "all") -> Callable[[Running], object]:
    """Something that is not ours moves the workloads; one VM loses its categories on the way."""

    def move(sim: Running) -> None:
        there = set(sim.state(source).get("vm", {}))
        going = sorted(there if vms == "all" else there & set(vms))
        if going:
            sim.move(source, target, vms=going, keep_categories=_KEEP)

    return move


def loses_policies(operator: Operator) -> None:
    """The recovery site lost a policy and what it uses, and an address group was changed: the failover has something to bring."""
    sim = operator.simulator
    sim.delete("south", "security_policy", "shop-db")
    sim.delete("south", "entity_group", "shop-databases")
    sim.edit("south", "address_group", "branch-offices", {"description": "changed by hand"})


def was_edited(operator: Operator) -> None:
    """People went on at the primary: a policy changed, another is gone, an address group is new."""
    sim = operator.simulator
    sim.edit("north", "security_policy", "shop-db", {"state": "ENFORCE"})
    sim.edit("north", "address_group", "branch-offices", {"description": "reviewed"})
    sim.create("north", "address_group", {"name": "partners", "ipv4Addresses": [{"value": "172.20.1.0", "prefixLength": 24}]})


def maps(what: str) -> Callable[[Operator], object]:
    """Somebody wrote into the site map which ``what`` (protection domains, recovery plans) move the workloads; nobody else did anything."""

    def write(operator: Operator) -> None:
        site_map = operator.directory / "dr_site_map.yml"
        site_map.write_text(site_map.read_text().replace("maps:\n", f"maps:\n  {what}: [shop, rest]\n"))

    return write


def is_dead(sim: Running) -> None:
    """The primary is a black hole."""
    sim.down("north", "blackhole")


def dies(operator: Operator) -> None:
    """The recovery site lost policies, then the primary died."""
    loses_policies(operator)
    is_dead(operator.simulator)


def was_failed_over(operator: Operator) -> None:
    """A planned failover, then edits at the recovery site that have to come home: one policy changed, one new, one gone."""
    _fail_over(operator, _PLANNED, "all")
    sim = operator.simulator
    sim.edit("south", "security_policy", "shop-db", {"state": "ENFORCE"})
    sim.create("south", "address_group", {"name": "partners", "ipv4Addresses": [{"value": "172.20.1.0", "prefixLength": 24}]})
    sim.edit("south", "address_group", "branch-offices", {"description": "changed while at south"})


def _fail_over(operator: Operator, words: tuple[str, ...], others: list[str] | str) -> None:
    """A planned failover; something else has moved ``others``."""
    confirm = operator.run("failover", *words, "--check").confirmation()
    operator.simulator.move("north", "south", others)
    done = operator.run("failover", *words, "-e", f"failover_confirm={confirm}")
    assert done.code == 0, done.text


def _by_mover(mover: str, estate: Callable[[], dict[str, Any]]) -> list[Journey]:
    """A planned failover and a failback; what no mover of ours has is moved by something else."""
    words, others = ("-e", f"dr_mover={mover}", *_QUICK), ["tenant-1"]
    planned = ("-e", "failover_mode=planned", *words)

    def was_moved(operator: Operator) -> None:
        maps(mover)(operator)
        _fail_over(operator, planned, others)

    return [
        Journey(f"failover, {mover}", "failover", planned, moves("north", "south", others), before=maps(mover), estate=estate),
        Journey(f"failback, {mover}", "failback", words, moves("south", "north", others), before=was_moved, estate=estate),
    ]


JOURNEYS = {
    journey.name: journey
    for journey in (
        Journey("pre_dr", "pre_dr", (), before=was_edited, confirmed=False),
        Journey("failover, planned", "failover", _PLANNED, moves("north", "south"), before=loses_policies),
        Journey("failover, unplanned", "failover", ("-e", "failover_mode=unplanned", *_QUICK), moves("north", "south"), before=dies, lasting=is_dead),
        Journey("failback", "failback", _QUICK, moves("south", "north"), before=was_failed_over),
        *_by_mover("protection_domains", domains_estate),
        *_by_mover("recovery_plans", plans_estate),
        Journey("drill", "drill", ("-e", json.dumps({"dr_plans": ["shop"], "drill_poll_interval": 1})), estate=_drill, confirmed=False, drill=True),
    )
}

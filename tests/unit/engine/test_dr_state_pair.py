# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lock of a pair and its way through the states: who gets it, who takes it over, and what a kill at any write leaves behind."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Callable

import pytest

from ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.dr_lock import Holder, Locked
from ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.dr_state import VERBS, Record
from ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.dr_state_pair import Pair
from ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.dr_state_site import PairSite
from ansible_collections.nutanix_flow.dr.plugins.module_utils._errors import (
    Conflict,
    ConnectionFailed,
    DrError,
    NotRepresentable,
)

START = datetime.datetime(2026, 11, 21, 12, tzinfo=datetime.timezone.utc)
ANNA, BERT = Holder("anna@one", "one/1.1"), Holder("bert@two", "two/2.2")


class Killed(BaseException):
    """The process is gone: nothing catches this."""


class World:
    """The marks of two sites, a clock, and which processes are known to be dead."""

    def __init__(self) -> None:
        self.texts: dict[str, dict[str, str]] = {"north": {}, "south": {}}
        self.now = START
        self.dead: set[str] = set()
        self.silent: set[str] = set()
        self.writes_left = 1_000

    def pair(self, holder: Holder = ANNA, sites: tuple[str, ...] = ("north", "south")) -> Pair:
        kept = {site: PairSite("hospital", FakeMarks(self, site)) for site in sites}  # the fake has what PairSite uses
        alive = {True: False, False: None}
        return Pair(
            "hospital", kept, {"primary": "north", "recovery": "south"}, holder=holder, alive=lambda process: alive[process in self.dead], now=lambda: self.now
        )

    def begin(self, verb: str = "planned_failover", run: str = "run-1", holder: Holder = ANNA, **options: object):
        sites = ("north", "south") if VERBS[verb].both_sites else ("south",)
        return self.pair(holder, sites).begin(VERBS[verb], run, minutes=60, **options)

    def end(self, verb: str = "planned_failover", run: str = "run-1", holder: Holder = ANNA):
        sites = ("north", "south") if VERBS[verb].both_sites else ("south",)
        return self.pair(holder, sites).end(VERBS[verb], run)

    def locks(self) -> int:
        return sum("lock" in texts for texts in self.texts.values())


class FakeMarks:
    def __init__(self, world: World, site: str) -> None:
        self.world = world
        self.site = site

    def name(self, value: str) -> str:
        return f"nutanix_flow.dr hospital/{value}"

    def read(self) -> dict[str, str]:
        if self.site in self.world.silent:
            raise ConnectionFailed("no answer", reason="timeout", site=self.site)
        return dict(self.world.texts[self.site])

    def create(self, value: str, text: str) -> bool:
        self.read()
        if value in self.world.texts[self.site]:
            return False
        self._write(value, text)
        return True

    def replace(self, value: str, still: Callable[[str], bool], text: str) -> bool:
        if value not in self.read() or not still(self.read()[value]):
            return False
        self._write(value, text)
        return True

    def remove(self, value: str, still: Callable[[str], bool]) -> bool:
        if value not in self.read() or not still(self.read()[value]):
            return False
        self._write(value, None)
        return True

    def _write(self, value: str, text: str | None) -> None:
        if not self.world.writes_left:
            raise Killed
        self.world.writes_left -= 1
        if text is None:
            del self.world.texts[self.site][value]
        else:
            self.world.texts[self.site][value] = text


@pytest.fixture
def world() -> World:
    return World()


def test_there_and_back(world: World) -> None:
    states = [world.begin().pair]
    states.append(world.end()[0])
    states.append(world.begin("failback", "run-2").pair)
    states.append(world.end("failback", "run-2")[0])
    assert [(state.state, state.active, state.epoch) for state in states] == [
        ("FAILING_OVER", "north", 1), ("RECOVERY_ACTIVE", "south", 2), ("FAILING_BACK", "south", 3), ("READY", "north", 4),
    ]  # fmt: skip
    assert world.locks() == 0


def test_the_same_step_again_changes_nothing_but_the_end_of_the_lock(world: World) -> None:
    assert world.begin().changed
    first = world.texts["north"]["lock"]
    world.now += datetime.timedelta(minutes=5)
    assert not world.begin().changed
    assert world.texts["north"]["lock"] != first
    assert '"since":"2026-11-21T12:00:00Z"' in world.texts["north"]["lock"]
    assert world.end()[1]
    assert not world.end()[1]
    again = world.begin(run="run-2")
    assert (again.permission.done, again.run, again.changed) == (True, "run-1", False)
    assert world.locks() == 0


def test_the_second_one_is_refused_and_told_who_and_since_when(world: World) -> None:
    world.begin()
    with pytest.raises(Locked) as refused:
        world.begin("unplanned_failover", "run-2", BERT)
    for part in ("anna@one", "2026-11-21T12:00:00Z", "planned failover run-1", "until 2026-11-21T13:00:00Z"):
        assert part in str(refused.value)
    with pytest.raises(Locked, match="it is not held by run run-9"):
        world.begin("unplanned_failover", "run-2", BERT, steal="run-9")


def test_one_run_id_on_two_controllers_is_two_runs(world: World) -> None:
    world.begin()
    with pytest.raises(Locked):
        world.begin(holder=BERT)


def dead(world: World) -> dict[str, str]:
    world.dead.add(ANNA.process)
    return {}


def expired(world: World) -> dict[str, str]:
    world.now += datetime.timedelta(minutes=63)
    return {}


def stolen(world: World) -> dict[str, str]:
    return {"steal": "run-1"}


@pytest.mark.parametrize("way", [dead, expired, stolen])
def test_a_lock_is_taken_over_and_its_run_is_resumed(world: World, way) -> None:
    world.begin()
    begun = world.begin(run="run-2", holder=BERT, **way(world))
    assert (begun.run, begun.permission.resumes) == ("run-1", "run-1")
    assert [(lock.by, why) for lock, why in begun.taken_over] == [("anna@one", way.__name__)]
    with pytest.raises(Conflict, match=r"lost the lock: bert@two holds the lock"):
        world.end()
    assert world.end(holder=BERT)[0].state == "RECOVERY_ACTIVE"


def test_a_lock_that_has_just_expired_is_left_to_clocks_that_go_after(world: World) -> None:
    world.begin()
    world.now += datetime.timedelta(minutes=61)
    with pytest.raises(Locked):
        world.begin(holder=BERT)


def test_a_disaster_interrupts_a_test_whose_holder_is_gone(world: World) -> None:
    world.begin("test_failover", "drill-1")
    world.dead.add(ANNA.process)
    world.silent.add("north")
    begun = world.begin("unplanned_failover", "run-2", BERT)
    assert (begun.run, begun.pair.state, begun.pair.epoch) == ("run-2", "FAILING_OVER", 2)
    assert world.end("unplanned_failover", "run-2", BERT)[0].state == "RECOVERY_ACTIVE"
    world.silent.clear()
    assert world.pair(BERT).look().pair.state == "RECONCILE_REQUIRED"


def test_a_verb_that_leaves_the_state_alone_only_locks(world: World) -> None:
    begun = world.begin("pre_dr")
    assert (begun.pair.epoch, world.locks()) == (0, 2)
    assert world.end("pre_dr")[1]
    assert world.texts == {"north": {}, "south": {}}


def test_what_is_released_can_be_resumed_by_anybody(world: World) -> None:
    world.begin()
    assert world.pair().release("run-1")[1]
    assert not world.pair().release("run-1")[1]
    assert world.begin(run="run-2", holder=BERT).run == "run-1"


def test_a_rehearsal_writes_nothing_and_bears_with_a_silent_site(world: World) -> None:
    world.writes_left = 0
    world.silent.add("north")
    begun = world.begin(dry=True)
    assert (begun.pair.state, begun.changed, list(begun.unanswered)) == ("FAILING_OVER", True, ["north"])
    with pytest.raises(ConnectionFailed):
        world.begin()


def test_a_site_that_stops_answering_leaves_the_other_one_unlocked(world: World) -> None:
    world.begin("pre_dr")
    world.end("pre_dr")
    pair = world.pair()
    take = pair._take

    def taking(site: str, *arguments: object) -> None:
        if site == "south":
            raise ConnectionFailed("no answer", reason="timeout", site=site)
        take(site, *arguments)  # handed through

    pair._take = taking  # the moment between the two sites
    with pytest.raises(ConnectionFailed):
        pair.begin(VERBS["planned_failover"], "run-1", minutes=60)
    assert world.locks() == 0


def test_sites_that_contradict_each_other_wait_for_a_person(world: World) -> None:
    for site, run in (("north", "a"), ("south", "b")):
        world.texts[site]["state"] = (
            f'{{"active":"{site}","epoch":3,"primary":"north","run":"{run}","since":"2026-11-21T12:00:00Z","state":"READY","verb":"failback"}}'
        )
    with pytest.raises(DrError, match="both sites went on without each other"):
        world.begin()
    declared = Record("RECOVERY_ACTIVE", "south", 0, "north", "2026-11-21T12:30:00Z", "by-hand", "declare")
    assert world.pair().declare(declared, dry=True)[0].state == "RECOVERY_ACTIVE"
    state, changed = world.pair().declare(declared)
    assert (state.state, state.active, state.epoch, changed) == ("RECOVERY_ACTIVE", "south", 4, True)
    assert not world.pair().declare(declared)[1]


def test_what_somebody_else_wrote_is_refused_with_its_name(world: World) -> None:
    world.texts["south"]["state"] = "do not touch"
    with pytest.raises(NotRepresentable, match=r"'nutanix_flow.dr hospital/state' on south: says 'do not touch'"):
        world.begin()


@pytest.mark.parametrize("verb", ["planned_failover", "unplanned_failover", "test_failover"])
def test_a_kill_at_any_write_is_healed_by_the_same_command(verb: str) -> None:
    expected = World()
    expected.begin(verb)
    after = expected.end(verb)[0]
    for writes in itertools.count():
        world = World()
        world.writes_left = writes
        try:
            world.begin(verb)
            world.end(verb)
            break
        except Killed:
            world.writes_left = 1_000
            world.dead.add(ANNA.process)
        again = world.begin(verb, "run-2", BERT)
        world.end(verb, again.run, BERT)
        found = world.pair(BERT, tuple(site for site in world.texts if site == "south" or VERBS[verb].both_sites)).look()
        assert (found.pair.state, found.pair.active, found.pair.lagging) == (after.state, after.active, ())
        assert world.locks() == 0
    assert writes >= 4

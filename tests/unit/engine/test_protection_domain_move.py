"""The mover against clusters that answer late, lie low or fail: what the simulator is too quick and too tidy for."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.protection_domain_move import Mover
from ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.protection_domain_way import Move, Outcome, Way
from ansible_collections.nutanix_flow.dr.plugins.module_utils._errors import ConnectionFailed, DrError, ServerError, Unauthorized

# What a cluster says at one look: "active", "inactive", a pending verb, or an error.
Said = str | DrError
IDLE, AWAY = "active", "inactive"
MIGRATING, ACTIVATING = "active migrate", "inactive activate"
_MODES = {"migrate": "MIGRATE_PD", "activate": "ACTIVATE_PD", "deactivate": "DEACTIVATE_PD"}


def unanswered() -> DrError:
    return ConnectionFailed("the connection was reset", reason="reset", sent=True)


def busy() -> DrError:
    return ServerError("answered 503", status=503)


class Cluster:
    """A cluster that says one thing after the other, the last one for ever; ``writes`` are what its verbs answer."""

    def __init__(self, site: str, said: t.Sequence[Said], writes: t.Sequence[DrError | None] = ()) -> None:
        self.site = site
        self._said, self._writes = list(said), list(writes)
        self.verbs: list[str] = []
        self._now = ""

    def read(self, names: t.Collection[str]) -> list[dict[str, t.Any]]:
        said = self._said.pop(0) if len(self._said) > 1 else self._said[0]
        if isinstance(said, DrError):
            raise said
        self._now = said
        return [{"name": "shop", "active": said.startswith("active"), "vms": []}]

    def pending(self, names: t.Collection[str]) -> dict[str, t.Any]:
        verb = self._now.partition(" ")[2]
        return {"shop": {"pendingChangeMode": {"modeType": _MODES[verb], "failoverRemote": "west"}}} if verb else {}

    def snapshots(self, names: t.Collection[str]) -> list[dict[str, t.Any]]:
        return [{"protectionDomainName": "shop"}]

    def migrate(self, name: str, remote_site: str) -> list[dict[str, t.Any]]:
        self._verb("migrate")
        return []

    def activate(self, name: str) -> None:
        self._verb("activate")

    def _verb(self, verb: str) -> None:
        self.verbs.append(verb)
        error = self._writes.pop(0) if self._writes else None
        if error is not None:
            raise error


class Clock:
    """Time passes only while somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def move(source: Cluster | None, target: Cluster, *, deadline: float = 600.0) -> tuple[Outcome, list[str]]:
    clock, lines = Clock(), list[str]()
    way = Way("unplanned" if source is None else "planned", t.cast(t.Any, source), t.cast(t.Any, target))
    mover = Mover(way, deadline=deadline, tell=lines.append, sleep=clock.sleep, clock=lambda: clock.now)
    [outcome] = mover.run([Move("shop", "west")])
    return outcome, lines


@pytest.mark.parametrize(
    ("claim", "source", "target", "writes", "status", "verbs"),
    [
        ("as it should be", [IDLE, MIGRATING, AWAY], [AWAY, AWAY, "active"], [], "done", 1),
        ("it isn't seen at once that it runs", [IDLE, IDLE, IDLE, MIGRATING, AWAY], [AWAY] * 4 + ["active"], [], "done", 1),
        ("for a while it is active nowhere", [IDLE, MIGRATING, AWAY, AWAY, AWAY], [AWAY] * 4 + ["active"], [], "done", 1),
        ("the target says that it begins", [IDLE, MIGRATING, AWAY], [AWAY, AWAY, ACTIVATING, ACTIVATING, "active"], [], "done", 1),
        ("it was moved before", [AWAY], ["active"], [], "unchanged", 0),
        ("another run has begun it", [MIGRATING, MIGRATING, AWAY], [AWAY, AWAY, "active"], [], "done", 0),
        ("a lost answer, done all the same", [IDLE, MIGRATING, AWAY], [AWAY, AWAY, "active"], [unanswered()], "done", 1),
        ("a lost answer, not done", [IDLE, IDLE, MIGRATING, AWAY], [AWAY, AWAY, AWAY, "active"], [unanswered()], "done", 2),
        ("busy, always", [IDLE], [AWAY], [busy()] * 9, "failed", 3),
        ("refused", [IDLE], [AWAY], [ServerError("a rule is broken", status=500)] * 9, "failed", 1),
        ("it gives up", [IDLE, MIGRATING, MIGRATING, IDLE], [AWAY], [], "failed", 1),
        ("the source can't be looked at", [IDLE, busy(), unanswered(), MIGRATING, AWAY], [AWAY] * 2 + ["active"], [], "done", 1),
    ],
)
def test_planned(claim: str, source: list[Said], target: list[Said], writes: list[DrError | None], status: str, verbs: int) -> None:
    left = Cluster("east", source, writes)
    outcome, _lines = move(left, Cluster("west", target))
    assert (outcome.status, left.verbs) == (status, ["migrate"] * verbs), claim
    assert (outcome.error is None) == (status != "failed"), claim


@pytest.mark.parametrize(
    ("claim", "target", "writes", "status", "verbs"),
    [
        ("as it should be", [AWAY, ACTIVATING, "active"], [], "done", 1),
        ("a lost answer, done all the same", [AWAY, "active"], [unanswered()], "done", 1),
        ("no effect", [AWAY], [], "failed", 1),
    ],
)
def test_unplanned(claim: str, target: list[Said], writes: list[DrError | None], status: str, verbs: int) -> None:
    cluster = Cluster("west", target, writes)
    outcome, _lines = move(None, cluster)
    assert (outcome.status, cluster.verbs) == (status, ["activate"] * verbs), claim


def test_wrong_credentials_end_it_at_once() -> None:
    with pytest.raises(Unauthorized):
        move(Cluster("east", [Unauthorized("answered 401")]), Cluster("west", [AWAY]))


def test_the_deadline_names_what_was_seen_last_and_nothing_is_undone() -> None:
    outcome, lines = move(Cluster("east", [IDLE, MIGRATING]), Cluster("west", [AWAY]), deadline=100.0)
    assert "has not arrived in time; last seen: is on its way to west. It goes on by itself" in str(outcome.error)
    told = [line for line in lines if "is on its way" in line]
    assert len(told) >= 100 / 10


def test_what_gives_up_says_where_it_is() -> None:
    outcome, _lines = move(Cluster("east", [IDLE, MIGRATING, IDLE]), Cluster("west", [AWAY]))
    told = "migrate protection domain 'shop' on east: it ended without effect: still active on east, its VMs may be powered off"
    assert str(outcome.error).startswith(told)

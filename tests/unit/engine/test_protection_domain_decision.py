"""The decision table of protection domains, row by row: every state that two clusters can show, in every mode."""

from __future__ import annotations

import itertools

import pytest

from ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.protection_domain_decision import View, decide

EAST, WEST = View("east"), View("west")
GONE_EAST, GONE_WEST = View("east", there=False), View("west", there=False)
ACTIVE_EAST, ACTIVE_WEST = View("east", active=True), View("west", active=True)
COPIED = View("west", snapshots=3)


@pytest.mark.parametrize(
    ("claim", "source", "target", "verb", "code"),
    [
        ("ready", ACTIVE_EAST, WEST, "migrate", "PD_READY"),
        ("ready, never replicated", ACTIVE_EAST, GONE_WEST, "migrate", "PD_READY"),
        ("a replication runs", ACTIVE_EAST._replace(replicating=2), WEST, "wait", "PD_REPLICATING"),
        ("on its way", ACTIVE_EAST._replace(pending="migrate", pending_to="west", replicating=1), WEST, "attach", "PD_MOVING"),
        ("on its way elsewhere", ACTIVE_EAST._replace(pending="migrate", pending_to="other"), WEST, "refuse", "PD_PENDING"),
        ("being deactivated", ACTIVE_EAST._replace(pending="deactivate"), WEST, "refuse", "PD_PENDING"),
        ("the source has left, the target begins", EAST, WEST._replace(pending="activate"), "attach", "PD_MOVING"),
        ("moved", EAST, ACTIVE_WEST, "nothing", "PD_MOVED"),
        ("moved, and deleted at the source", GONE_EAST, ACTIVE_WEST, "nothing", "PD_MOVED"),
        ("split brain", ACTIVE_EAST, ACTIVE_WEST, "refuse", "PD_SPLIT_BRAIN"),
        ("active nowhere", EAST, WEST, "refuse", "PD_NOT_ACTIVE"),
        ("nowhere", GONE_EAST, GONE_WEST, "refuse", "PD_MISSING"),
    ],
)
def test_planned(claim: str, source: View, target: View, verb: str, code: str) -> None:
    decision = decide("planned", source, target, "west")
    assert (decision.verb, decision.code) == (verb, code), claim


@pytest.mark.parametrize(
    ("claim", "target", "verb", "code"),
    [
        ("a copy is there", COPIED, "activate", "PD_READY"),
        ("taken over", ACTIVE_WEST, "nothing", "PD_MOVED"),
        ("being taken over", COPIED._replace(pending="activate"), "attach", "PD_MOVING"),
        ("busy otherwise", COPIED._replace(pending="deactivate"), "refuse", "PD_PENDING"),
        ("no snapshot", WEST, "refuse", "PD_NO_COPY"),
        ("never replicated", GONE_WEST, "refuse", "PD_NO_COPY"),
    ],
)
def test_unplanned(claim: str, target: View, verb: str, code: str) -> None:
    decision = decide("unplanned", None, target)
    assert (decision.verb, decision.code) == (verb, code), claim


@pytest.mark.parametrize(
    ("claim", "stale", "survivor", "verb", "code"),
    [
        ("stale", ACTIVE_EAST, ACTIVE_WEST, "deactivate", "PD_STALE"),
        ("the only one", ACTIVE_EAST, WEST, "refuse", "PD_ONLY_COPY"),
        ("the survivor is not sure yet", ACTIVE_EAST, ACTIVE_WEST._replace(pending="migrate"), "refuse", "PD_ONLY_COPY"),
        ("done", EAST, ACTIVE_WEST, "nothing", "PD_INACTIVE"),
        ("never there", GONE_EAST, ACTIVE_WEST, "nothing", "PD_INACTIVE"),
        ("running", ACTIVE_EAST._replace(pending="deactivate"), ACTIVE_WEST, "attach", "PD_MOVING"),
        ("busy otherwise", ACTIVE_EAST._replace(pending="migrate"), ACTIVE_WEST, "refuse", "PD_PENDING"),
    ],
)
def test_deactivation(claim: str, stale: View, survivor: View, verb: str, code: str) -> None:
    decision = decide("deactivation", stale, survivor)
    assert (decision.verb, decision.code) == (verb, code), claim


def all_views(cluster: str) -> list[View]:
    found = [View(cluster, there=False)]
    for active, pending, replicating, snapshots in itertools.product((False, True), ("", "migrate", "activate", "deactivate"), (0, 1), (0, 1)):
        found.append(View(cluster, True, active, pending, "west" if pending == "migrate" else "", replicating, snapshots))
    return found


def test_nothing_is_deleted_or_started_where_it_could_do_harm() -> None:
    """Over every pair of states: what must never be decided isn't."""
    for source, target in itertools.product(all_views("east"), all_views("west")):
        planned = decide("planned", source, target, "west")
        if planned.verb == "migrate":
            assert source.active
            assert (source.pending, source.replicating, target.active) == ("", 0, False)
            assert target.pending != "activate"
        if source.active and target.active:
            assert planned.code == "PD_SPLIT_BRAIN"
        if decide("deactivation", source, target).verb == "deactivate":
            assert source.active
            assert target.active
            assert not target.pending
        if decide("unplanned", None, target).verb == "activate":
            assert not target.active
            assert target.snapshots
        assert all(one.fix for mode in ("planned", "deactivation") if (one := decide(mode, source, target, "west")).verb == "refuse")

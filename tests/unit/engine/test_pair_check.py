"""What the pairing check says of two clusters, condition by condition, and that it never guesses."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.frame_conditions import FRAME
from ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.pair_check import Judgement, judged, verdict
from ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.pair_conditions import CONNECTION
from ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.pair_facts import PARTS, Alert, Container, PairFacts, Probe, SignOff

from .pair_world import ADDRESSES, BACK, FORTH, GIB, NAMES, cluster, half, pair, side

SIGNED = {"F16": SignOff("j.doe", "2026-11-21", "looked at it")}
OPEN = tuple(Probe(address, port, "open") for address in ADDRESSES["west"] for port in (2020, 2009))


def connection(facts: PairFacts) -> dict[tuple[str, str], Judgement]:
    return {(found.id, found.object): found for found in judged(CONNECTION, facts, merged=False)}


def frame(facts: PairFacts) -> dict[str, Judgement]:
    return {found.id: found for found in judged(FRAME, facts, merged=True)}


def east_half(**more: Any) -> PairFacts:
    return pair(side("east", halves=(half("east", **more),)))


def west_half(**more: Any) -> PairFacts:
    return pair(west=side("west", halves=(half("west", **more),)))


def test_a_good_pair_is_good() -> None:
    facts = pair(side("east", probes=OPEN), side("west", probes=OPEN))
    found = connection(facts)
    assert {judgement.status for judgement in found.values()} == {"ok"}
    assert ("RELATIONSHIP", "remote site 'west-ahv' on east-ahv") in found
    assert ("RELATIONSHIP", "remote site 'east-ahv' on west-ahv") in found
    assert verdict(found.values()) == "ok"


def test_frame_has_eighteen_conditions_in_their_order() -> None:
    assert [condition.id for condition in FRAME] == [f"F{number}" for number in range(1, 19)]
    assert {judgement.status for judgement in frame(pair(sign_offs=SIGNED)).values()} == {"ok"}


@pytest.mark.parametrize(
    ("facts", "id", "status", "says"),
    [
        (pair(side("east", halves=())), "REMOTE_SITE", "problem", "there is no remote site 'west-ahv' on east-ahv"),
        (east_half(name="dr"), "REMOTE_SITE", "problem", "but dr leads to west-ahv"),
        (east_half(marked_for_removal=True), "REMOTE_SITE", "problem", "marked for removal"),
        (east_half(cloud="AWS"), "REMOTE_SITE", "problem", "leads to a cloud"),
        (east_half(status="UNREACHABLE", latency=None), "RELATIONSHIP", "problem", "reaches 198.51.100.50 of west-ahv on no address"),
        (east_half(status="RELATIONSHIP_NOT_ESTABLISHED"), "RELATIONSHIP", "problem", "a port is closed one way"),
        (
            pair(side("east", halves=(half("east", status="RELATIONSHIP_NOT_ESTABLISHED"),)), side("west", halves=())),
            "RELATIONSHIP", "problem", "the other half is missing on west-ahv",
        ),
        (
            pair(side("east", halves=(half("east", status="RELATIONSHIP_NOT_ESTABLISHED"),)), side("west", unknown={"remote_sites": "401"})),
            "RELATIONSHIP", "problem", "could not be asked for its half",
        ),
        (east_half(status="RELATIONSHIP_NOT_ESTABLISHED", cluster_incarnation=7), "RELATIONSHIP", "problem", "was built anew"),
        (east_half(status="HANDSHAKING"), "RELATIONSHIP", "warning", "both halves exist"),
        (east_half(status="DEPLOYING"), "RELATIONSHIP", "warning", "DEPLOYING"),
        (east_half(status=""), "RELATIONSHIP", "cannot_tell", "not told"),
        (east_half(latency=None), "LATENCY", "cannot_tell", "no latency"),
        (east_half(latency=0), "LATENCY", "warning", "no network has"),
        (east_half(addresses={"203.0.113.9": 2020}), "PEER_ADDRESS", "problem", "203.0.113.9 is no address of west-ahv"),
        (east_half(addresses={}), "PEER_ADDRESS", "problem", "no address"),
        (pair(west=side("west", cluster=cluster("west", addresses=()))), "PEER_ADDRESS", "cannot_tell", "tells no address"),
        (east_half(cluster_incarnation=7), "PEER_INCARNATION", "problem", "was built anew"),
        (east_half(cluster_number=7), "PEER_INCARNATION", "problem", "was built anew"),
        (east_half(cluster_incarnation=None), "PEER_INCARNATION", "cannot_tell", "not told"),
        (pair(), "PORTS_FROM_HERE", "cannot_tell", "not probed"),
        (pair(west=side("west", probes=(*OPEN[:3], Probe("198.51.100.51", 2009, "timeout")))), "PORTS_FROM_HERE", "cannot_tell", "3 of 4 ports"),
        (pair(side("east", clock=31.0)), "CLOCKS", "warning", "differ by 31 s"),
        (pair(side("east", unknown={"clock": "no Date"})), "CLOCKS", "cannot_tell", "clock of east-ahv could not be read: no Date"),
        (pair(side("east", alerts=(Alert("Latency High", "slow", "warning", ("west-ahv",)),))), "ALERTS", "warning", "1 unresolved alert: Latency High"),
        (pair(side("east", alerts=(Alert("Gone", "", "critical", ("west-ahv",)),))), "ALERTS", "problem", "Gone"),
        (pair(side("east", unknown={"alerts": "403"})), "ALERTS", "cannot_tell", "alerts of east-ahv could not be read: 403"),
    ],
)  # fmt: skip
def test_connection(facts: PairFacts, id: str, status: str, says: str) -> None:
    found = [judgement for judgement in judged(CONNECTION, facts, merged=False) if judgement.id == id]
    worst = max(found, key=lambda judgement: ("ok", "warning", "cannot_tell", "problem").index(judgement.status))
    assert (worst.status, says in worst.cause) == (status, True), worst
    assert worst.fix


def test_an_alert_about_something_else_is_none_of_ours() -> None:
    facts = pair(side("east", alerts=(Alert("License expires", "", "critical", ("east-ahv",)),)))
    assert {judgement.status for (id, _object), judgement in connection(facts).items() if id == "ALERTS"} == {"ok"}


@pytest.mark.parametrize(
    ("id", "facts", "status", "says"),
    [
        ("F1", pair(west=side("west", cluster=cluster("west", hypervisors=("kVMware",)))), "problem", "it runs kVMware"),
        ("F1", pair(west=side("west", cluster=cluster("west", hypervisors=()))), "cannot_tell", "tells no hypervisor"),
        ("F2", pair(side("east", cluster=cluster("east", version="7.0.0.4"))), "problem", "AOS 7.0.0.4 is older"),
        ("F2", pair(side("east", cluster=cluster("east", version="6.10.1"))), "problem", "AOS 6.10.1 is older"),
        ("F2", pair(side("east", cluster=cluster("east", version="7.0.0.5"))), "ok", ""),
        ("F2", pair(side("east", cluster=cluster("east", version="master"))), "cannot_tell", "AOS"),
        ("F2", pair(side("east", prism_central="pc.2023.4")), "problem", "pc.2023.4 is older"),
        ("F2", pair(side("east", prism_central="pc.2024.3")), "ok", ""),
        ("F2", pair(side("east", prism_central="pc.2024.3.0.2")), "ok", ""),
        ("F2", pair(side("east", prism_central="")), "cannot_tell", "release of its Prism Central is not known"),
        ("F3", pair(west=side("west", cluster=cluster("west", uuid="uuid-east"))), "problem", "both are the cluster east-ahv"),
        ("F3", pair(west=side("west", cluster=cluster("west", name="east-ahv"))), "problem", "both clusters are called east-ahv"),
        ("F4", pair(side("east", halves=())), "problem", "there is no remote site 'west-ahv'"),
        ("F5", pair(west=side("west", halves=())), "problem", "there is no remote site 'east-ahv'"),
        ("F6", west_half(addresses={"203.0.113.9": 2020}), "problem", "203.0.113.9"),
        ("F6", west_half(cluster_incarnation=1), "problem", "was built anew"),
        ("F7", east_half(addresses={"198.51.100.50": 2009}), "problem", "names port 2009"),
        ("F7", east_half(status="UNREACHABLE"), "problem", "does not answer"),
        ("F7", east_half(status="RELATIONSHIP_NOT_ESTABLISHED"), "cannot_tell", "which ports are open is not known"),
        ("F7", east_half(replicated=False), "cannot_tell", "nothing has passed over 2009"),
        ("F7", pair(side("east", halves=(half("east", replicated=False),)), side("west", probes=OPEN)), "ok", ""),
        ("F8", west_half(status="HANDSHAKING"), "warning", "both halves exist"),
        ("F8", east_half(latency=0), "warning", "latency"),
        ("F9", east_half(vstores={"gold": "dr-gold"}), "problem", "SelfServiceContainer is not mapped"),
        ("F10", east_half(vstores={"SelfServiceContainer": "SelfServiceContainer"}), "problem", "not mapped, but in use: gold (VM desktop-1)"),
        ("F10", pair(side("east", workloads=())), "ok", ""),
        ("F10", pair(side("east", unknown={"workloads": "403"})), "cannot_tell", "workloads of east-ahv could not be read: 403"),
        ("F11", east_half(vstores={**FORTH, "gold": "lost"}), "problem", "west-ahv has no container lost"),
        ("F11", pair(west=side("west", containers=(Container("SelfServiceContainer"), Container("dr-gold", marked_for_removal=True)))), "problem", "dr-gold"),
        ("F12", east_half(vstores={**FORTH, "silver": "dr-gold"}), "problem", "east-ahv has no container silver"),
        ("F13", west_half(vstores={}), "problem", "nothing is mapped on the way back"),
        ("F13", west_half(vstores={**BACK, "lost": "gold"}), "problem", "west-ahv has no container lost"),
        ("F13", west_half(vstores={"SelfServiceContainer": "SelfServiceContainer"}), "warning", "doesn't lead home for gold"),
        ("F13", east_half(vstores=dict.fromkeys(FORTH, "SelfServiceContainer")), "warning", "several containers of east-ahv go to SelfServiceContainer"),
        ("F14", west_half(capabilities=("backup",)), "warning", "can't be failed over to"),
        ("F14", west_half(capabilities=()), "problem", "neither"),
        ("F15", pair(side("east", containers=tuple(Container(name, 0, 5000 * GIB) for name in NAMES["east"]))), "warning", "has less free"),
        ("F15", pair(west=side("west", containers=tuple(Container(name) for name in NAMES["west"]))), "cannot_tell", "is not told"),
        ("F16", pair(), "cannot_tell", "nobody has signed it off"),
        ("F16", pair(sign_offs=SIGNED), "ok", "signed off"),
        ("F17", pair(side("east", alerts=(Alert("Replication failed", "", "warning", ()),))), "warning", "Replication failed"),
        ("F17", pair(side("east", alerts=(Alert("Disk full", "", "critical", ()),))), "ok", ""),
        ("F18", east_half(networks={"desktops": "desktops-dr"}), "ok", "1 networks are mapped"),
    ],
)
def test_frame(id: str, facts: PairFacts, status: str, says: str) -> None:
    found = frame(facts)[id]
    assert (found.status, says in found.cause) == (status, True), found
    assert found.fix or status == "ok"


def test_many_to_one_counts_the_room_of_all() -> None:
    both = dict.fromkeys(FORTH, "dr-gold")
    tight = tuple(Container(name, 15 * GIB, 0) for name in NAMES["west"])
    found = frame(pair(side("east", halves=(half("east", vstores=both),)), side("west", containers=tight)))["F15"]
    assert (found.status, "dr-gold: 20 GiB to come, 15 GiB free" in found.evidence) == ("warning", True), found


def test_the_sign_off_names_the_person_and_the_day() -> None:
    assert frame(pair(sign_offs=SIGNED))["F16"].evidence == "signed off by j.doe on 2026-11-21: looked at it"
    assert "signed off by ____" in frame(pair())["F16"].evidence


def test_a_cluster_that_could_not_be_asked_is_never_a_pass_and_never_a_failure() -> None:
    dark = side("west", unknown=dict.fromkeys(PARTS, "nothing listens there"))
    found = frame(pair(west=dark, sign_offs=SIGNED))
    told = {id for id, judgement in found.items() if judgement.status == "cannot_tell"}
    assert {"F1", "F2", "F3", "F5", "F6", "F8", "F11", "F13", "F14", "F15", "F17"} <= told
    assert not [judgement for judgement in found.values() if judgement.status == "problem"]
    assert verdict(found.values()) == "cannot_tell"


def test_without_the_half_its_conditions_can_not_be_told() -> None:
    found = frame(pair(side("east", halves=()), side("west", halves=()), sign_offs=SIGNED))
    assert {id for id, judgement in found.items() if judgement.status == "problem"} == {"F4", "F5"}
    assert {"F6", "F7", "F8", "F9", "F10", "F13", "F14"} <= {id for id, judgement in found.items() if judgement.status == "cannot_tell"}
    assert verdict(found.values()) == "problem"


def test_a_check_of_nothing_is_no_pass() -> None:
    assert verdict([]) == "cannot_tell"

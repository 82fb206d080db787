"""Remote sites are made in two calls and changed without losing anything; waits end; what is read back counts, not what was answered."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.outcome import Outcome
from ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.remote_site_apply import (
    apply_remote_sites,
    wait_until_gone,
    wait_until_it_stands,
)
from ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.remote_sites import RemoteSites
from ansible_collections.nutanix_flow.dr.plugins.module_utils._errors import (
    Conflict,
    DeadlineExceeded,
    InvalidInput,
    Refused,
    ServerError,
    Unauthorized,
)
from ansible_collections.nutanix_flow.dr.plugins.module_utils._model.entity import read_params
from ansible_collections.nutanix_flow.dr.plugins.module_utils._model.problems import Problems
from tests.unit.engine.fake_element import ALONE, ESTABLISHED, FakeElement, site_body, unanswered

WANTED: dict[str, Any] = {
    "name": "west-ahv", "addresses": ["198.51.100.50"], "vstore_map": {"frame": "frame-dr"}, "network_map": {"desktops": "desktops-dr"},
}  # fmt: skip
CONTAINERS = [{"name": "frame"}, {"name": "scratch"}]


def element_with(*sites: dict[str, Any], **options: Any) -> FakeElement:
    element = FakeElement(*sites, **options)
    element.lists = {"vstores": CONTAINERS, "networks": [{"name": "desktops"}]}
    return element


def run(element: FakeElement, wanted: dict[str, Any], *, wait: float = 60, **options: Any) -> tuple[Outcome, dict[str, list[str]], list[str]]:
    """Plan and apply one site; its outcome, what is pending and the warnings."""
    sites = RemoteSites(element, **options)
    sites.read()
    problems = Problems()
    planned, warnings = sites.plan([read_params(sites.entity, wanted, problems)])
    assert problems.findings == []
    outcomes, pending = apply_remote_sites(planned, sites, wait=wait)
    return outcomes[0], pending, warnings


def remove(element: FakeElement, name: str) -> Outcome:
    sites = RemoteSites(element)
    sites.read()
    planned, _warnings = sites.plan([], remove=lambda held: held.name == name)
    return apply_remote_sites(planned, sites, wait=60)[0][0]


def writes(element: FakeElement) -> list[str]:
    return [call for call in element.calls if not call.startswith("GET")]


def test_a_site_is_made_in_two_calls() -> None:
    element = element_with()
    outcome, pending, _warnings = run(element, WANTED)
    assert (outcome.error, pending, writes(element)) == (None, {}, ["POST", "PUT"])
    first, second = element.bodies
    assert first == {
        "name": "west-ahv", "vstoreNameMap": {}, "remoteIpPorts": {"198.51.100.50": 2020}, "maxBps": None, "proxyEnabled": False,
        "bandwidthPolicy": None, "compressionEnabled": True, "sshEnabled": False, "capabilities": ["BACKUP", "DISASTER_RECOVERY"],
        "networkMapping": {"uuid": None, "l2NetworkMappings": []},
    }  # fmt: skip
    assert second["vstoreNameMap"] == {"frame": "frame-dr"}
    assert "stats" not in second


def test_a_site_without_maps_is_one_call() -> None:
    element = element_with()
    run(element, {"name": "west-ahv", "addresses": ["198.51.100.50"]})
    assert writes(element) == ["POST"]


def test_a_map_waits_for_the_relationship() -> None:
    element = element_with(status=ALONE)

    def stand_later() -> None:
        element.status = ESTABLISHED if element.now > 10 else ALONE

    element.on_read = stand_later
    outcome, _pending, _warnings = run(element, WANTED)
    assert (outcome.error, writes(element)) == (None, ["POST", "PUT"])
    assert 10 < element.now < 20


def test_a_cluster_that_makes_a_site_with_other_values_is_told_again() -> None:
    element = element_with()
    element.after = lambda name: element.sites["west-ahv"].update(capabilities=["BACKUP"]) if name == "POST" else None
    outcome, _pending, _warnings = run(element, {"name": "west-ahv", "addresses": ["198.51.100.50"], "capabilities": ["backup", "disaster_recovery"]})
    assert (outcome.error, writes(element)) == (None, ["POST", "PUT"])
    assert element.sites["west-ahv"]["capabilities"] == ["BACKUP", "DISASTER_RECOVERY"]


def test_without_waiting_the_map_is_pending_and_the_rest_is_written() -> None:
    element = element_with(status="UNREACHABLE")
    outcome, pending, _warnings = run(element, WANTED, wait=0)
    assert (outcome.error, pending, writes(element)) == (None, {"west-ahv": ["vstore_map"]}, ["POST", "PUT"])
    assert element.sites["west-ahv"]["networkMapping"]["l2NetworkMappings"]
    assert element.sites["west-ahv"]["vstoreNameMap"] == {}


@pytest.mark.parametrize(
    ("status", "hint"),
    [
        ("UNREACHABLE", "its state: unreachable. Check the addresses, and that port 2020"),
        ("unreachable", "its state: unreachable. Check the addresses, and that port 2020"),
        (ALONE, "its state: not_established. Make the half on the peer"),
        ("HANDSHAKING", "its state: handshaking. Make the half on the peer"),
        ("DEPLOYING", "its state: deploying. Look at it in Prism"),
    ],
)
def test_a_relationship_that_never_stands_ends_with_a_hint(status: str, hint: str) -> None:
    element = element_with(status=status)
    outcome, _pending, _warnings = run(element, WANTED, wait=30)
    assert isinstance(outcome.error, DeadlineExceeded)
    assert "wait for remote site 'west-ahv' on east-ahv: the relationship is not established after 30 s; " + hint in str(outcome.error)
    assert 30 <= element.now < 40
    sites = RemoteSites(element)
    with pytest.raises(DeadlineExceeded):
        wait_until_it_stands(sites, "west-ahv", 10)


def test_a_change_keeps_all_that_is_not_mentioned() -> None:
    policy = {
        "policyName": "p", "policyUuid": "p-1", "defaultBandwidthLimit": 1_000_000,
        "bandwidthConfigurations": [{"startTime": 0, "endTime": 3_600_000, "daysSelected": 1, "bandwidthLimit": 500_000, "scheduleUuid": "w-1"}],
    }  # fmt: skip
    body = site_body("west-ahv", vstoreNameMap={"old": "old-dr"}, bandwidthPolicy=policy, bandwidthPolicyEnabled=True)
    element = element_with(body)
    wanted = {"name": "west-ahv", "ssh_tunnel": True, "capabilities": ["backup"], "bandwidth_policy": {
        "name": "p", "enabled": True, "megabytes_per_second": 2,
        "windows": [{"days": ["sunday"], "from": "00:00", "to": "01:00", "megabytes_per_second": 1}, {"days": ["monday"], "from": "00:00", "to": "01:00"}],
    }}  # fmt: skip
    outcome, _pending, _warnings = run(element, wanted)
    assert outcome.error is None
    (put,) = element.bodies
    changed = {name for name in body if put.get(name) != body[name]}
    assert changed == {"stats", "sshEnabled", "capabilities", "bandwidthPolicy"}
    assert put["capabilities"] == ["BACKUP", "SUPPORT_KVM"]
    assert put["bandwidthPolicy"]["policyUuid"] == "p-1"
    windows = {window["daysSelected"]: window.get("scheduleUuid") for window in put["bandwidthPolicy"]["bandwidthConfigurations"]}
    assert windows == {1: "w-1", 2: None}
    assert (put["newProperty"], put["maxBps"]) == ("kept", 5)


def test_addresses_are_written_to_both_of_their_properties() -> None:
    element = element_with(site_body("west-ahv", remoteIpAddressPorts={"198.51.100.50": 2020}))
    run(element, {"name": "west-ahv", "addresses": ["198.51.100.51"]})
    assert element.bodies[0]["remoteIpPorts"] == element.bodies[0]["remoteIpAddressPorts"] == {"198.51.100.51": 2020}


class TestOfOthersAtTheSameTime:
    def test_an_edit_of_another_field_is_kept(self) -> None:
        """Between the plan and the write, somebody turns compression off."""
        element = element_with(site_body("west-ahv"))
        edit_at_read(element, 2, compressionEnabled=False)
        outcome, _pending, _warnings = run(element, {"name": "west-ahv", "vstore_map": {"frame": "frame-dr"}})
        assert outcome.error is None
        assert (element.sites["west-ahv"]["compressionEnabled"], element.sites["west-ahv"]["vstoreNameMap"]) == (False, {"frame": "frame-dr"})

    def test_an_edit_of_the_same_field_is_a_conflict_and_not_lost(self) -> None:
        """The plan showed an empty map; somebody has mapped another container since. Writing ours would remove it."""
        element = element_with(site_body("west-ahv"))
        edit_at_read(element, 2, vstoreNameMap={"scratch": "scratch-dr"})
        outcome, _pending, _warnings = run(element, {"name": "west-ahv", "vstore_map": {"frame": "frame-dr"}})
        assert isinstance(outcome.error, Conflict)
        assert str(outcome.error) == (
            "update remote site 'west-ahv' on east-ahv: somebody changed vstore_map since the plan was made. Look at the change and run again"
        )
        assert writes(element) == []
        assert element.sites["west-ahv"]["vstoreNameMap"] == {"scratch": "scratch-dr"}

    def test_an_edit_while_the_second_call_of_a_create_waits_is_seen(self) -> None:
        element = element_with(status=ALONE)
        edit_at_read(element, 4, vstoreNameMap={"scratch": "scratch-dr"})
        before = element.on_read

        def stand_later() -> None:
            before()
            element.status = ESTABLISHED if element.now > 1 else ALONE

        element.on_read = stand_later
        outcome, _pending, _warnings = run(element, WANTED)
        assert isinstance(outcome.error, Conflict)
        assert element.sites["west-ahv"]["vstoreNameMap"] == {"scratch": "scratch-dr"}

    def test_an_edit_right_after_the_write_is_found_by_reading_again(self) -> None:
        element = element_with(site_body("west-ahv"))
        element.after = lambda name: element.sites["west-ahv"].update(vstoreNameMap={"scratch": "scratch-dr"})
        outcome, _pending, _warnings = run(element, {"name": "west-ahv", "vstore_map": {"frame": "frame-dr"}})
        assert isinstance(outcome.error, Conflict)
        assert writes(element) == ["PUT"]

    def test_a_write_that_is_undone_again_and_again_ends(self) -> None:
        element = element_with(site_body("west-ahv"))
        element.after = lambda name: element.sites["west-ahv"].update(compressionEnabled=True)
        outcome, _pending, _warnings = run(element, {"name": "west-ahv", "compression": False})
        assert isinstance(outcome.error, Conflict)
        assert "compression is not as it was written, after 3 writes: somebody else is changing it, or the cluster does not keep it" in str(outcome.error)

    def test_a_site_that_vanishes_is_a_conflict(self) -> None:
        element = element_with(site_body("west-ahv"))
        element.on_read = lambda: element.sites.clear() if len(element.calls) > 1 else None
        outcome, _pending, _warnings = run(element, {"name": "west-ahv", "compression": False})
        assert "somebody deleted it meanwhile" in str(outcome.error)


class TestOfLostAnswers:
    @pytest.mark.parametrize("when", ["before", "after"])
    @pytest.mark.parametrize("verb", ["POST", "PUT"])
    def test_a_write_whose_answer_is_lost_is_settled_by_reading(self, verb: str, when: str) -> None:
        """Not made: a POST fails for good, a PUT is made again. Made all the same: nothing is written twice."""
        element = element_with()
        fail_once(element, verb, when, unanswered())
        outcome, _pending, _warnings = run(element, WANTED)
        if (verb, when) == ("POST", "before"):
            assert isinstance(outcome.error, ServerError)
            assert not outcome.error.outcome_unknown, "it was looked for and is not there"
            assert element.sites == {}
            return
        assert outcome.error is None
        assert element.sites["west-ahv"]["vstoreNameMap"] == {"frame": "frame-dr"}
        assert writes(element) == (["POST", "PUT", "PUT"] if when == "before" else ["POST", "PUT"])

    @pytest.mark.parametrize("error", [unanswered(500), Refused("PUT answered 422: vStore x does not exist", status=422)])
    def test_a_no_is_not_asked_again(self, error: ServerError) -> None:
        element = element_with(site_body("west-ahv"))
        fail_once(element, "PUT", "before", error)
        outcome, _pending, _warnings = run(element, {"name": "west-ahv", "compression": False})
        assert outcome.error is error
        assert not error.outcome_unknown
        assert writes(element) == ["PUT"]

    def test_a_no_that_did_it_all_the_same_is_done(self) -> None:
        element = element_with(site_body("west-ahv"))
        fail_once(element, "PUT", "after", unanswered(500))
        outcome, _pending, _warnings = run(element, {"name": "west-ahv", "compression": False})
        assert outcome.error is None

    def test_wrong_credentials_are_sent_once(self) -> None:
        element = element_with()
        fail_once(element, "POST", "before", Unauthorized("no"))
        outcome, _pending, _warnings = run(element, WANTED)
        assert isinstance(outcome.error, Unauthorized)
        assert [call for call in element.calls[element.calls.index("POST") :] if call != "POST"] == []

    def test_a_site_of_this_name_that_somebody_else_made_is_a_conflict(self) -> None:
        element = element_with()

        def taken(name: str) -> None:
            element.sites["west-ahv"] = site_body("west-ahv", "203.0.113.1")
            raise unanswered(500)

        element.before = taken
        outcome, _pending, _warnings = run(element, WANTED)
        assert "a remote site of this name appeared with other addresses. Run again to plan with it" in str(outcome.error)

    def test_a_reading_that_fails_while_waiting_is_tried_again(self) -> None:
        element = element_with(site_body("west-ahv"), status=ALONE)
        sites = RemoteSites(element)
        answers = iter([unanswered(502), None, unanswered(503), None])

        def next_answer() -> None:
            error = next(answers)
            element.status = ESTABLISHED if element.now > 1 else ALONE
            if error:
                raise error

        element.on_read = next_answer
        assert wait_until_it_stands(sites, "west-ahv", 30).stands


class TestOfRemoval:
    def test_it_is_marked_and_waited_for(self) -> None:
        element = element_with(site_body("west-ahv"))
        element.goes_after = 20
        assert remove(element, "west-ahv").error is None
        sites = RemoteSites(element)
        wait_until_gone(sites, "west-ahv", 60)
        assert 20 <= element.now < 30

    def test_one_that_stays_marked_ends_with_a_hint(self) -> None:
        element = element_with(site_body("west-ahv"))
        element.goes_after = 1000
        remove(element, "west-ahv")
        with pytest.raises(DeadlineExceeded, match="it is marked for removal, and still there after 60 s. Look for schedules and replications"):
            wait_until_gone(RemoteSites(element), "west-ahv", 60)

    def test_a_delete_whose_answer_is_lost_is_settled_by_reading(self) -> None:
        element = element_with(site_body("west-ahv"))
        element.goes_after = 5
        fail_once(element, "DELETE", "after", unanswered())
        assert remove(element, "west-ahv").error is None

    def test_one_to_which_schedules_replicate_stays(self) -> None:
        element = element_with(site_body("west-ahv"))
        element.lists["protection_domains"] = [{"name": "frame", "remoteSiteNames": ["west-ahv"]}]
        with pytest.raises(InvalidInput, match="can't be deleted, the schedules of 'frame' replicate to it"):
            remove(element, "west-ahv")
        assert writes(element) == []

    def test_the_name_of_one_that_is_not_gone_yet_is_not_free(self) -> None:
        element = element_with(site_body("west-ahv", markedForRemoval=True, goes=100))
        with pytest.raises(InvalidInput, match="remote site 'west-ahv': still exists, marked for removal; its name is free when it is gone"):
            run(element, WANTED)
        element.now = 101
        assert run(element, WANTED)[0].error is None


class TestOfChecks:
    def test_a_peer_that_tells_its_containers_only_now_is_believed(self) -> None:
        """The first call of a create finds out what the peer has; the second isn't made with a wrong name."""
        element = element_with()
        element.after = lambda name: element.sites["west-ahv"].update(remoteVStoreInfo={"frame-2": {}})
        outcome, _pending, warnings = run(element, WANTED)
        assert "vstore_map.frame: unknown storage container of the peer 'frame-dr' (did you mean 'frame-2'?)" in str(outcome.error)
        assert writes(element) == ["POST"]
        assert warnings == ["remote site 'west-ahv'.vstore_map: whether the peer has 'frame-dr' can't be told from here; give 'peer' to have it checked"]

    def test_a_renamed_container_is_a_warning_where_it_was_mapped_before(self) -> None:
        element = element_with(site_body("west-ahv", vstoreNameMap={"renamed": "frame-dr"}))
        wanted = {"name": "west-ahv", "vstore_map": {"frame": "frame-dr", "renamed": "frame-dr"}}
        outcome, _pending, warnings = run(element, wanted)
        assert outcome.error is None
        assert "remote site 'west-ahv'.vstore_map: 'renamed' is no storage container of east-ahv any more (renamed?), so its entry does nothing" in warnings
        sites = RemoteSites(element)
        sites.read()
        assert "'renamed' is no storage container of east-ahv any more" in sites.plan([wanted])[1][0], "also when nothing is changed"

    @pytest.mark.parametrize(("virtual", "warned"), [("198.51.100.50", 0), ("203.0.113.9", 1), (None, 0)])
    def test_a_peer_that_is_another_cluster_than_the_addresses_is_a_warning(self, virtual: str | None, warned: int) -> None:
        peer = element_with()
        peer.virtual, peer.lists["vstores"], peer.lists["networks"] = virtual, [{"name": "frame-dr"}], [{"name": "desktops-dr"}]
        outcome, _pending, warnings = run(element_with(), WANTED, peer=peer)
        assert outcome.error is None
        assert len(warnings) == warned
        assert all("none of them is an address of the cluster that 'peer' names" in warning for warning in warnings)

    def test_two_new_sites_with_one_address_are_found(self) -> None:
        sites = RemoteSites(element_with())
        sites.read()
        both = [{"name": name, "addresses": ["198.51.100.50"]} for name in ("a", "b")]
        with pytest.raises(InvalidInput, match="198.51.100.50 is the address of remote site 'b' too"):
            sites.plan(both)

    def test_an_address_that_moves_to_another_site_in_one_plan_is_fine(self) -> None:
        sites = RemoteSites(element_with(site_body("a", "203.0.113.1")))
        sites.read()
        planned, _warnings = sites.plan([{"name": "a", "addresses": ["203.0.113.2"]}, {"name": "b", "addresses": ["203.0.113.1"]}])
        assert len(planned.steps) == 2

    def test_one_that_cannot_be_read_is_not_written(self) -> None:
        element = element_with(site_body("west-ahv", cloudType="AWS"))
        with pytest.raises(InvalidInput, match="remote site 'west-ahv': is there but can't be read: this collection has no words for remote_site.cloudType"):
            run(element, WANTED)
        assert writes(element) == []


def edit_at_read(element: FakeElement, number: int, **members: Any) -> None:
    """Somebody edits the site right before it is listed for this time."""
    count = 0

    def maybe() -> None:
        nonlocal count
        count += 1
        if count == number:
            element.sites["west-ahv"].update(members)

    element.on_read = maybe


def fail_once(element: FakeElement, verb: str, when: str, error: Exception) -> None:
    """The first write of this kind raises, before or after it is made."""
    errors = [error]

    def maybe(name: str) -> None:
        if name == verb and errors:
            raise errors.pop()

    setattr(element, when, maybe)

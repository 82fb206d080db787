# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A plan carried out on a site: in few calls, each step with its own outcome, and never half-told."""

from __future__ import annotations

import threading

import pytest

from ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.apply import apply, first_error
from ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.settled import wait_until_settled
from ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.site import Site
from ansible_collections.nutanix_flow.dr.plugins.module_utils._errors import Conflict, InvalidInput, Refused, ServerError, TaskFailed
from ansible_collections.nutanix_flow.dr.plugins.module_utils._model.encode import encode
from ansible_collections.nutanix_flow.dr.plugins.module_utils._model.entity import Canonical

from .fake_central import FakeCentral, site_with, unanswered
from .kinds import ENTITIES, group, rule

RULES = "config/policies"
NOTHING: dict[str, list[Canonical]] = {"address_group": [], "security_rule": []}


def run(site: Site, desired: dict[str, list[Canonical]], *, whole: bool = True, remove=lambda held: False, run_id: str = "run-1", **more):
    return apply(site.plan(desired, whole=whole, remove=remove), site, run_id=run_id, sleep=lambda seconds: None, **more)


def statuses(outcomes) -> list[str]:
    return [f"{outcome.step.verb} {outcome.step.name}: {outcome.status}" for outcome in outcomes]


def held(site: Site, kind: str) -> dict[str, Canonical]:
    return {item.name: item.canonical for item in site.held(kind)}


def test_a_run_converges_and_the_next_one_has_nothing_to_do():
    central = FakeCentral()
    site = site_with(central, ("address_group", group("old")), ("security_rule", rule("shop", "old")))
    desired = {"address_group": [group("new")], "security_rule": [rule("shop", "new", mode="enforce"), rule("bank", "new")]}
    outcomes = run(site, desired, remove=lambda item: True)
    assert statuses(outcomes) == ["create new: done", "create bank: done", "update shop: done", "delete old: done"]
    assert held(site, "security_rule") == {"shop": desired["security_rule"][0], "bank": desired["security_rule"][1]}
    assert not site.plan(desired, whole=True, remove=lambda item: True).changed


def test_an_unchanged_site_is_only_listed_once_per_kind():
    central = FakeCentral()
    site = site_with(central, ("address_group", group("a")), ("security_rule", rule("r", "a")))
    assert not site.plan({"address_group": [group("a")], "security_rule": [rule("r", "a")]}, whole=True).changed
    assert sorted(central.calls) == ["list config/address-groups", "list config/policies"]


def test_many_changes_are_one_batch_per_kind_and_verb():
    central = FakeCentral()
    site = site_with(central, *(("security_rule", rule(f"r{number}")) for number in range(20)))
    desired = {"security_rule": [rule(f"r{number}", mode="enforce") for number in range(20)] + [rule(f"n{number}") for number in range(20)]}
    assert all(outcome.status == "done" for outcome in run(site, desired))
    writes = [call for call in central.calls if not call.startswith("list")]
    assert sorted(writes) == ["CREATE 20 config/policies", "MODIFY 20 config/policies", "get 20 config/policies"]


def test_a_failed_object_skips_only_what_refers_to_it():
    central = FakeCentral()
    central.trouble["bad"] = lambda: Refused("no", status=422)
    site = site_with(central)
    outcomes = run(site, {"address_group": [group("bad"), group("good")], "security_rule": [rule("a", "bad"), rule("b", "good")]})
    assert statuses(outcomes) == ["create bad: failed", "create good: done", "create a: skipped", "create b: done"]
    assert "address group 'bad' failed" in str(outcomes[2].error)
    assert str(first_error(outcomes)) == (
        "create address group 'bad' on pc-b: no. 2 steps of the plan failed or were skipped, see 'outcomes'; run again to finish"
    )
    central.trouble.clear()
    again = run(site, {"address_group": [group("bad"), group("good")], "security_rule": [rule("a", "bad"), rule("b", "good")]})
    assert statuses(again) == ["create bad: done", "create a: done"]


def test_what_a_failed_update_still_uses_is_not_deleted():
    central = FakeCentral()
    site = site_with(central, ("address_group", group("a")), ("address_group", group("b")), ("security_rule", rule("r", "a")))
    central.trouble["r"] = lambda: TaskFailed("no")
    outcomes = run(site, {"address_group": [group("b")], "security_rule": [rule("r", "b")]}, remove=lambda item: True)
    assert statuses(outcomes) == ["update r: failed", "delete a: skipped"]


def test_a_foreign_edit_between_plan_and_write_is_planned_with():
    central = FakeCentral()
    site = site_with(central, ("security_rule", rule("r")))
    planned = site.plan({"security_rule": [{"name": "r", "mode": "enforce"}]}, whole=False)
    central.edit(RULES, "new-1", description="theirs")
    assert statuses(apply(planned, site, run_id="x")) == ["update r: done"]
    assert held(site, "security_rule")["r"] == {"name": "r", "description": "theirs", "mode": "enforce"}


def test_a_stale_etag_is_read_again_once_and_then_is_a_conflict():
    central = FakeCentral()
    site = site_with(central, ("security_rule", rule("once")), ("security_rule", rule("always")))
    moves = {"once": iter([True, False]), "always": iter([True, True])}

    def moved(name: str, ext_id: str):
        return lambda: Conflict("stale") if next(moves[name]) else None

    central.trouble = {"once": moved("once", "new-1"), "always": moved("always", "new-2")}
    outcomes = run(site, {"security_rule": [rule("once", mode="enforce"), rule("always", mode="enforce")]})
    assert statuses(outcomes) == ["update always: failed", "update once: done"]
    assert isinstance(outcomes[0].error, Conflict)
    assert held(site, "security_rule")["always"]["mode"] == "save"


def test_an_object_changed_since_the_plan_is_not_deleted():
    central = FakeCentral()
    site = site_with(central, ("security_rule", rule("r")))
    planned = site.plan({"security_rule": []}, whole=True, remove=lambda item: True)
    central.edit(RULES, "new-1", description="wait")
    assert statuses(apply(planned, site, run_id="x")) == ["delete r: failed"]
    assert "r" in held(site, "security_rule")


def test_what_is_gone_already_counts_as_deleted_but_not_as_updated():
    central = FakeCentral()
    site = site_with(central, ("security_rule", rule("a")), ("security_rule", rule("b")))
    planned = site.plan({"security_rule": [rule("a", mode="enforce")]}, whole=True, remove=lambda item: True)
    central.objects[RULES].clear()
    assert statuses(apply(planned, site, run_id="x")) == ["update a: failed", "delete b: done"]


@pytest.mark.parametrize(("written", "status"), [(True, "done"), (False, "failed")])
def test_a_create_that_nobody_answered_is_settled_by_its_name(written, status):
    central = FakeCentral()
    site = site_with(central)
    central.trouble["r"] = lambda: unanswered(written=written)
    outcomes = run(site, {"security_rule": [rule("r")]})
    assert statuses(outcomes) == [f"create r: {status}"]
    assert bool(outcomes[0].ext_id) is written


@pytest.mark.parametrize(("content", "status"), [(rule("r"), "done"), (rule("r", mode="enforce"), "failed")])
def test_a_create_that_is_refused_because_a_killed_run_was_quicker_counts_if_the_object_is_the_same(content, status):
    central = FakeCentral()
    site = site_with(central)
    planned = site.plan({"security_rule": [rule("r")]}, whole=True)
    central.hold(RULES, encode(ENTITIES["security_rule"], content, site.directory))
    central.trouble["r"] = lambda: Refused("the name is taken", status=409)
    assert statuses(apply(planned, site, run_id="x", sleep=lambda seconds: None)) == [f"create r: {status}"]


def test_an_id_that_nobody_told_is_looked_up_for_what_refers_to_it():
    central = FakeCentral()
    central.untold = True
    site = site_with(central)
    assert statuses(run(site, {"address_group": [group("a")], "security_rule": [rule("r", "a")]})) == ["create a: done", "create r: done"]
    assert held(site, "security_rule") == {"r": rule("r", "a")}


def test_the_same_run_repeats_the_same_request_ids_and_another_run_does_not():
    def ids(run_id: str) -> list[str]:
        central = FakeCentral()
        run(site_with(central), {"security_rule": [rule("a"), rule("b")]}, run_id=run_id)
        return central.request_ids

    assert ids("one") == ids("one")
    assert not set(ids("one")) & set(ids("two"))
    assert len(set(ids("one"))) == 2


def test_what_failed_for_good_is_asked_once_more_under_a_fresh_id():
    central = FakeCentral()
    site = site_with(central, ("security_rule", rule("there")))
    answers = {name: iter([TaskFailed("replayed"), None]) for name in ("new", "there")}
    central.trouble = {name: lambda name=name: next(answers[name]) for name in answers}
    outcomes = run(site, {"security_rule": [rule("new"), rule("there", mode="enforce")]})
    assert statuses(outcomes) == ["create new: done", "update there: done"]
    assert len(set(central.request_ids)) == 4
    central.trouble = {"bad": lambda: TaskFailed("no")}
    assert statuses(run(site, {"security_rule": [rule("bad")]})) == ["create bad: failed"]
    assert len(central.request_ids) == 6, "and no more than once"


def test_callers_hear_of_each_group_before_and_after_it_is_written():
    heard: list[str] = []
    run(
        site_with(FakeCentral()),
        {"address_group": [group("a")], "security_rule": [rule("r", "a")]},
        before=lambda steps: heard.append(f"before {[step.name for step in steps]}"),
        after=lambda outcomes: heard.append(f"after {[outcome.step.name for outcome in outcomes]}"),
    )
    assert heard == ["before ['a']", "after ['a']", "before ['r']", "after ['r']"]


def test_site_owned_properties_are_sent_back_with_an_update():
    central = FakeCentral()
    site = site_with(central, ("security_rule", rule("r")))
    central.edit(RULES, "new-1", projectExtId="project-1")
    site.forget(["security_rule"])
    run(site, {"security_rule": [rule("r", mode="enforce")]})
    assert central.objects[RULES]["new-1"]["projectExtId"] == "project-1"


def test_one_unreadable_object_does_not_hide_the_others():
    central = FakeCentral()
    site = site_with(central, ("security_rule", rule("good")), ("security_rule", rule("odd")))
    central.edit(RULES, "new-2", novelty=1)
    site.forget(["security_rule"])
    assert list(held(site, "security_rule")) == ["good"]
    assert [item.name for item in site.unreadable("security_rule")] == ["odd"]
    with pytest.raises(InvalidInput, match="can't be read"):
        site.plan({"security_rule": [rule("odd")]}, whole=True)


def test_a_kind_that_the_site_is_too_old_for_is_not_asked_for():
    central = FakeCentral()
    newer = {**ENTITIES, "security_rule": ENTITIES["security_rule"]._replace(since=(4, 9))}
    assert Site(central, entities=newer).held("security_rule") == []  # the fake has what the engine uses
    assert central.calls == []


def test_a_site_that_moves_while_it_is_read_is_read_again():
    central = FakeCentral()
    site = site_with(central, ("security_rule", rule("r")))
    edits = iter(["one"])

    def edit() -> None:
        for text in edits:
            central.edit(RULES, "new-1", description=text)
            break

    wait_until_settled(site, ["security_rule"])
    assert len(central.calls) == 2
    central.on_list = edit
    site.forget(["security_rule"])
    wait_until_settled(site, ["security_rule"])
    assert held(site, "security_rule")["r"]["description"] == "one"


def test_a_site_that_never_holds_still_is_a_conflict():
    central = FakeCentral()
    site = site_with(central, ("security_rule", rule("r")))
    numbers = iter(range(99))
    central.on_list = lambda: central.edit(RULES, "new-1", description=str(next(numbers)))
    with pytest.raises(Conflict, match="changed during each of 4 readings"):
        wait_until_settled(site, ["security_rule"])


def test_kinds_that_do_not_need_each_other_are_written_at_the_same_time():
    central = FakeCentral()
    both = threading.Barrier(2, timeout=10)

    def meet(path: str) -> None:
        if path != RULES:
            both.wait()  # nobody comes through alone: it raises when the other kind isn't under way within the time

    central.on_batch = meet
    outcomes = run(
        site_with(central), {"address_group": [group("a")], "service_group": [{"name": "s", "services": ["tcp/1"]}], "security_rule": [rule("r", "a")]}
    )
    assert [outcome.status for outcome in outcomes] == ["done", "done", "done"]
    assert central.calls[-1].startswith("CREATE 1 config/policies"), "what refers to them comes after them"


def test_callbacks_come_one_at_a_time_from_the_thread_of_the_caller():
    threads: set[int] = set()
    central = FakeCentral()
    run(
        site_with(central),
        {"address_group": [group("a")], "service_group": [{"name": "s", "services": ["tcp/1"]}], "security_rule": [rule("r", "a")]},
        before=lambda steps: threads.add(threading.get_ident()),
        after=lambda outcomes: threads.add(threading.get_ident()),
    )
    assert threads == {threading.get_ident()}


def test_a_site_that_cannot_be_asked_for_its_version_fails_each_step_and_tells_of_the_others():
    central = FakeCentral()
    site = site_with(central)
    planned = site.plan({"address_group": [group("a")], "category": [{"key": "K", "value": "V"}]}, whole=True)
    real = central.uri

    def uri(namespace: str, path: str) -> str:
        if namespace == "microseg":
            raise ServerError("no answer")
        return real(namespace, path)

    central.uri = uri  # the fake is ours
    told = apply(planned, site, run_id="x", sleep=lambda seconds: None)
    assert sorted(statuses(told)) == ["create K/V: done", "create a: failed"]
    assert str(next(outcome.error for outcome in told if outcome.error)) == "create address group 'a' on pc-b: no answer"

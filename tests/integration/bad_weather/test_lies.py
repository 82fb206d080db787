"""A Prism Central that doesn't tell the truth, and two replications at once: nothing is made twice, nothing is lost, what failed is named,
and one more run in good weather ends as an uninterrupted one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.chaos import lies
from tests.chaos.kills import Expected, uninterrupted
from tests.chaos.world import Lie, World, world


@pytest.fixture(scope="module")
def prepared() -> Iterator[tuple[World, Expected]]:
    with world("pc.7.5.1") as found:
        yield found, uninterrupted(found)


def check_ends_well(south: World, expected: Expected) -> None:
    again = south.replicate("run-again").result()
    assert again is not None
    assert again.get("msg") is None
    assert south.state() == expected.state
    assert south.duplicates() == []


HARMLESS: list[Lie] = [
    lies.Sometimes(lies.lists_lose_one, 2),
    lies.Sometimes(lies.lists_tell_one_twice, 2),
    lies.lists_are_backwards,
    lies.jobs_are_backwards,
    # More often than anybody asks for one task, so that some never tell; not so often that all are waited for.
    lies.Sometimes(lies.tasks_name_nobody, 6),
    lies.Sometimes(lies.jobs_are_not_told, 6),
]


@pytest.mark.parametrize("lie", HARMLESS, ids=["a list incomplete twice", "a list shifting twice", "lists", "jobs", "tasks", "no jobs"])
def test_what_can_be_seen_through_changes_nothing(prepared: tuple[World, Expected], lie: Lie) -> None:
    south, expected = prepared
    south.restore()
    result = south.replicate("run-1", lie).result()
    assert result is not None
    assert result.get("msg") is None
    assert south.state() == expected.state
    assert south.duplicates() == []


@pytest.mark.parametrize(
    ("lie", "words"),
    [
        (lies.lists_lose_one, "could not be read consistently in 3 readings: it announced"),
        (lies.lists_tell_one_twice, "could not be read consistently in 3 readings: 1 of its objects came twice"),
    ],
    ids=["incomplete", "shifting"],
)
def test_a_list_that_never_adds_up_is_no_ground_to_write_on(prepared: tuple[World, Expected], lie: Lie, words: str) -> None:
    south, expected = prepared
    south.restore()
    mark = south.sim.mark()
    result = south.replicate("run-1", lie).result()
    assert result is not None
    assert words in result["msg"]
    assert (result["error"]["site"], result["error"]["verb"]) == ("south", "list")
    assert south.sim.writes(mark) == []
    check_ends_well(south, expected)


@pytest.mark.parametrize("lie", [lies.lists_hide_one, lies.tasks_name_another, lies.jobs_lose_one], ids=["hidden object", "wrong ids", "a job lost"])
def test_what_cannot_be_seen_through_is_named(prepared: tuple[World, Expected], lie: Lie) -> None:
    south, expected = prepared
    south.restore()
    result = south.replicate("run-1", lie).result()
    assert result is not None
    for outcome in result["outcomes"]:
        assert outcome["status"] == "done" or outcome["name"] in outcome["error"]
    if south.state() != expected.state:
        assert result["failed"], "what is not done is not called done"
    check_ends_well(south, expected)


def test_two_replications_at_once_end_as_one(prepared: tuple[World, Expected]) -> None:
    south, expected = prepared
    south.restore()
    both = [south.replicate(run_id) for run_id in ("run-1", "run-2")]
    for attempt in both:
        result = attempt.result()
        assert result is not None
        for outcome in result["outcomes"]:
            assert outcome["status"] == "done" or outcome["name"] in outcome["error"]
    assert south.duplicates() == []
    check_ends_well(south, expected)
    south.check_record()

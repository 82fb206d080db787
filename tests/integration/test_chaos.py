"""A sample of `make chaos`: the client or the server killed at single writes of a replication of forty changes, which is then run again."""

from __future__ import annotations

import pytest

from tests.chaos.kills import Kill, faults_after, uninterrupted
from tests.chaos.world import world

#: Of the writes in batches: the first, some in between, one of the deletes. Which of them is told by its share of all writes.
SAMPLE = [("client", "before", 0.0), ("client", "after", 0.3), ("client", "after", 0.6), ("server", "before", 0.4), ("server", "after", 0.9)]


@pytest.mark.parametrize(("release", "singly"), [("pc.7.5.1", False), ("pc.7.3", True)], ids=["in batches", "each object singly"])
def test_a_killed_replication_ends_as_an_uninterrupted_one(release: str, singly: bool) -> None:
    with world(release, singly=singly) as prepared:
        expected = uninterrupted(prepared)
        kills = list(expected.kills())
        found = {}
        for number, (who, when, share) in enumerate(SAMPLE):
            writes = [kill for kill in kills if (kill.who, kill.when) == (who, when)]
            kill: Kill = writes[int(share * len(writes))]._replace(same_run=number % 2 == 0)
            found[str(kill)] = faults_after(prepared, expected, kill)
        assert found == dict.fromkeys(found, [])

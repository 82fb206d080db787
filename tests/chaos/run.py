"""`make chaos`: kill a replication of forty changes, and each journey, at every single write, give the same command again, compare.

Knows which kills there are and how to tell of them. `--release` and `--journey` choose, `--every N` takes each Nth kill only.
"""

from __future__ import annotations

import argparse
import sys
import time

from tests.chaos.journey_kills import faults_after as faults_of_journey
from tests.chaos.journey_kills import uninterrupted as uninterrupted_journey
from tests.chaos.journey_world import journey_world
from tests.chaos.journeys import JOURNEYS, Journey
from tests.chaos.kills import faults_after, uninterrupted
from tests.chaos.world import world

#: Whether each object is a call of its own, by release; else batches carry the writes of a whole kind.
RELEASES = {"pc.7.5.1": False, "pc.7.3": True}


def main() -> int:
    """0 when every run after a kill ended as an uninterrupted run does."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--every", type=int, default=1, metavar="N", help="only each Nth kill")
    parser.add_argument("--profile", choices=("instant", "realistic"), default="instant", help="of the simulator")
    parser.add_argument("--release", choices=RELEASES, action="append", help="only the replication, and at this release")
    parser.add_argument("--journey", choices=JOURNEYS, action="append", help="only this journey")
    parser.add_argument("--first", type=int, default=1, metavar="N", help="begin with the kill of this number")
    arguments = parser.parse_args()
    every = slice(arguments.first - 1, None, arguments.every)
    bad = 0
    for release in arguments.release or ([] if arguments.journey else RELEASES):
        bad += _one_release(release, arguments.profile, every)
    for name in arguments.journey or ([] if arguments.release else JOURNEYS):
        bad += _one_journey(JOURNEYS[name], every)
    return 1 if bad else 0


def _one_release(release: str, profile: str, every: slice) -> int:
    bad = 0
    begun = time.monotonic()
    with world(release, profile, singly=RELEASES[release]) as prepared:
        expected = uninterrupted(prepared)
        kills = list(expected.kills())[every]
        print(f"{release}: 40 changes in {expected.calls} calls, {len(kills)} kills", flush=True)
        for kill in kills:
            found = faults_after(prepared, expected, kill)
            bad += bool(found)
            for fault in found:
                print(f"{release}: {kill}: {fault}", flush=True)
    seconds = time.monotonic() - begun
    print(f"{release}: {len(kills) - bad} of {len(kills)} kills ended as an uninterrupted run does, {seconds:.0f} s", flush=True)
    return bad


def _one_journey(journey: Journey, every: slice) -> int:
    bad = 0
    begun = time.monotonic()
    with journey_world(journey) as prepared:
        expected = uninterrupted_journey(prepared)
        kills = list(expected.kills())
        print(f"{journey.name}: {len(expected.writes)} writes, {len(kills[every])} of {len(kills)} kills", flush=True)
        for kill in kills[every]:
            found = faults_of_journey(prepared, expected, kill)
            bad += bool(found)
            print(f"{journey.name}: {kill}, {expected.writes[kill.write - 1]}: {'; '.join(found) or 'well'}", flush=True)
    seconds = time.monotonic() - begun
    print(f"{journey.name}: {len(kills[every]) - bad} of {len(kills[every])} kills ended as an uninterrupted run does, {seconds:.0f} s", flush=True)
    return bad


if __name__ == "__main__":
    sys.exit(main())

"""`make chaos`: interrupt a replication of forty changes, and each journey, at every single write, give the same command again, compare.

Knows which interruptions there are and how to tell of them. `--release` and `--journey` choose, `--every N` takes each Nth only.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from tests.chaos.journey_kills import Kill, faults_after_kill, kills
from tests.chaos.journey_world import journey_world
from tests.chaos.journeys import JOURNEYS, Journey
from tests.chaos.kills import faults_after, uninterrupted
from tests.chaos.power_cuts import PowerCut, faults_after_cut, power_cuts
from tests.chaos.world import world

#: Whether each object is a call of its own, by release; else batches carry the writes of a whole kind.
RELEASES = {"pc.7.5.1": False, "pc.7.3": True}


def main() -> int:
    """0 when every run after a kill ended as an uninterrupted run does."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--every", type=int, default=1, metavar="N", help="only each Nth interruption")
    parser.add_argument("--profile", choices=("instant", "realistic"), default="instant", help="of the simulator")
    parser.add_argument("--release", choices=RELEASES, action="append", help="only the replication, and at this release")
    parser.add_argument("--journey", choices=JOURNEYS, action="append", help="only this journey")
    parser.add_argument("--first", type=int, default=1, metavar="N", help="begin with the interruption of this number")
    parser.add_argument("--minutes", type=float, default=6000, metavar="N", help="of each journey, after which no other interruption is begun")
    parser.add_argument("--kill", action="store_true", help="kill ansible-playbook in journeys, with its tasks or alone, instead of cutting the power")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="keep the person's directory there where a journey did not end well")
    arguments = parser.parse_args()
    every = slice(arguments.first - 1, None, arguments.every)
    bad = 0
    for release in arguments.release or ([] if arguments.journey else RELEASES):
        bad += _one_release(release, arguments.profile, every)
    for name in arguments.journey or ([] if arguments.release else JOURNEYS):
        bad += _one_journey(JOURNEYS[name], every, arguments)
    return 1 if bad else 0


def _one_release(release: str, profile: str, every: slice) -> int:
    bad = 0
    begun = time.monotonic()
    with world(release, profile, singly=RELEASES[release]) as prepared:
        expected = uninterrupted(prepared)
        chosen = list(expected.kills())[every]
        print(f"{release}: 40 changes in {expected.calls} calls, {len(chosen)} kills", flush=True)
        for kill in chosen:
            found = faults_after(prepared, expected, kill)
            bad += bool(found)
            for fault in found:
                print(f"{release}: {kill}: {fault}", flush=True)
    seconds = time.monotonic() - begun
    print(f"{release}: {len(chosen) - bad} of {len(chosen)} kills ended as an uninterrupted run does, {seconds:.0f} s", flush=True)
    return bad


def _spread(interruptions: Sequence[Kill | PowerCut]) -> list[Kill | PowerCut]:
    """Each fifth first: what is wrong shows early, wherever it is."""
    return [each for first in range(5) for each in interruptions[first::5]]


def _one_journey(journey: Journey, every: slice, arguments: argparse.Namespace) -> int:
    made = bad = 0
    begun = time.monotonic()
    with journey_world(journey) as prepared:
        expected, cuts = power_cuts(prepared)
        interruptions: Sequence[Kill | PowerCut] = list(kills(expected)) if arguments.kill else cuts
        chosen = _spread(interruptions[every])
        print(f"{journey.name}: {len(expected.writes)} writes, {len(chosen)} of {len(interruptions)} different interruptions", flush=True)
        for each in chosen:
            if time.monotonic() - begun > 60 * arguments.minutes:
                break
            found = faults_after_kill(prepared, expected, each) if isinstance(each, Kill) else faults_after_cut(prepared, expected, each)
            made, bad = made + 1, bad + bool(found)
            print(f"{journey.name}: {each}, {expected.writes[each.write - 1]}: {'; '.join(found) or 'well'}", flush=True)
            if found and arguments.keep:
                shutil.copytree(prepared.person, arguments.keep / f"{journey.name}, {each}")
    seconds = time.monotonic() - begun
    print(f"{journey.name}: {made - bad} of {made} ended as an uninterrupted run does, {seconds:.0f} s", flush=True)
    return bad


if __name__ == "__main__":
    sys.exit(main())

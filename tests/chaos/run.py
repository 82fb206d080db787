"""`make chaos`: kill the client or the server at every single write of a replication of forty changes, run it again, compare.

Knows which kills there are and how to tell of them; `--every N` takes each Nth only.
"""

from __future__ import annotations

import argparse
import sys
import time

from tests.chaos.kills import faults_after, uninterrupted
from tests.chaos.world import world

#: Whether each object is a call of its own, by release; else batches carry the writes of a whole kind.
RELEASES = {"pc.7.5.1": False, "pc.7.3": True}


def main() -> int:
    """0 when every run after a kill ended as an uninterrupted run does."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--every", type=int, default=1, metavar="N", help="only each Nth kill")
    parser.add_argument("--profile", choices=("instant", "realistic"), default="instant", help="of the simulator")
    parser.add_argument("--release", choices=RELEASES, action="append", help="only this one")
    arguments = parser.parse_args()
    bad = 0
    for release in arguments.release or RELEASES:
        bad += _one_release(release, arguments.profile, arguments.every)
    return 1 if bad else 0


def _one_release(release: str, profile: str, every: int) -> int:
    bad = 0
    begun = time.monotonic()
    with world(release, profile, singly=RELEASES[release]) as prepared:
        expected = uninterrupted(prepared)
        kills = list(expected.kills())[::every]
        print(f"{release}: 40 changes in {expected.calls} calls, {len(kills)} kills", flush=True)
        for kill in kills:
            found = faults_after(prepared, expected, kill)
            bad += bool(found)
            for fault in found:
                print(f"{release}: {kill}: {fault}", flush=True)
    seconds = time.monotonic() - begun
    print(f"{release}: {len(kills) - bad} of {len(kills)} kills ended as an uninterrupted run does, {seconds:.0f} s", flush=True)
    return bad


if __name__ == "__main__":
    sys.exit(main())

# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What can't be right about a protection policy as a whole (the rules of contract/v4 section 11.1). Knows no wire format."""

from __future__ import annotations

import typing as t

from .._model.codec_spans import seconds_of
from .._model.entity import Canonical
from .._model.form import Minor
from .._model.problems import Problems
from .protection_schedules import SYNCHRONOUS

_MOST_LOCATIONS = 3
_MINUTE, _HOUR, _DAY = 60, 3600, 86400
#: The objectives that roll-up retention goes with, in seconds.
_ROLLUP = frozenset((*(_MINUTE * n for n in (1, 2, 3, 4, 5, 6, 10, 12, 15)), *(_HOUR * n for n in (1, 2, 3, 4, 6, 8, 12)), *(_DAY * n for n in (1, 7, 14))))
_LONGEST_SUSPEND = 300


def check_locations(canonical: Canonical, where: str, minor: Minor | None, problems: Problems) -> None:
    """At most three, of different names, one of them primary; only that one may have several clusters."""
    locations = canonical.get("locations", [])
    names = [location.get("name") for location in locations]
    if len(locations) > _MOST_LOCATIONS:
        problems.add(f"{where}.locations", f"has {len(locations)} locations", f"at most {_MOST_LOCATIONS} are possible")
    for name in sorted({str(name) for name in names if names.count(name) > 1}):
        problems.add(f"{where}.locations", f"two locations are called '{name}'", "give each a name of its own")
    primaries = [str(location.get("name")) for location in locations if location.get("primary")]
    if locations and len(primaries) != 1:
        problems.add(f"{where}.locations", f"{' and '.join(primaries) or 'none'} is primary", "exactly one location must be: write primary: true there")
    for location in locations:
        clusters = location.get("clusters", ())
        if len(clusters) > 1 and not location.get("primary"):
            problems.add(
                f"{where}.locations",
                f"'{location.get('name')}' has {len(clusters)} clusters",
                "only the primary location may have several; name one, or none for all",
            )


def check_directions(canonical: Canonical, where: str, minor: Minor | None, problems: Problems) -> None:
    """Schedules lead from and to locations that exist, each pair once; every location is connected with the primary one, both ways."""
    locations = {str(location.get("name")): location for location in canonical.get("locations", [])}
    primary = next((name for name, location in locations.items() if location.get("primary")), None)
    pairs = [(str(schedule.get("from")), schedule.get("to")) for schedule in canonical.get("schedules", [])]
    at = f"{where}.schedules"
    for name in dict.fromkeys(str(name) for pair in pairs for name in pair if name is not None):
        if name not in locations:
            problems.unknown(at, name, locations, "location")
    for pair in dict.fromkeys(pair for pair in pairs if pairs.count(pair) > 1):
        problems.add(at, f"there are {pairs.count(pair)} schedules {_way(*pair)}", "one is possible; merge them")
    for source, target in pairs:
        if target == source:
            problems.add(at, f"a schedule leads from '{source}' to itself", "leave 'to' out for recovery points that stay where they are made")
        elif primary and target in locations and source in locations and primary not in (source, target):
            problems.add(at, f"a schedule leads {_way(source, target)}, and neither is primary", f"all locations replicate with '{primary}' only")
    for name in locations:
        for way in ((primary, name), (name, primary)) if primary and name != primary else ():
            if way not in pairs:
                problems.add(at, f"there is no schedule {_way(*way)}", "both directions must be there; between: [A, B] stands for both")


def check_schedules(canonical: Canonical, where: str, minor: Minor | None, problems: Problems) -> None:
    """What goes with which objective."""
    for schedule in canonical.get("schedules", []):
        at = f"{where}.schedules ({_way(str(schedule.get('from')), schedule.get('to'))})"
        rpo = schedule.get("rpo")
        if not rpo:
            continue
        if schedule.get("rollup") and schedule.get("retention"):
            problems.add(at, "has both retention and rollup", "choose one")
        if schedule.get("rollup") and seconds_of(rpo) not in _ROLLUP:
            problems.add(at, f"rollup doesn't go with an rpo of {rpo}", "1m to 6m, 10m, 12m, 15m, 1h to 4h, 6h, 8h, 12h, 1d, 1w and 2w do; or use retention")
        if rpo == SYNCHRONOUS and schedule.get("to") is None:
            problems.add(at, "is synchronous, but leads nowhere", "say 'to', or an rpo above 0")
        if schedule.get("paused") and rpo != SYNCHRONOUS:
            problems.add(at, f"can't be paused with an rpo of {rpo}", "only synchronous replication (rpo 0) can")
        if schedule.get("auto_suspend") and seconds_of(schedule["auto_suspend"]) > _LONGEST_SUSPEND:
            problems.add(at, f"auto_suspend is {schedule['auto_suspend']}", "5m is the longest; leave it out to never suspend")


def check_not_paused(canonical: Canonical, where: str, minor: Minor | None, problems: Problems) -> None:
    """The server ignores it in a new policy, which would then not be what was asked for."""
    for schedule in canonical.get("schedules", []):
        if schedule.get("paused"):
            problems.add(f"{where}.schedules", "a new policy can't begin paused", "create it first, then pause it")


def _way(source: t.Any, target: t.Any) -> str:
    return f"from '{source}' to '{target}'" if target is not None else f"of recovery points that stay at '{source}'"

# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lock of a pair: who holds it, and whether another run may take it. Pure; asks neither sites nor processes."""

from __future__ import annotations

import datetime
import typing as t

from .._errors import DrError

#: How far the clocks of two controllers may be apart before one takes a lock from the other too early.
CLOCK_TOLERANCE = datetime.timedelta(minutes=2)

OURS, DEAD, EXPIRED, STOLEN, HELD = "ours", "dead", "expired", "stolen", "held"


class Locked(DrError):
    """Another run holds the lock of the pair; ``lock`` has its parts."""

    def __init__(self, cause: str, *, lock: t.Mapping[str, t.Any], **known: str) -> None:
        super().__init__(cause, **known)
        self.lock = dict(lock)


class Holder(t.NamedTuple):
    """Who holds a lock: a person on a host, and the process there; ``process`` is empty where it can't be told."""

    by: str
    process: str


class Lock(t.NamedTuple):
    """The lock as a site keeps it. ``since`` and ``expires`` are RFC 3339."""

    run: str
    verb: str
    by: str
    process: str
    since: str
    expires: str

    def told(self) -> dict[str, str]:
        """Its parts, without what only machines understand."""
        return {"run_id": self.run, "verb": self.verb, "by": self.by, "since": self.since, "expires": self.expires}

    def __str__(self) -> str:
        return f"{self.by} holds the lock since {self.since} for {self.verb.replace('_', ' ')} {self.run}, until {self.expires}"


def standing(lock: Lock, run: str, holder: Holder, *, alive: bool | None, steal: str, now: datetime.datetime) -> str:
    """What the lock is to a run: ours, or another's who is dead, has let it expire, is robbed on purpose, or holds it.
    ``alive``: whether its process lives; None if nobody here can tell. ``steal`` must be the run that is robbed."""
    if lock.run == run and (lock.process == holder.process if lock.process else lock.by == holder.by):
        return OURS
    if alive is False:
        return DEAD
    if now > read_time(lock.expires) + CLOCK_TOLERANCE:
        return EXPIRED
    return STOLEN if steal and steal == lock.run else HELD


def refusal(lock: Lock, pair: str, site: str, steal: str) -> Locked:
    """Why a lock that is held stops another run."""
    wrong = f"; it is not held by run {steal}" if steal else ""
    fix = f"Wait for that run; if it is dead for certain, say so by stealing its lock: {lock.run}"
    return Locked(f"{lock}{wrong}", verb="lock", kind="pair", name=pair, site=site, fix=fix, lock=lock.told())


def read_time(text: str) -> datetime.datetime:
    """Raises ValueError."""
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


def write_time(moment: datetime.datetime) -> str:
    return moment.astimezone(datetime.timezone.utc).isoformat(timespec="seconds").replace("+00:00", "Z")

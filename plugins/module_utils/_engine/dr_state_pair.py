# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Takes the lock of a pair and leads the pair from state to state, on the sites that a verb needs. What is legal it asks of others."""

from __future__ import annotations

import datetime
import typing as t

from .._errors import CANNOT_TELL, Conflict, DrError
from .._prism.parallel import in_threads
from .dr_lock import DEAD, HELD, OURS, Holder, Lock, refusal, standing, write_time
from .dr_state import AT_REST, PairState, Permission, Record, Verb, begun, ended, newest, pair_state, permit
from .dr_state_site import PairSite


class Seen(t.NamedTuple):
    """What the sites had when they were asked, and what that says together. ``unanswered``: sites that said nothing."""

    records: t.Mapping[str, Record | None]
    locks: t.Mapping[str, Lock | None]
    pair: PairState
    unanswered: t.Mapping[str, DrError]


class Begun(t.NamedTuple):
    """``permission`` to go on, the ``run`` that goes on (the one that is resumed, or the one that asked), the state ``before`` and
    now, the lock that it has or would have, the locks that it takes over with the reason, and whether anything changed besides the
    end of a lock of its own. ``unanswered``: sites that said nothing, in a dry run only."""

    permission: Permission
    run: str
    before: PairState
    pair: PairState
    lock: Lock | None
    taken_over: tuple[tuple[Lock, str], ...]
    changed: bool
    unanswered: t.Mapping[str, DrError]


class Pair:
    """``sites`` are those that matter; ``alive`` tells of a holder's process whether it lives, None if it can't."""

    def __init__(
        self,
        name: str,
        sites: t.Mapping[str, PairSite],
        roles: t.Mapping[str, str],
        *,
        holder: Holder,
        alive: t.Callable[[str], bool | None],
        now: t.Callable[[], datetime.datetime],
    ) -> None:
        self.name = name
        self.primary, self.recovery = roles["primary"], roles["recovery"]
        # One order for all: of two that begin at once, one gets the first site and the other stops there.
        self._sites = {site: sites[site] for site in sorted(sites)}
        self._holder = holder
        self._alive = alive
        self._now = now

    def look(self, *, patient: bool = False) -> Seen:
        """Ask all sites. One that doesn't answer is an error; ``patient``: it is told, and the others speak for the pair."""
        records: dict[str, Record | None] = {}
        locks: dict[str, Lock | None] = {}
        unanswered: dict[str, DrError] = {}
        for site, answer in zip(self._sites, in_threads(_asked, list(self._sites.values()), threads=len(self._sites)), strict=True):
            if not isinstance(answer, DrError):
                records[site], locks[site] = answer
            elif patient:
                unanswered[site] = answer
            else:
                raise answer.about(verb="read state of", kind="pair", name=self.name) from answer
        return Seen(records, locks, self._state(records), unanswered)

    def begin(self, verb: Verb, run: str, *, minutes: int, steal: str = "", dry: bool = False) -> Begun:
        """Take the lock and lead the pair into the verb's running state. Raises IllegalVerb, Locked, and what the sites raise;
        nothing stays locked that wasn't before."""
        seen = self.look(patient=dry)
        before = seen.pair
        permission = permit(before, verb, self.primary)
        if permission.done:
            return Begun(permission, before.run, before, before, None, (), False, seen.unanswered)
        run = permission.resumes or run
        lock = self._new_lock(verb, run, minutes)
        over = {site: self._allowed(site, found, run, steal) for site, found in seen.locks.items() if found}
        taken_over = tuple(dict.fromkeys((found, over[site]) for site, found in seen.locks.items() if found and over[site] != OURS))
        changed = set(over.values()) != {OURS} or len(over) < len(self._sites)
        if dry:
            record = begun(before, verb, run, self.primary, lock.since)
            after = before if record is None else self._state(dict.fromkeys(seen.records, record))
            return Begun(permission, run, before, after, lock, taken_over, changed or record is not None, seen.unanswered)
        fresh: list[str] = []
        try:
            for site in self._sites:
                self._take(site, lock, seen.locks[site], steal)
                if over.get(site) != OURS:
                    fresh.append(site)
            seen = self.look()  # another run may have ended between our first look and our lock
            if permit(seen.pair, verb, self.primary) != permission:
                raise Conflict(f"the pair became {seen.pair.state} meanwhile", verb="lock", kind="pair", name=self.name, fix="Run again")
            record = begun(seen.pair, verb, run, self.primary, write_time(self._now()))
            if record:
                for site, kept in self._sites.items():
                    kept.write(seen.records[site], record)
        except DrError:
            self._give_back(fresh, lock)
            raise
        after = self.look().pair if record else seen.pair
        return Begun(permission, run, before, after, lock, taken_over, changed or record is not None, {})

    def end(self, verb: Verb, run: str, *, dry: bool = False) -> tuple[PairState, bool]:
        """Lead the pair into the state after the verb and give the lock back. True if anything changed. Raises Conflict when the
        lock or the state is another run's by now."""
        if not verb.running:
            return self.release(run, dry=dry)
        seen = self.look()
        over = seen.pair.state in AT_REST and (seen.pair.run == run or (seen.pair.state == verb.end and verb.end not in verb.legal))
        if not over:
            self._check_ours(seen, verb, run)
        runs = {run, seen.pair.run} if over else {run}  # a run that died after its last word left its lock
        locked = [site for site, lock in seen.locks.items() if lock and lock.run in runs and self._still_ours(lock, lock.run)]
        told = list(seen.pair.lagging) if over else list(self._sites)
        if dry or not (locked or told):
            return seen.pair, bool(locked or told)
        roles = {"primary": self.primary, "recovery": self.recovery}
        record = newest(seen.pair) if over else ended(seen.pair, verb, run, roles, write_time(self._now()))
        self._tell(told, seen.records, record)
        self._unlock(locked, seen.locks)
        return self.look().pair, True

    def release(self, run: str, *, dry: bool = False) -> tuple[PairState, bool]:
        """Give the lock back; the state stays. True if there was one of this run."""
        seen = self.look()
        locked = [site for site, lock in seen.locks.items() if lock and self._still_ours(lock, run)]
        if not dry:
            self._unlock(locked, seen.locks)
        return seen.pair, bool(locked)

    def declare(self, record: Record, *, steal: str = "", dry: bool = False) -> tuple[PairState, bool]:
        """Write what a person knows on all sites, under a new epoch. Raises Locked while a run holds the lock."""
        seen = self.look()
        for site, lock in seen.locks.items():
            if lock:
                self._allowed(site, lock, record.run, steal)
        if all(found and (found.state, found.active, found.primary) == (record.state, record.active, record.primary) for found in seen.records.values()):
            return seen.pair, False
        record = record._replace(epoch=seen.pair.epoch + 1)
        if dry:
            return self._state(dict.fromkeys(self._sites, record)), True
        self._tell(list(self._sites), seen.records, record)
        self._unlock(list(self._sites), seen.locks)
        return self.look().pair, True

    def _state(self, records: t.Mapping[str, Record | None]) -> PairState:
        return pair_state(records, self.primary, self.recovery)

    def _new_lock(self, verb: Verb, run: str, minutes: int) -> Lock:
        now = self._now()
        return Lock(run, verb.name, self._holder.by, self._holder.process, write_time(now), write_time(now + datetime.timedelta(minutes=minutes)))

    def _standing(self, lock: Lock, run: str, steal: str = "") -> str:
        return standing(lock, run, self._holder, alive=self._alive(lock.process), steal=steal, now=self._now())

    def _still_ours(self, lock: Lock, run: str) -> bool:
        """Ours, or of a process of the same run that is gone and can't go on itself."""
        return lock.run == run and self._standing(lock, run) in (OURS, DEAD)

    def _allowed(self, site: str, lock: Lock, run: str, steal: str) -> str:
        """What the lock is to us. Raises Locked if it must be left alone."""
        found = self._standing(lock, run, steal)
        if found == HELD:
            raise refusal(lock, self.name, site, steal)
        return found

    def _take(self, site: str, lock: Lock, before: Lock | None, steal: str) -> None:
        """Have the lock of one site, or raise Locked with whoever was quicker."""
        if before is not None and self._allowed(site, before, lock.run, steal) == OURS:
            lock = lock._replace(since=before.since)
        if self._sites[site].lock(before, lock):
            return
        now = self._sites[site].look()[1]
        if now is None or self._allowed(site, now, lock.run, "") != OURS:
            raise Conflict("another run was at the lock at the same moment", verb="lock", kind="pair", name=self.name, site=site, fix="Run again")

    def _tell(self, sites: t.Sequence[str], before: t.Mapping[str, Record | None], record: Record) -> None:
        """Whoever is not active learns it first, so that at no moment a site says that it is while another one is."""
        for site in sorted(sites, key=lambda site: (site == record.active, site)):
            self._sites[site].write(before[site], record)

    def _check_ours(self, seen: Seen, verb: Verb, run: str) -> None:
        about = {"verb": f"end {verb.name.replace('_', ' ')} of", "kind": "pair", "name": self.name}
        for site, lock in seen.locks.items():
            if lock is None or not self._still_ours(lock, run):
                cause = f"this run has lost the lock: {lock or 'nobody holds it any more'}"
                raise Conflict(cause, site=site, fix="Look at the pair with dr_state_info before anything else is done", **about)
        if seen.pair.state != verb.running or seen.pair.run != run:
            raise Conflict(f"the pair is {seen.pair.state}: {seen.pair.why}", fix="Begin the verb first", **about)

    def _give_back(self, sites: t.Sequence[str], lock: Lock) -> None:
        """After a failure, as far as the sites answer; what stays locked expires."""
        for site in reversed(sites):
            try:
                self._sites[site].unlock(lock)
            except DrError:
                continue

    def _unlock(self, sites: t.Sequence[str], locks: t.Mapping[str, Lock | None]) -> None:
        for site in reversed(sites):
            lock = locks[site]
            if lock is not None:
                self._sites[site].unlock(lock)


def _asked(site: PairSite) -> tuple[Record | None, Lock | None] | DrError:
    """What a site has, or why it can't be told."""
    try:
        return site.look()
    except CANNOT_TELL as error:
        return error

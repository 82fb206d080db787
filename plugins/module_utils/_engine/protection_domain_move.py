# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Moves protection domains: decides, starts, follows until they have arrived. The only place that migrates, activates or deactivates.

What has been done and what runs is read from the clusters at each look, so a run that died is simply run again. A write whose answer
was lost is looked for before it is made again.
"""

from __future__ import annotations

import time
import typing as t

from .._errors import CANNOT_TELL, DeadlineExceeded, DrError, Forbidden, Refused, TaskFailed, Unauthorized
from .._prism.element_domains import may_pass
from .protection_domain_decision import ACTIVATE, ATTACH, DEACTIVATE, DEACTIVATION, MIGRATE, NOTHING, REFUSE, WAIT, Decision
from .protection_domain_views import elapsed
from .protection_domain_way import Both, Move, Outcome, Way, decide_all, look_at_both

KIND = "protection_domain"
DONE, UNCHANGED, FAILED = "done", "unchanged", "failed"
#: Tries of a verb that the cluster didn't answer.
_TRIES = 3
#: Looks at a domain that rests although a verb was accepted, before that counts as its failure.
_IDLE_LOOKS = 3
_WRONG_ACCESS = (Unauthorized, Forbidden)


class _Moving:
    """One protection domain on its way."""

    def __init__(self, move: Move) -> None:
        self.move = move
        #: What runs; and what was sent, whether or not it was answered.
        self.verb = ""
        self.sent = ""
        self.tries = 0
        self.idle = 0
        self.error: DrError | None = None
        self.outcome: Outcome | None = None

    def end(self, status: str, error: DrError | None = None) -> None:
        self.outcome = Outcome(self.move.name, status, self.verb, error)


class Mover:
    """Moves the protection domains of one way. ``tell`` gets a line of progress at least every ``tell_every`` seconds; ``before`` and
    ``after`` hear of each verb that is started and of what became of it."""

    def __init__(
        self,
        way: Way,
        *,
        deadline: float,
        interval: float = 4.0,
        tell_every: float = 8.0,
        tell: t.Callable[[str], None] = lambda line: None,
        before: t.Callable[[str, str], None] = lambda verb, name: None,
        after: t.Callable[[Outcome], None] = lambda outcome: None,
        sleep: t.Callable[[float], None] = time.sleep,
        clock: t.Callable[[], float] = time.monotonic,
    ) -> None:
        self._way = way
        self._interval, self._tell_every = min(interval, tell_every / 2), tell_every
        self._tell, self._before, self._after = tell, before, after
        self._sleep, self._clock = sleep, clock
        self._begin = clock()
        self._deadline = self._begin + deadline
        self._told: dict[str, tuple[str, float]] = {}
        self._seen: dict[str, str] = {}

    def run(self, moves: t.Sequence[Move]) -> list[Outcome]:
        """One outcome per move, in their order. Raises only what makes the clusters unusable: wrong credentials, missing permissions."""
        all_moving = [_Moving(move) for move in moves]
        while True:
            open_ones = [moving for moving in all_moving if moving.outcome is None]
            both = self._look({moving.move.name for moving in open_ones})
            if both is not None:
                decisions = decide_all(self._way, [moving.move for moving in open_ones], both)
                for moving in open_ones:
                    self._step(moving, decisions[moving.move.name], both)
            open_ones = [moving for moving in all_moving if moving.outcome is None]
            if not open_ones:
                return [moving.outcome for moving in all_moving if moving.outcome is not None]
            if self._clock() >= self._deadline:
                for moving in open_ones:
                    self._end(moving, FAILED, self._too_late(moving))
                continue
            self._sleep(max(0.0, min(self._interval, self._deadline - self._clock())))

    def _look(self, names: t.Collection[str]) -> Both | None:
        if not names:
            return None
        try:
            return look_at_both(self._way, names, count_snapshots=self._way.source is None)
        except _WRONG_ACCESS:
            raise
        except CANNOT_TELL as error:
            # The cluster may be changing its leader, or be gone for a while: what runs there goes on.
            for name in names:
                self._say(name, f"can't be looked at now: {error.cause}")
            return None

    def _step(self, moving: _Moving, decision: Decision, both: Both) -> None:
        if decision.verb == NOTHING:
            moving.verb = moving.verb or moving.sent
            self._end(moving, DONE if moving.verb else UNCHANGED)
        elif decision.verb == ATTACH:
            moving.verb, moving.idle = moving.verb or moving.sent or ATTACH, 0
            self._say(moving.move.name, decision.text, _sent(moving, both))
        elif moving.verb:
            self._resting(moving, decision, both)
        elif decision.verb == REFUSE:
            self._end(moving, FAILED, Refused(decision.text, fix=decision.fix))
        elif decision.verb == WAIT:
            moving.error, moving.tries = None, 0
            self._say(moving.move.name, decision.text, _sent(moving, both))
        else:
            self._start(moving, decision)

    def _start(self, moving: _Moving, decision: Decision) -> None:
        name = moving.move.name
        if moving.error is not None and (moving.tries >= _TRIES or not may_pass(moving.error)):
            moving.verb = moving.sent
            self._end(moving, FAILED, moving.error)
            return
        moving.tries, moving.sent = moving.tries + 1, decision.verb
        self._before(decision.verb, name)
        try:
            blocked = self._verb(decision.verb, moving.move)
        except DrError as error:
            # Whether it was done is seen at the next look.
            moving.error = error
            self._say(name, f"{decision.verb} was not answered well: {error.cause}")
            return
        if blocked:
            self._end(moving, FAILED, _blocked(blocked, moving.move.remote_site))
            return
        moving.verb, moving.error = decision.verb, None
        self._say(name, f"{decision.verb} accepted")

    def _verb(self, verb: str, move: Move) -> list[dict[str, t.Any]]:
        """The VMs that can't move."""
        source, target = self._way.source, self._way.target
        if verb == MIGRATE and source is not None:
            return source.migrate(move.name, move.remote_site)
        if verb == DEACTIVATE and source is not None:
            source.deactivate(move.name)
        elif verb == ACTIVATE:
            target.activate(move.name)
        return []

    def _resting(self, moving: _Moving, decision: Decision, both: Both) -> None:
        """It was started, and is neither where it should be nor seen on its way: in between, or it has failed."""
        moving.idle += 1
        if decision.verb == WAIT:
            moving.idle = 0
        if moving.idle < _IDLE_LOOKS:
            self._say(moving.move.name, decision.text, _sent(moving, both))
            return
        cause = f"it ended without effect: {self._still(decision)}"
        fix = "Look at the alerts and events of the protection domain in Prism, put right what they say, and run again"
        self._end(moving, FAILED, TaskFailed(cause, fix=fix))

    def _still(self, decision: Decision) -> str:
        """Where it is after all, in words."""
        if decision.verb == MIGRATE and self._way.source is not None:
            return f"still active on {self._way.source.site}, its VMs may be powered off"
        return f"still not active on {self._way.target.site}" if decision.verb == ACTIVATE else decision.text

    def _say(self, name: str, news: str, detail: str = "") -> None:
        """News at once, the rest every so many seconds."""
        now = self._clock()
        line = ", ".join(part for part in (news, detail) if part)
        self._seen[name] = line
        told, when = self._told.get(name, ("", 0.0))
        if news != told or now - when >= self._tell_every:
            self._told[name] = (news, now)
            self._tell(f"{name}: {line} ({elapsed(now - self._begin)})")

    def _end(self, moving: _Moving, status: str, error: DrError | None = None) -> None:
        if error is not None:
            error.about(verb=_named(moving.verb) or self._way.mode, kind=KIND, name=moving.move.name, site=self._place())
        moving.end(status, error)
        if moving.outcome is not None:
            self._after(moving.outcome)
        self._say(moving.move.name, f"failed: {error.cause}" if error else "has arrived" if self._way.mode != DEACTIVATION else "is inactive")

    def _place(self) -> str:
        return self._way.source.site if self._way.source is not None else self._way.target.site

    def _too_late(self, moving: _Moving) -> DeadlineExceeded:
        last = self._seen.get(moving.move.name, "nothing")
        fix = "It goes on by itself; run again to follow it further" if moving.verb else "Nothing was started; see to what hinders it, then run again"
        return DeadlineExceeded(f"has not arrived in time; last seen: {last}", fix=fix)


def _sent(moving: _Moving, both: Both) -> str:
    return both.source.sent.get(moving.move.name, "") if both.source else ""


def _named(verb: str) -> str:
    return {ATTACH: "move"}.get(verb, verb)


def _blocked(vms: t.Sequence[t.Mapping[str, t.Any]], remote_site: str) -> Refused:
    told = []
    for vm in vms:
        reasons = [str(one.get("reason")) for one in vm.get("vmRecoverability") or () if one.get("reason")]
        told.append(f"{vm.get('vmName')}" + (f" ({'; '.join(reasons)})" if reasons else ""))
    return Refused(
        f"{len(told)} VMs can't move to {remote_site}: {', '.join(sorted(told))}; nothing was moved",
        fix="Usually a disk lies in a container that the remote site doesn't map: see its vStore mapping, then run again",
    )

# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which verb is legal in which state of a pair of sites, and which state follows. Pure: a table, and the reading of what the sites say."""

from __future__ import annotations

import typing as t

from .._errors import DrError

READY, TESTING = "READY", "TESTING"
FAILING_OVER, RECOVERY_ACTIVE = "FAILING_OVER", "RECOVERY_ACTIVE"
RECONCILE_REQUIRED, FAILING_BACK = "RECONCILE_REQUIRED", "FAILING_BACK"

#: Nothing has begun that hasn't ended. Which of the two holds follows from the active site, so that a pair whose roles people
#: have exchanged for good is READY again.
AT_REST = (READY, RECOVERY_ACTIVE)


class IllegalVerb(DrError):
    """The state of the pair doesn't allow what was asked for; ``legal`` lists the verbs that it allows."""

    def __init__(self, cause: str, *, legal: t.Sequence[str] = (), **known: str) -> None:
        super().__init__(cause, **known)
        self.legal = tuple(legal)


class Verb(t.NamedTuple):
    """``legal``: the states that it may begin in. ``running``: the state until it ends; empty where it leaves the state alone.
    ``end``: the state after it. A verb that needs ``both_sites`` is seen and locked on both, the other on the recovery site only."""

    name: str
    legal: tuple[str, ...]
    running: str
    end: str
    both_sites: bool = True


#: A verb that was interrupted is besides legal in its own running state, which it resumes. The unplanned failover interrupts others:
#: a disaster waits for nobody.
VERBS: t.Mapping[str, Verb] = {
    verb.name: verb
    for verb in (
        Verb("pre_dr", (READY,), "", READY),
        Verb("test_failover", (READY,), TESTING, READY),
        Verb("planned_failover", (READY,), FAILING_OVER, RECOVERY_ACTIVE),
        Verb("unplanned_failover", (READY, TESTING, FAILING_OVER, FAILING_BACK), FAILING_OVER, RECOVERY_ACTIVE, both_sites=False),
        Verb("failback", (RECOVERY_ACTIVE, RECONCILE_REQUIRED), FAILING_BACK, READY),
    )
}


class Record(t.NamedTuple):
    """What a site says of its pair. ``epoch`` grows with each change; ``since`` is RFC 3339; ``run`` and ``verb`` made the change."""

    state: str
    active: str
    epoch: int
    primary: str
    since: str
    run: str
    verb: str


class PairState(t.NamedTuple):
    """What the sites say together. ``active`` is empty when they contradict each other. ``why`` is a sentence for people.
    ``lagging``: sites that haven't got the newest record."""

    state: str
    active: str
    epoch: int
    primary: str
    since: str
    run: str
    verb: str
    why: str
    lagging: tuple[str, ...]


class Permission(t.NamedTuple):
    """A verb may go on. ``done``: the pair is where the verb leads, nothing is left to do; ``resumes``: the run that it continues."""

    done: bool
    resumes: str


def pair_state(records: t.Mapping[str, Record | None], primary: str, recovery: str) -> PairState:
    """The state of a pair from the records of the sites that were asked. A site without a record was never told anything: it
    believes what held in the beginning, that the primary is active."""
    known = {site: record for site, record in records.items() if record is not None}
    if not known:
        return PairState(READY, primary, 0, primary, "", "", "", "no site has a record of it: nothing was ever failed over with a record", ())
    last = max(known.values(), key=lambda record: record.epoch)
    lagging = tuple(sorted(site for site in records if known.get(site) != last))
    state = last.state
    if state in AT_REST:
        state = READY if last.active == primary else RECOVERY_ACTIVE
    found = PairState(state, *last[1:], _why(state, last), lagging)
    others = [site for site in lagging if site in known and known[site].epoch == last.epoch]
    if others:
        return found._replace(
            state=RECONCILE_REQUIRED,
            active="",
            why=f"both sites went on without each other: {'; '.join(f'{site} says {_said(record)}' for site, record in sorted(known.items()))}",
        )
    if last.active not in (primary, recovery):
        return found._replace(state=RECONCILE_REQUIRED, active="", why=f"the active site is said to be '{last.active}', which is no site of this pair")
    believers = [site for site in lagging if site != last.active and _believes(records[site], primary) == site]
    if state in AT_REST and believers:
        why = f"{last.active} is active since {last.since}, and {believers[0]} came back and still says that it is"
        return found._replace(state=RECONCILE_REQUIRED, why=why)
    return found


def permit(pair: PairState, verb: Verb, primary: str) -> Permission:
    """Whether the verb may begin or go on. Raises IllegalVerb with the reason and the verbs that are legal."""
    running = pair.state not in (*AT_REST, RECONCILE_REQUIRED)
    if running and pair.primary != primary:
        raise _illegal(pair, verb, primary, f"it was begun with {pair.primary} as the primary; give the sites the roles that they had")
    if verb.running and pair.state == verb.running and pair.verb == verb.name:
        return Permission(False, pair.run)
    if pair.epoch and pair.state == verb.end and verb.end not in verb.legal:
        return Permission(True, "")
    if verb.name in legal_verbs(pair, primary):
        return Permission(False, "")
    raise _illegal(pair, verb, primary, "")


def legal_verbs(pair: PairState, primary: str) -> list[str]:
    """The verbs that may begin or go on, in the order of the table."""
    if not pair.active or (pair.state not in (*AT_REST, RECONCILE_REQUIRED) and pair.primary != primary):
        return []
    found = []
    for verb in VERBS.values():
        resumes = pair.state == verb.running and pair.verb == verb.name
        # Without any record the workloads may have been moved by hand: the gate and the comparison of the sites judge then.
        unrecorded = verb.name == "failback" and not pair.epoch
        if pair.state in verb.legal or resumes or unrecorded:
            found.append(verb.name)
    return found


def begun(pair: PairState, verb: Verb, run: str, primary: str, now: str) -> Record | None:
    """The record while the verb runs; None where nothing has to be written because the record says so already, or never will."""
    if not verb.running:
        return None
    if pair.state == verb.running and pair.run == run:
        return newest(pair) if pair.lagging else None
    return Record(verb.running, pair.active, pair.epoch + 1, primary, now, run, verb.name)


def ended(pair: PairState, verb: Verb, run: str, sites: t.Mapping[str, str], now: str) -> Record:
    """The record after the verb. ``sites``: what holds the role "primary", and "recovery"."""
    active = {RECOVERY_ACTIVE: sites["recovery"], READY: sites["primary"]}[verb.end] if verb.name != "test_failover" else pair.active
    return Record(verb.end, active, pair.epoch + 1, sites["primary"], now, run, verb.name)


def newest(pair: PairState) -> Record:
    """The record that lagging sites have yet to get."""
    return Record(pair.state, pair.active, pair.epoch, pair.primary, pair.since, pair.run, pair.verb)


def _illegal(pair: PairState, verb: Verb, primary: str, reason: str) -> IllegalVerb:
    legal = ", ".join(name.replace("_", " ") for name in legal_verbs(pair, primary))
    if not pair.active:
        fix = "Find out which site runs the workloads, see to it that only one does, and declare it active with the module dr_state"
    else:
        fix = f"Legal now: {legal or 'nothing'}"
    why = f"{pair.why}; {reason}" if reason else pair.why
    return IllegalVerb(f"{verb.name.replace('_', ' ')} is not legal, the pair is {pair.state}: {why}", legal=legal_verbs(pair, primary), fix=fix)


def _why(state: str, record: Record) -> str:
    run = f"{record.verb.replace('_', ' ')} {record.run}"
    if state in AT_REST:
        return f"{record.active} is active since {record.since}, by {run}"
    return f"{run} was begun at {record.since} and has not ended"


def _said(record: Record) -> str:
    return f"{record.state} with {record.active} active (epoch {record.epoch}, {record.verb.replace('_', ' ')} {record.run})"


def _believes(record: Record | None, primary: str) -> str:
    return record.active if record else primary

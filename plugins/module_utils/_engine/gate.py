# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""May a failover or failback go ahead: the decision table, from facts that others gathered. Pure: asks nobody, reads no clock."""

from __future__ import annotations

import datetime
import typing as t

if t.TYPE_CHECKING:
    from .drill_leftovers import Leftover

UP, DOWN, CANNOT_TELL = "up", "down", "cannot_tell"
GO, GO_WITH_WAIVERS, NO_GO = "go", "go_with_waivers", "no_go"
OK, WAIVED, WARNING, PROBLEM = "ok", "waived", "warning", "problem"

PLANNED, UNPLANNED, TEST, FAILBACK, PRE_DR = "planned", "unplanned", "test", "failback", "pre_dr"

#: Reasons about recovery plans that a waiver may pass over: what is lost, or left behind, is then lost on purpose.
PLAN_WAIVABLE = ("PLAN_CANNOT_TELL", "PLAN_COPY_MISSING", "PLAN_COPY_OLD", "PLAN_NETWORK")
#: What a waiver may pass over. Everything else has to be put right.
WAIVABLE = (
    *("BASELINE_OLD", "BASELINE_AGE_UNKNOWN", "DRIFT_PRIMARY", "DRIFT_RECOVERY", "UNFINISHED_RUN", "PD_COPY_OLD"),
    *PLAN_WAIVABLE,
    *("TEST_VMS_LEFT", "TEST_NETWORK_SHARES_VPC", "TEST_VPC_LEADS_OUT", "VM_NOT_IN_BASELINE"),
)

# Names that a reason spells out; the drift playbook lists all.
_SHOWN = 5


class Answers(t.NamedTuple):
    """What a site said when it was asked several times: ``ok``, or the kind of failure (``refused``, ``timeout``, ``Unauthorized``).
    ``seen`` is how the other Prism Central sees it: CONNECTED, DISCONNECTED, PENDING, or empty when that is not known."""

    site: str
    tries: tuple[str, ...]
    seen: str = ""

    @property
    def state(self) -> str:
        """Up when the last try was answered. Down only when nothing listens on every try, or no try was answered and the other
        Prism Central has lost it too. Everything else says nothing."""
        if self.tries and self.tries[-1] == "ok":
            return UP
        if self.tries and all(word == "refused" for word in self.tries):
            return DOWN
        if self.tries and all(word in ("refused", "timeout") for word in self.tries) and self.seen == "DISCONNECTED":
            return DOWN
        return CANNOT_TELL

    def __str__(self) -> str:
        counts = {word: self.tries.count(word) for word in dict.fromkeys(self.tries)}
        told = ", ".join(f"{word} {count} of {len(self.tries)} times" for word, count in counts.items())
        return f"{self.site}: {told}" + (f"; the other site sees it {self.seen.lower()}" if self.seen else "")


class Waiver(t.NamedTuple):
    code: str
    by: str
    reason: str
    expires: datetime.date


class Reason(t.NamedTuple):
    """One thing that was looked at."""

    code: str
    status: str
    text: str
    fix: str = ""


class Facts(t.NamedTuple):
    """Everything that the decision hangs on. ``*_findings`` hold what is wrong, empty when all is well.

    ``baseline_age`` is in seconds since the baseline was last known to be equal to the primary, None when nobody knows;
    ``freshness_limit`` in seconds, None when the site map sets none. ``drift_*`` are verdicts of a comparison with the baseline,
    empty when it was not made; ``differing_*`` names the objects that differ. ``unfinished`` names runs that were begun and not closed.
    ``leftovers``: copies of test failovers that would be taken for workloads that have arrived; ``leftovers_unknown``: why that can't be told.
    """

    mode: str
    primary: Answers
    recovery: Answers
    baseline_given: bool = False
    baseline_findings: tuple[str, ...] = ()
    baseline_age: float | None = None
    freshness_limit: float | None = None
    map_findings: tuple[str, ...] = ()
    drift_primary: str = ""
    drift_recovery: str = ""
    differing_primary: tuple[str, ...] = ()
    differing_recovery: tuple[str, ...] = ()
    unfinished: tuple[str, ...] = ()
    leftovers: tuple[Leftover, ...] = ()
    leftovers_unknown: str = ""
    fenced: str = ""


def decide(facts: Facts, waivers: t.Sequence[Waiver], today: datetime.date) -> tuple[str, list[Reason]]:
    """The verdict and every reason for it."""
    reasons = [_recovery(facts), _primary(facts)]
    if facts.mode != PRE_DR:
        reasons += _map(facts) + _baseline(facts) + _age(facts)
    if facts.mode in (PLANNED, TEST):
        reasons += [
            _drift("PRIMARY", facts.primary.site, facts.drift_primary, facts.differing_primary),
            _drift("RECOVERY", facts.recovery.site, facts.drift_recovery, facts.differing_recovery),
        ]
    # What finishes an unfinished pre_dr or drill is the next one; what else is under way, the state of the pair tells them.
    reasons += [
        Reason("UNFINISHED_RUN", PROBLEM, f"run {run} was begun and not closed", "Look at its record, finish it by running it again, or waive this")
        for run in (() if facts.mode in (PRE_DR, TEST) else facts.unfinished)
    ]
    reasons = waive([*reasons, *_leftovers(facts)], waivers, today)
    return verdict_of(reasons), reasons


def verdict_of(reasons: t.Iterable[Reason]) -> str:
    statuses = {reason.status for reason in reasons}
    return NO_GO if PROBLEM in statuses else GO_WITH_WAIVERS if WAIVED in statuses else GO


def _recovery(facts: Facts) -> Reason:
    state = facts.recovery.state
    if state == UP:
        return Reason("RECOVERY_UP", OK, f"{facts.recovery.site} answers")
    return Reason(f"RECOVERY_{state.upper()}", PROBLEM, str(facts.recovery), "Nothing can be done without the recovery site; repair the access to it")


def _primary(facts: Facts) -> Reason:
    state, site = facts.primary.state, facts.primary.site
    if facts.mode != UNPLANNED:
        if state == UP:
            return Reason("PRIMARY_UP", OK, f"{site} answers")
        other = "; if the site is lost, use mode unplanned" if facts.mode == PLANNED else ""
        return Reason(f"PRIMARY_{state.upper()}", PROBLEM, str(facts.primary), f"This needs the primary; repair the access to it{other}")
    if state == DOWN and facts.primary.seen != "CONNECTED":
        return Reason("PRIMARY_DOWN", OK, str(facts.primary))
    code = {UP: "PRIMARY_ANSWERS", DOWN: "PRIMARY_VIEWS_DIFFER", CANNOT_TELL: "PRIMARY_CANNOT_TELL"}[state]
    if facts.fenced:
        return Reason(code, WAIVED, f"{facts.primary}; fenced: {facts.fenced}")
    fix = "Use mode planned" if state == UP else "Find out whether the site is dead"
    return Reason(code, PROBLEM, str(facts.primary), f"{fix}; or see to it that none of the workloads run there and say how in 'fenced'")


def _map(facts: Facts) -> list[Reason]:
    if not facts.map_findings:
        return [Reason("SITE_MAP_GOOD", OK, "the site map is good")]
    return [Reason("SITE_MAP_BROKEN", PROBLEM, finding, "Correct the site map") for finding in facts.map_findings]


def _baseline(facts: Facts) -> list[Reason]:
    if not facts.baseline_given:
        return [Reason("BASELINE_MISSING", PROBLEM, "no baseline was given", "Give the directory of the baseline")]
    if facts.baseline_findings:
        return [Reason("BASELINE_BROKEN", PROBLEM, finding, "Restore the baseline from git, or export again") for finding in facts.baseline_findings]
    return [Reason("BASELINE_INTACT", OK, "every file of the baseline is as it was exported")]


def _age(facts: Facts) -> list[Reason]:
    if facts.freshness_limit is None or facts.mode == FAILBACK or facts.baseline_findings or not facts.baseline_given:
        return []
    limit = _hours(facts.freshness_limit)
    fix = "Run pre_dr, or waive this with a name and a reason"
    if facts.baseline_age is None:
        return [Reason("BASELINE_AGE_UNKNOWN", PROBLEM, "no record tells when the baseline was last equal to the primary", fix)]
    age = _hours(facts.baseline_age)
    if facts.baseline_age > facts.freshness_limit:
        return [Reason("BASELINE_OLD", PROBLEM, f"the baseline was last equal to the primary {age} ago, {limit} are allowed", fix)]
    return [Reason("BASELINE_FRESH", OK, f"the baseline was equal to the primary {age} ago, {limit} are allowed")]


def _drift(which: str, site: str, verdict: str, differing: t.Sequence[str]) -> Reason:
    if verdict == "equal":
        return Reason(f"IN_SYNC_{which}", OK, f"{site} is as the baseline says")
    if verdict == "drift":
        shown = ", ".join(differing[:_SHOWN]) + (f" and {len(differing) - _SHOWN} more" if len(differing) > _SHOWN else "")
        return Reason(f"DRIFT_{which}", PROBLEM, f"{site} differs from the baseline in {shown}", "Look at it with the drift playbook and run pre_dr")
    return Reason(f"SYNC_CANNOT_TELL_{which}", PROBLEM, f"whether {site} is as the baseline says could not be found out", "Repair what hinders the comparison")


def _leftovers(facts: Facts) -> t.Iterator[Reason]:
    site = facts.primary.site if facts.mode == FAILBACK else facts.recovery.site
    for left in facts.leftovers:
        text = f"{', '.join(left.vms)} on {site} are copies that test failover {left.job} left, and would be taken for workloads that have arrived"
        fix = f"Remove them: recovery_run with plan: {left.plan} and action: clean_up. Waive this if these names don't matter"
        yield Reason("TEST_VMS_LEFT", PROBLEM, text, fix)
    if facts.leftovers_unknown:
        text = f"whether test failovers left copies on {site} can't be told: {facts.leftovers_unknown}"
        yield Reason("TEST_VMS_CANNOT_TELL", WARNING, text, "Look whether the workloads that arrive are the ones that were moved")


def waive(reasons: t.Sequence[Reason], waivers: t.Sequence[Waiver], today: datetime.date, waivable: t.Collection[str] = WAIVABLE) -> list[Reason]:
    """The reasons, those that a valid waiver passes over marked so, and what is wrong with the waivers themselves."""
    valid = {waiver.code: waiver for waiver in waivers if waiver.code in waivable and waiver.expires >= today}
    found: list[Reason] = []
    for reason in reasons:
        waiver = valid.get(reason.code)
        if reason.status == PROBLEM and waiver is not None:
            told = f"{reason.text}; waived by {waiver.by} until {waiver.expires.isoformat()}: {waiver.reason}"
            reason = Reason(reason.code, WAIVED, told)
        found.append(reason)
    for waiver in waivers:
        if waiver.code not in {*waivable, *(reason.code for reason in reasons)}:
            # It may be about what the validation of a recovery plan finds, whose codes only the Prism Central knows.
            found.append(Reason("WAIVER_UNUSED", WARNING, f"nothing here is called {waiver.code}", f"Can be waived: {', '.join(waivable)}"))
        elif waiver.code not in waivable:
            found.append(Reason("WAIVER_UNKNOWN", PROBLEM, f"{waiver.code} can't be waived", f"These can: {', '.join(waivable)}"))
        elif waiver.expires < today:
            found.append(Reason("WAIVER_EXPIRED", WARNING, f"the waiver of {waiver.code} by {waiver.by} ended on {waiver.expires.isoformat()}"))
    return found


def _hours(seconds: float) -> str:
    return f"{seconds / 3600:.1f} hours"

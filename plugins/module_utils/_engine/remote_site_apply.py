# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Carries out a plan for remote sites and waits for what follows: the relationship, or that a site is gone. Decides nothing that the plan didn't.

A site is made by two calls, for maps need a peer that answers. A change is written into what was just read, and read again
afterwards; there is no ETag. Whatever a call answered, what counts is what is read then.
"""

from __future__ import annotations

import typing as t

from .._errors import CANNOT_TELL, Conflict, ConnectionFailed, DeadlineExceeded, DrError, Forbidden, RateLimited, ServerError, Unauthorized
from .._model.encode import encode
from .._model.entity import Canonical, merge
from .._prism.remote_sites import create_remote_site, delete_remote_site, replace_remote_site
from .outcome import DONE, FAILED, Outcome
from .plan import CREATE, DELETE, Plan, Step
from .remote_site_checks import check_peer_containers
from .remote_sites import KIND, RemoteSite, RemoteSites

# What the first of the two calls of a create leaves to the second.
SECOND_CALL = ("bandwidth_policy", "network_map", "vstore_map")
# Writes of one site before we give up: somebody else may be at it, or an answer may get lost.
_WRITES = 3
# Seconds between two looks: the first ones are quick, for most things take a moment only.
_SHORTEST_PAUSE, _LONGEST_PAUSE = 0.5, 5.0

# What may be over when we look again.
_TRANSIENT = (ConnectionFailed, ServerError, RateLimited, DeadlineExceeded)

_HINTS = {
    "unreachable": "Check the addresses, and that port 2020 of the peer's virtual IP and all its CVMs is open from all CVMs here",
    "handshaking": "Make the half on the peer that leads back; if it is there, give it time and run again",
    "not_established": "Make the half on the peer that leads back; if it is there, check ports 2009 and 2020 both ways, "
    "and whether the peer was built anew since this half was made",
}


def apply_remote_sites(plan: Plan, sites: RemoteSites, *, wait: float) -> tuple[list[Outcome], dict[str, list[str]]]:
    """Do the steps in order, one after the other. Returns one outcome per step, and by name the fields that are still to be written
    because the relationship doesn't stand and ``wait`` (seconds) is 0."""
    outcomes: list[Outcome] = []
    pending: dict[str, list[str]] = {}
    for step in plan.steps:
        try:
            if step.verb == DELETE:
                _delete(step, sites)
            else:
                left = _write(step, sites, wait)
                if left:
                    pending[step.name] = left
        except DrError as error:
            outcomes.append(Outcome(step, FAILED, error.about(verb=step.verb, kind=KIND, name=step.name, site=sites.label)))
        else:
            outcomes.append(Outcome(step, DONE))
    return outcomes, pending


def wait_until_it_stands(sites: RemoteSites, name: str, wait: float) -> RemoteSite:
    """The site once its relationship is established. Raises DeadlineExceeded with the last state and what to look at, NotRepresentable."""
    last: RemoteSite | None = None
    for found in _looks(sites, name, wait):
        if found is None:
            raise _gone(sites, name)
        last = found
        if found.stands:
            return found
    state = last.status if last else "unknown"
    raise DeadlineExceeded(
        f"the relationship is not established after {wait:g} s; its state: {state}",
        verb="wait for",
        kind=KIND,
        name=name,
        site=sites.label,
        fix=_HINTS.get(state, "Look at it in Prism, then run again"),
    )


def wait_until_gone(sites: RemoteSites, name: str, wait: float) -> None:
    """Until a site that is marked for removal is not listed any more. Raises DeadlineExceeded."""
    for found in _looks(sites, name, wait):
        if found is None or not found.marked_for_removal:
            return
    raise DeadlineExceeded(
        f"it is marked for removal, and still there after {wait:g} s",
        verb="delete",
        kind=KIND,
        name=name,
        site=sites.label,
        fix="Look for schedules and replications that still use it, then run again",
    )


def _write(step: Step, sites: RemoteSites, wait: float) -> list[str]:
    """Create or update one site; the fields that are left because its peer doesn't answer yet."""
    expected = step.before or {}
    if step.verb == CREATE:
        expected = {field: value for field, value in (step.after or {}).items() if field not in SECOND_CALL}
        _create(step, expected, sites)
    return _bring(step, expected, sites, wait)


def _create(step: Step, first: Canonical, sites: RemoteSites) -> None:
    """The first of the two calls. One that failed is settled by looking for the name."""
    try:
        create_remote_site(sites.element, encode(sites.entity, first, sites.directory))
    except (Unauthorized, Forbidden):
        raise
    except DrError as error:
        found = _look_for(sites, step.name, error)
        if found.held.canonical.get("addresses") != first["addresses"]:
            raise Conflict("a remote site of this name appeared with other addresses", fix="Run again to plan with it") from error


def _bring(step: Step, expected: Canonical, sites: RemoteSites, wait: float) -> list[str]:
    """Write until what is read is as wanted. ``expected`` is what the plan saw: a field that is to be changed and that somebody else has
    changed since is a Conflict, for the plan didn't say so; what isn't mentioned is kept as it is now."""
    known = [expected]
    failed: DrError | None = None
    changing: list[str] = []
    for number in range(_WRITES):
        found = _read_back(sites, step.name, failed)
        if step.verb == CREATE and number == 0:
            known.append(found.held.canonical)  # a cluster may make a site with other values than it was told
        wanted, left = dict(step.wanted or {}), []
        if _adds_vstores(found, wanted) and not found.stands:
            if wait:
                found = wait_until_it_stands(sites, step.name, wait)
            else:
                left = ["vstore_map"]
                del wanted["vstore_map"]
        before, after = found.held.canonical, merge(sites.entity, found.held.canonical, wanted)
        if after == before:
            return left
        _check_may_be_repeated(failed)
        changing = [field for field in wanted if before.get(field) != after.get(field)]
        _check_unchanged(changing, known, before)
        if found.peer_containers is not None:
            check_peer_containers(step.name, before.get("vstore_map", {}), after.get("vstore_map", {}), found.peer_containers, site=sites.label)
        failed = _replace(sites, found, before, after)
        known = [before, after]
    if failed is not None:
        raise failed
    raise Conflict(
        f"{', '.join(changing)} is not as it was written, after {_WRITES} writes: somebody else is changing it, or the cluster does not keep it",
        fix="Look at it in Prism, then run again",
    )


def _replace(sites: RemoteSites, found: RemoteSite, before: Canonical, after: Canonical) -> DrError | None:
    """One write, and why it may not have been made."""
    old, new = (encode(sites.entity, canonical, sites.directory) for canonical in (before, after))
    try:
        replace_remote_site(sites.element, found.body, old, new)
    except DrError as error:
        if _may_be_repeated(error):
            sites.element.sleep(_SHORTEST_PAUSE)
        return error
    return None


def _may_be_repeated(error: DrError) -> bool:
    """A leader that moves or a connection that breaks; not a no, which comes as 500 as well as 4xx."""
    return isinstance(error, _TRANSIENT) and not (isinstance(error, ServerError) and error.status == 500)


def _check_may_be_repeated(failed: DrError | None) -> None:
    if failed is None or _may_be_repeated(failed):
        return
    failed.outcome_unknown = False
    raise failed


def _read_back(sites: RemoteSites, name: str, failed: DrError | None) -> RemoteSite:
    """The site as it is now. Where that can't be told, the write that failed before is what there is to say."""
    try:
        found = sites.one(name)
    except CANNOT_TELL:
        if failed is None:
            raise
        raise failed from None
    if found is None or found.marked_for_removal:
        raise _gone(sites, name)
    return found


def _check_unchanged(changing: t.Sequence[str], known: t.Sequence[Canonical], now: Canonical) -> None:
    """What is to be changed must be as we knew it (before or after a write of ours whose answer was lost)."""
    fields = [field for field in changing if all(now.get(field) != one.get(field) for one in known)]
    if fields:
        raise Conflict(f"somebody changed {', '.join(fields)} since the plan was made", fix="Look at the change and run again")


def _delete(step: Step, sites: RemoteSites) -> None:
    try:
        delete_remote_site(sites.element, step.name)
    except DrError as error:
        found = sites.one(step.name)
        if found is not None and not found.marked_for_removal:
            error.outcome_unknown = False
            raise


def _adds_vstores(found: RemoteSite, wanted: Canonical) -> bool:
    held = found.held.canonical.get("vstore_map", {})
    return any(held.get(local) != remote for local, remote in (wanted.get("vstore_map") or {}).items())


def _gone(sites: RemoteSites, name: str) -> Conflict:
    return Conflict("somebody deleted it meanwhile", kind=KIND, name=name, site=sites.label, fix="Run again")


def _look_for(sites: RemoteSites, name: str, error: DrError) -> RemoteSite:
    """The site that a failed call made all the same. Raises ``error`` when it didn't."""
    answered = True
    try:
        for found in _looks(sites, name, 2 * _SHORTEST_PAUSE):
            if found is not None:
                return found
    except CANNOT_TELL:
        answered = False
    error.outcome_unknown = error.outcome_unknown and not answered
    raise error


def _looks(sites: RemoteSites, name: str, seconds: float) -> t.Iterator[RemoteSite | None]:
    """The site as it is now, again and again until the time is up; at least once. A look that got no answer is left out."""
    clock, pause = sites.element.clock, _SHORTEST_PAUSE
    deadline = clock() + seconds
    while True:
        try:
            yield sites.one(name)
        except _TRANSIENT:
            if clock() >= deadline:
                raise
        left = deadline - clock()
        if left <= 0:
            return
        sites.element.sleep(min(pause, left))
        pause = min(pause * 1.5, _LONGEST_PAUSE)

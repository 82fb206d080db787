# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Schedules of protection domains and out-of-band snapshots (contract/element section 4.3)."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from prismsim.element import snapshots
from prismsim.element.agenda import Facts, action
from prismsim.element.calendar import TYPES, next_strike
from prismsim.element.cluster import Cluster
from prismsim.element.errors import broken_rule, malformed, unknown
from prismsim.element.fabric import Fabric
from prismsim.element.protection_domains import active_domain, domain_named, shown_schedule
from prismsim.element.routes import Call, route
from prismsim.objects import Document, Record

_SETTABLE: dict[str, Any] = {
    "type": "DAILY", "values": None, "every_nth": 1, "user_start_time_in_usecs": None, "start_times_in_usecs": None,
    "end_time_in_usecs": None, "duration_in_usecs": None, "timezone_offset": 0, "retention_policy": {}, "app_consistent": False,
    "suspended": False, "rollup_schedule_uuid": None,
}  # fmt: skip
_RETENTION: dict[str, Any] = {
    "local_max_snapshots": None, "remote_max_snapshots": None, "local_retention_period": None, "remote_retention_period": None,
    "local_retention_type": None, "remote_retention_type": None,
}  # fmt: skip
_OOB: dict[str, Any] = {
    "app_consistent": False, "remote_site_names": [], "schedule_start_time_usecs": None, "snapshot_retention_time_secs": None,
}  # fmt: skip
_DAY = 86400
_PERIODS = {"DAYS": _DAY, "WEEKS": 7 * _DAY, "MONTHS": 30 * _DAY}


def add(fabric: Fabric, cluster: Cluster, domain: Record, members: Document, schedule_id: str | None = None) -> Document:
    """Add a schedule, or replace the one of this id. Raises ElementError for what cannot be."""
    schedule = _checked(fabric, cluster, members)
    name = domain.document["name"]
    schedule = {"pd_name": name, "id": schedule_id or str(uuid4()), **schedule, "_stamp": cluster.next_id()}
    others = [other for other in domain.document["cron_schedules"] if other["id"] != schedule["id"]]
    cluster.change(domain, cron_schedules=[*others, schedule])
    _plan(fabric, cluster, name, schedule)
    return schedule


def _checked(fabric: Fabric, cluster: Cluster, members: Document) -> Document:
    schedule = {key: default if members.get(key) is None else members[key] for key, default in _SETTABLE.items()}
    if schedule["type"] not in TYPES:
        raise malformed(f"Unknown schedule type {schedule['type']}")
    policy = schedule["retention_policy"]
    if not isinstance(policy, dict) or set(policy) - set(_RETENTION):
        raise malformed("retention_policy is not one")
    schedule["retention_policy"] = {**_RETENTION, **policy}
    for site in schedule["retention_policy"]["remote_max_snapshots"] or {}:
        if cluster.named("remote_site", site) is None:
            raise broken_rule(cluster.switches, f"Remote site {site} does not exist")
    if schedule["user_start_time_in_usecs"] is None:
        schedule["user_start_time_in_usecs"] = fabric.now_usecs()
    schedule["start_times_in_usecs"] = schedule["start_times_in_usecs"] or [schedule["user_start_time_in_usecs"]]
    schedule["_next"] = next_strike(schedule, fabric.now_usecs())
    return schedule


def _plan(fabric: Fabric, cluster: Cluster, domain: str, schedule: Document) -> None:
    if schedule["_next"] is not None:
        after = schedule["_next"] / 1_000_000 - fabric.agenda.now()
        facts = {"cluster": cluster.id, "domain": domain, "schedule": schedule["id"], "stamp": schedule["_stamp"]}
        fabric.agenda.add(after, "schedule", **facts)


@action("schedule")
def _strike(fabric: Fabric, facts: Facts) -> None:
    cluster = fabric.clusters[facts["cluster"]]
    domain = cluster.named("protection_domain", facts["domain"])
    schedules = domain.document["cron_schedules"] if domain else []
    schedule = next((s for s in schedules if (s["id"], s["_stamp"]) == (facts["schedule"], facts["stamp"])), None)
    if domain is None or schedule is None:
        return
    following = {**schedule, "_next": next_strike(schedule, fabric.now_usecs())}
    domain = cluster.change(domain, cron_schedules=[following if s is schedule else s for s in schedules])
    _plan(fabric, cluster, facts["domain"], following)
    idle = domain.document["marked_for_removal"] or domain.document["pending"] is not None
    if domain.document["active"] and not schedule["suspended"] and not idle:
        policy = schedule["retention_policy"]
        period = (policy["local_retention_period"] or 0) * _PERIODS.get(policy["local_retention_type"] or "", 0)
        limits = {"local": policy["local_max_snapshots"], **{f"to {site}": n for site, n in (policy["remote_max_snapshots"] or {}).items()}}
        remotes = list(policy["remote_max_snapshots"] or {})
        snapshots.take(fabric, cluster, domain, remotes, expires_after=period or None, schedule=schedule["id"], limits=limits)


@route("GET", "protection_domains/{name}/schedules")
def _list(call: Call) -> list[Document]:
    domain = domain_named(call.cluster, call.params["name"])
    return [shown_schedule(schedule) for schedule in domain.document["cron_schedules"]]


@route("POST", "protection_domains/{name}/schedules")
def _post(call: Call) -> Document:
    members = call.members({"pd_name", "id", *_SETTABLE})
    domain = active_domain(call.cluster, call.params["name"])
    return shown_schedule(add(call.fabric, call.cluster, domain, members))


@route("DELETE", "protection_domains/{name}/schedules")
def _clear(call: Call) -> Document:
    call.cluster.change(domain_named(call.cluster, call.params["name"]), cron_schedules=[])
    return {"value": True}


@route("PUT", "protection_domains/{name}/schedules/{id}")
def _put(call: Call) -> Document:
    domain = domain_named(call.cluster, call.params["name"])
    _find(call, domain)
    return shown_schedule(add(call.fabric, call.cluster, domain, call.members({"pd_name", "id", *_SETTABLE}), call.params["id"]))


@route("DELETE", "protection_domains/{name}/schedules/{id}")
def _delete(call: Call) -> Document:
    domain = domain_named(call.cluster, call.params["name"])
    gone = _find(call, domain)
    call.cluster.change(domain, cron_schedules=[s for s in domain.document["cron_schedules"] if s is not gone])
    return {"value": True}


def _find(call: Call, domain: Record) -> Document:
    for schedule in domain.document["cron_schedules"]:
        if schedule["id"] == call.params["id"]:
            found: Document = schedule
            return found
    raise unknown(call.cluster.switches, "Schedule", call.params["id"])


@route("POST", "protection_domains/{name}/schedules/{id}/retention_policies")
def _set_retention(call: Call) -> Document:
    return _with_retention(call, call.members(_RETENTION))


@route("DELETE", "protection_domains/{name}/schedules/{id}/retention_policies")
def _clear_retention(call: Call) -> Document:
    return _with_retention(call, {})


def _with_retention(call: Call, policy: Document) -> Document:
    domain = domain_named(call.cluster, call.params["name"])
    schedule = {**_find(call, domain), "retention_policy": policy}
    return shown_schedule(add(call.fabric, call.cluster, domain, schedule, call.params["id"]))


@route("GET", "protection_domains/oob_schedules")
def _all_oob(call: Call) -> list[Document]:
    return [_oob_list(domain) for domain in call.cluster.objects.all("protection_domain") if domain.document["oob"]]


@route("GET", "protection_domains/{name}/oob_schedules")
def _oob(call: Call) -> list[Document]:
    domain = domain_named(call.cluster, call.params["name"])
    return [_oob_list(domain)] if domain.document["oob"] else []


def _oob_list(domain: Record) -> Document:
    return {"pd_name": domain.document["name"], "schedule_map": domain.document["oob"]}


@route("POST", "protection_domains/{name}/oob_schedules")
def _post_oob(call: Call) -> Document:
    members = call.members({"schedule_id", *_OOB})
    domain = active_domain(call.cluster, call.params["name"])
    schedule = {key: default if members.get(key) is None else members[key] for key, default in _OOB.items()}
    for site in schedule["remote_site_names"]:
        if call.cluster.named("remote_site", site) is None:
            raise broken_rule(call.cluster.switches, f"Remote site {site} does not exist")
    now = call.fabric.now_usecs()
    schedule = {"schedule_id": call.cluster.next_id(), **schedule}
    schedule["schedule_start_time_usecs"] = schedule["schedule_start_time_usecs"] or now
    number = str(schedule["schedule_id"])
    call.cluster.change(domain, oob={**domain.document["oob"], number: schedule})
    after = max(0.0, (schedule["schedule_start_time_usecs"] - now) / 1_000_000)
    call.fabric.agenda.add(after, "out-of-band snapshot", cluster=call.cluster.id, domain=call.params["name"], number=number)
    return schedule


@route("DELETE", "protection_domains/{name}/oob_schedules/{id}")
def _delete_oob(call: Call) -> Document:
    domain = domain_named(call.cluster, call.params["name"])
    if call.params["id"] not in domain.document["oob"]:
        raise unknown(call.cluster.switches, "Out-of-band schedule", call.params["id"])
    call.cluster.change(domain, oob={number: s for number, s in domain.document["oob"].items() if number != call.params["id"]})
    return {"value": True}


@action("out-of-band snapshot")
def _strike_oob(fabric: Fabric, facts: Facts) -> None:
    cluster = fabric.clusters[facts["cluster"]]
    domain = cluster.named("protection_domain", facts["domain"])
    if domain is None or facts["number"] not in domain.document["oob"] or not domain.document["active"]:
        return
    left = dict(domain.document["oob"])
    schedule = left.pop(facts["number"])
    domain = cluster.change(domain, oob=left)
    keep = schedule["snapshot_retention_time_secs"]
    snapshots.take(fabric, cluster, domain, schedule["remote_site_names"], expires_after=keep, oob=[schedule["schedule_id"]])

# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How fast a cluster may send to a peer: the slowest of link, bandwidth policy and older limit. Writes nothing."""

from __future__ import annotations

from datetime import datetime, timezone

from prismsim.element.cluster import Cluster
from prismsim.element.fabric import Fabric
from prismsim.objects import Document

_MEGABYTE = 1_000_000


def bytes_per_second(fabric: Fabric, cluster: Cluster, peer: Cluster, site: Document) -> float | None:
    """The speed of replications to a remote site, None when nothing limits it."""
    link = fabric.links.get(cluster.id, peer.id).megabytes_per_second
    unit = _MEGABYTE if cluster.switches.element_bandwidth_in_megabytes else 1
    policy = _policy_limit(site["bandwidth_policy"], fabric.agenda.now()) if site["bandwidth_policy_enabled"] else None
    limits = [
        link * _MEGABYTE if link else None,
        float(policy * unit) if policy else None,
        float(site["max_bps"]) if site["max_bps"] else None,
    ]
    return min((limit for limit in limits if limit), default=None)


def _policy_limit(policy: Document | None, now: float) -> int | None:
    """The limit of the window in force (milliseconds of the day; bit 0 of the days is Sunday), else the default."""
    if policy is None:
        return None
    moment = datetime.fromtimestamp(now, timezone.utc)
    of_day = (moment.hour * 3600 + moment.minute * 60 + moment.second) * 1000
    day = 1 << (moment.isoweekday() % 7)
    for window in policy["bandwidth_configurations"]:
        if window["days_selected"] & day and window["start_time"] <= of_day < window["end_time"]:
            limit: int = window["bandwidth_limit"]
            return limit
    default: int | None = policy["default_bandwidth_limit"]
    return default

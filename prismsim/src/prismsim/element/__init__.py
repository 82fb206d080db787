# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Prism Element, v1 and v2.0: what a cluster itself answers (contract/element).

Importing the package registers all routes and actions.
"""

from __future__ import annotations

from prismsim.element import (
    clusters,
    containers,
    failover,
    members,
    notices,
    progress,
    protection_domains,
    remote_sites,
    replication,
    schedules,
    snapshots,
    tasks,
    traffic,
    vms,
    volume_groups,
    vstores,
)

__all__ = [
    "clusters",
    "containers",
    "failover",
    "members",
    "notices",
    "progress",
    "protection_domains",
    "remote_sites",
    "replication",
    "schedules",
    "snapshots",
    "tasks",
    "traffic",
    "vms",
    "volume_groups",
    "vstores",
]

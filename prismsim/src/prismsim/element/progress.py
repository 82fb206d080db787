# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Progress monitors: how v1 shows work on protection domains, which has no tasks (contract/element section 4.6)."""

from __future__ import annotations

from prismsim.element.cluster import Cluster
from prismsim.element.fabric import Fabric
from prismsim.element.routes import Call, Collection, route
from prismsim.objects import Document, Record


def begin(fabric: Fabric, cluster: Cluster, operation: str, domain: str) -> Record:
    """Show that work on a protection domain began; ``operation`` is ``activate`` or ``deactivate``."""
    return cluster.put("progress_monitor", {"operation": operation, "domain": domain, "created": fabric.now_usecs(), "status": "running"})


def end(cluster: Cluster, operation: str, domain: str, status: str = "succeeded") -> None:
    """Show how it ended; ``status`` is ``succeeded`` or ``failed``."""
    for record in list(cluster.objects.all("progress_monitor")):
        found = (record.document["operation"], record.document["domain"], record.document["status"])
        if found == (operation, domain, "running"):
            cluster.change(record, status=status)


@route("GET", "progress_monitors")
def _list(call: Call) -> Collection:
    return Collection([_render(record.document) for record in call.cluster.objects.all("progress_monitor")], bare=False)


def _render(document: Document) -> Document:
    return {
        "operation": document["operation"],
        "task_name": f"{document['operation']}-{document['domain']}",
        "create_time_usecs": document["created"],
        "percentage_completed": 0 if document["status"] == "running" else 100,
        "status": document["status"],
        "error_code": 1 if document["status"] == "failed" else 0,
    }

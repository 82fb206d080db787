# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Clusters and storage containers (contract/v4 section 14): read only."""

from __future__ import annotations

from prismsim.crud import Resource, register
from prismsim.objects import Document, Record
from prismsim.site import Site


def _derive_cluster(site: Site, record: Record) -> Document:
    if "PRISM_CENTRAL" in record.document["config"]["clusterFunction"]:
        return {}
    return {"vmCount": len(site.objects.users(record.id, "vm"))}


CLUSTER = Resource(
    "clustermgmt", "cluster", "clusters", "cluster", "clustermgmt.v4.config.Cluster", "clustermgmt:config:cluster",
    "cluster", derive=_derive_cluster,
)  # fmt: skip
STORAGE_CONTAINER = Resource(
    "clustermgmt", "storage_container", "storage_containers", "storage_container",
    "clustermgmt.v4.config.StorageContainer", "clustermgmt:config:storage-container", "storage container",
    names_are_unique=False,
)  # fmt: skip

register(CLUSTER, "list get")
register(STORAGE_CONTAINER, "list get")

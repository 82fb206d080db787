# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Prism Element of a cluster keeps, by kind and name, as v2.0 shows it. For the control API."""

from __future__ import annotations

from prismsim.element import protection_domains, remote_sites
from prismsim.element.cluster import Cluster
from prismsim.element.fabric import Fabric
from prismsim.objects import Document


def survey(fabric: Fabric, cluster: Cluster) -> dict[str, Document]:
    """``{kind: {name: document}}`` of remote sites and protection domains; VMs and containers are the site's."""
    sites, domains = list(cluster.objects.all("remote_site")), cluster.objects.all("protection_domain")
    return {
        "remote_site": {record.document["name"]: remote_sites.render(fabric, cluster, record) for record in sites},
        "protection_domain": {record.document["name"]: protection_domains.render(cluster, record) for record in domains},
    }

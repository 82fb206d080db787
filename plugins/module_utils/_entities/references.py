# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Objects that are only referred to, never written: where a site lists them (contract/v4 13, 14)."""

from __future__ import annotations

import typing as t

from .._model.form import Minor


class ReferenceKind(t.NamedTuple):
    """``kind`` is our word; ``namespace`` and ``path`` are where the v4 API lists it, from minor ``since`` on.

    ``owners`` are the properties whose object qualifies a name that occurs twice, with the kind of that object; these
    kinds must be in the directory first.
    """

    kind: str
    namespace: str
    path: str
    since: Minor = (4, 0)
    owners: tuple[tuple[str, str], ...] = ()


REFERENCE_KINDS: dict[str, ReferenceKind] = {
    one.kind: one
    for one in (
        ReferenceKind("cluster", "clustermgmt", "config/clusters"),
        ReferenceKind("vpc", "networking", "config/vpcs"),
        ReferenceKind("subnet", "networking", "config/subnets", owners=(("vpcReference", "vpc"), ("clusterReference", "cluster"))),
        ReferenceKind("network_function", "networking", "config/network-functions", since=(4, 1)),
        ReferenceKind("vm", "vmm", "ahv/config/vms"),
        # Known to a RecoverySite only, which lists what is at other Prism Centrals too; those are called PRISM CENTRAL/NAME.
        ReferenceKind("prism_central", "prism", "config/domain-managers"),
        ReferenceKind("location_cluster", "clustermgmt", "config/clusters"),
        ReferenceKind("location_subnet", "networking", "config/subnets"),
        ReferenceKind("vpc_of_subnet", "networking", "config/vpcs"),
        ReferenceKind("recoverable_vm", "vmm", "ahv/config/vms"),
    )
}

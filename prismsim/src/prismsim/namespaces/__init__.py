# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The handlers of each API namespace; importing them fills the registry."""

from __future__ import annotations

from prismsim.namespaces import (
    clustermgmt,
    datapolicies,
    microseg,
    networking,
    prism,
    prism_operations,
    protected_resources,
    protection_policies,
    recovery_jobs,
    recovery_plans,
    recovery_points,
    transfer,
    vmm,
)

__all__ = [
    "clustermgmt",
    "datapolicies",
    "microseg",
    "networking",
    "prism",
    "prism_operations",
    "protected_resources",
    "protection_policies",
    "recovery_jobs",
    "recovery_plans",
    "recovery_points",
    "transfer",
    "vmm",
]

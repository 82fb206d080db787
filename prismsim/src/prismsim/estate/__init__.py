# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The world a prismsim process starts from: the estate format, its loader and its generator; see estate.schema.json."""

from __future__ import annotations

from prismsim.estate.load import load
from prismsim.estate.model import (
    Availability,
    Body,
    Category,
    Cluster,
    EntitySync,
    Estate,
    NetworkFunction,
    Nic,
    PrismCentral,
    Site,
    Subnet,
    Vm,
    Vpc,
)
from prismsim.estate.problems import EstateError
from prismsim.estate.references import KINDS, is_reference, object_id, resolve, split

__all__ = [
    "KINDS",
    "Availability",
    "Body",
    "Category",
    "Cluster",
    "EntitySync",
    "Estate",
    "EstateError",
    "NetworkFunction",
    "Nic",
    "PrismCentral",
    "Site",
    "Subnet",
    "Vm",
    "Vpc",
    "is_reference",
    "load",
    "object_id",
    "resolve",
    "split",
]

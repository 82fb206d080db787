# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The service group: named protocols and ports. Knows its table only (contract/v4 section 9.7)."""

from __future__ import annotations

from .._model.codec_services import ServiceLists
from .._model.entity import Entity
from .._model.form_services import Services
from .._model.struct import Field
from .common import TIMES, all_projects_field, description_field, name_field

SERVICE_GROUP = Entity(
    kind="service_group",
    plural="service_groups",
    namespace="microseg",
    path="config/service-groups",
    object_type="microseg.v4.config.ServiceGroup",
    fields=(
        name_field(64),
        description_field(1000),
        Field("services", Services(plain=True), ServiceLists(), required=True, absent=[]),
        all_projects_field(),
    ),
    server_made=("policyReferences", "createdBy", *TIMES),
    site_owned=("projectExtId",),
    system_property="isSystemDefined",
)

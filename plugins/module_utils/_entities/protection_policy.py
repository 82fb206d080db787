# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The protection policy: what is replicated between which locations, how often, and kept how long. Its table (contract/v4 section 11.1)."""

from __future__ import annotations

from .._model.codec import Property
from .._model.codec_categories import AnyOfCategories
from .._model.entity import Entity
from .._model.form import Text
from .._model.form_categories import Categories
from .._model.struct import Field
from .protection_checks import check_directions, check_locations, check_not_paused, check_schedules
from .protection_locations import LOCATIONS, LocationsCodec
from .protection_schedules import SCHEDULES, SchedulesCodec, keep_schedule_ids

PROTECTION_POLICY = Entity(
    kind="protection_policy",
    plural="protection_policies",
    namespace="datapolicies",
    path="config/protection-policies",
    object_type="datapolicies.v4.config.ProtectionPolicy",
    fields=(
        Field("name", Text(longest=256), Property("name"), required=True),
        Field("description", Text(longest=1000), Property("description"), absent=""),
        Field("categories", Categories(), AnyOfCategories("categoryIds"), absent={}),
        Field("locations", LOCATIONS, LocationsCodec(), required=True, absent=[]),
        Field("schedules", SCHEDULES, SchedulesCodec(), required=True, absent=[]),
    ),
    server_made=("ownerExtId",),
    site_owned=("isApprovalPolicyNeeded",),
    refers_to=("category", "prism_central", "location_cluster"),
    checks=(check_locations, check_directions, check_schedules),
    checks_of_new=(check_not_paused,),
    carry=keep_schedule_ids,
)

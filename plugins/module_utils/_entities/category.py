# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The category: one key and value. Knows its table only (contract/v4 section 10.1)."""

from __future__ import annotations

from .._model.codec import Property
from .._model.entity import Entity
from .._model.form import Flag, Text
from .._model.struct import Field

# The strictest pattern (4.2); what 4.0 allowed beyond it can still be read, since reading checks no pattern.
_PATTERN = r"^[^$\/,!\"#%'()*+:;=?\\|\[\]^&][^\/,!\"#%'()*+:;=?\\|\[\]^&]{0,63}$"
_ALLOWED = "no / , ! \" # % ' ( ) * + : ; = ? \\ | [ ] ^ &, and no $ in front"

CATEGORY = Entity(
    kind="category",
    plural="categories",
    namespace="prism",
    path="config/categories",
    object_type="prism.v4.config.Category",
    relation="",
    key=("key", "value"),
    synchronous=True,
    fields=(
        Field(
            "key",
            Text(longest=64, pattern=_PATTERN, allowed=_ALLOWED, exact=True),
            Property("key", exact=True),
            required=True,
            immutable=True,
        ),
        Field(
            "value",
            Text(longest=64, pattern=_PATTERN, allowed=_ALLOWED, exact=True),
            Property("value", exact=True),
            required=True,
            immutable=True,
        ),
        Field("description", Text(longest=512), Property("description"), absent=""),
        Field("all_projects", Flag(), Property("isSharedWithAllProjects"), since=(4, 4), absent=False),
    ),
    server_made=("associations", "detailedAssociations"),
    site_owned=("ownerUuid", "projectExtId", "sharedWithProjects"),
    system_property="type",
    system_values=("SYSTEM", "INTERNAL"),
)

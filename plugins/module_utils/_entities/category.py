# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The category: one key and value. Knows its table only (contract/v4 section 10.1)."""

from __future__ import annotations

from .._model.codec import Property
from .._model.entity import Canonical, Entity
from .._model.form import Flag, Minor, Text
from .._model.problems import Problems
from .._model.struct import Field

#: Keys that begin so are the collection's own bookkeeping on a site (see ``_engine/marks.py``), nobody's categories.
RESERVED = "nutanix_flow.dr "


# What the server refuses in a key or value, from which minor on, as (first character, any character).
def _check(canonical: Canonical, where: str, minor: Minor | None, problems: Problems) -> None:
    # Imported here: only a run that writes checks.
    from .category_checks import check_characters

    check_characters(canonical, where, minor, problems)


CATEGORY = Entity(
    kind="category",
    plural="categories",
    namespace="prism",
    path="config/categories",
    object_type="prism.v4.config.Category",
    key=("key", "value"),
    synchronous=True,
    fields=(
        Field(
            "key",
            Text(longest=64, exact=True),
            Property("key", exact=True),
            required=True,
            immutable=True,
        ),
        Field(
            "value",
            Text(longest=64, exact=True),
            Property("value", exact=True),
            required=True,
            immutable=True,
        ),
        Field("description", Text(longest=512), Property("description"), absent=""),
        Field("all_projects", Flag(), Property("isSharedWithAllProjects"), since=(4, 4), absent=False),
    ),
    server_made=("associations", "detailedAssociations"),
    site_owned=("ownerUuid", "projectExtId", "sharedWithProjects"),
    checks=(_check,),
    system_property="type",
    system_values=("SYSTEM", "INTERNAL"),
    reserved=RESERVED,
)

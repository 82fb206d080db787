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
_REFUSED: tuple[tuple[Minor, str, str], ...] = (
    ((4, 2), "$", "/,!\"#%'()*+:;=?\\|[]^&"),
    ((4, 1), "$", "/,"),
    ((4, 0), "$", "/"),
)


def check_characters(canonical: Canonical, where: str, minor: Minor | None, problems: Problems) -> None:
    """Each minor refused more characters than the one before; what an older site holds may go to an older site."""
    first, anywhere = next((one[1], one[2]) for one in _REFUSED if minor is None or minor >= one[0])
    for part in ("key", "value"):
        text = canonical.get(part, "")
        if text[:1] in tuple(first) or any(character in text for character in anywhere):
            allowed = f"no {' '.join(anywhere)}, and no {first} in front"
            problems.add(f"{where}.{part}", f"{text!r} has characters that the API refuses", allowed)


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
    checks=(check_characters,),
    system_property="type",
    system_values=("SYSTEM", "INTERNAL"),
    reserved=RESERVED,
)

# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What all Flow entities share: names, descriptions and the properties their server makes (contract/v4 section 9)."""

from __future__ import annotations

from .._model.codec import Property
from .._model.form import Flag, Text
from .._model.struct import Field

NAME_PATTERN = r"^\s*[a-zA-Z0-9]([a-zA-Z0-9-_ \\.]*[a-zA-Z0-9])?\s*$"
NAME_ALLOWED = "letters, digits, blank - _ . and a letter or digit at both ends"
DESCRIPTION_PATTERN = r"^\s*([a-zA-Z0-9 _:.()-]*)\s*$"
DESCRIPTION_ALLOWED = "letters, digits, blank and _ : . ( ) - only; no comma, slash, quote, @ or ["

TIMES = ("creationTime", "lastUpdateTime")


def name_field(longest: int) -> Field:
    return Field("name", Text(longest=longest, pattern=NAME_PATTERN, allowed=NAME_ALLOWED), Property("name"), required=True)


def description_field(longest: int) -> Field:
    text = Text(longest=longest, pattern=DESCRIPTION_PATTERN, allowed=DESCRIPTION_ALLOWED)
    return Field("description", text, Property("description"), absent="")


def all_projects_field() -> Field:
    return Field("all_projects", Flag(), Property("isSharedWithAllProjects"), since=(4, 3), absent=False)

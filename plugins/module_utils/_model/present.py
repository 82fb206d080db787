# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which fields of a canonical mapping say something, and where they stand: the first step of each walk over an object."""

from __future__ import annotations

import typing as t

from .struct import Field


def each_present(fields: t.Sequence[Field], value: t.Mapping[str, t.Any], at: str = "") -> t.Iterator[tuple[Field, t.Any, str]]:
    """Field, value and path of every field of ``value`` that says something."""
    for field in fields:
        found = value.get(field.name)
        if found is not None and found != field.absent:
            yield field, found, f"{at}.{field.name}" if at else field.name

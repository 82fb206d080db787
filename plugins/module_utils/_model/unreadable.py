# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What stands in for an object that could not be read. Knows why, not what it holds."""

from __future__ import annotations

import typing as t

from .._errors import DrError


class Unreadable(t.NamedTuple):
    """An object that a site holds but that could not be read; ``error`` says why."""

    kind: str
    name: str
    ext_id: str
    error: DrError

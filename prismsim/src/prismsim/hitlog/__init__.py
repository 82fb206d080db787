# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hit logs of the made-up traffic of an estate, as AHV hosts send them: ``prismsim hitlog``."""

from __future__ import annotations

from prismsim.hitlog.judge import CannotJudge
from prismsim.hitlog.writer import Planted, Written, write

__all__ = ["CannotJudge", "Planted", "Written", "write"]

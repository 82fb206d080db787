# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What tells one plan from another: two plans that would do the same have the same digest. Pure."""

from __future__ import annotations

import hashlib
import json

from .plan import Plan


def plan_digest(plan: Plan) -> str:
    """sha256 over what the steps do, as hexadecimal digits."""
    doing = [[step.verb, step.kind, step.name, step.before, step.after] for step in plan.steps]
    return hashlib.sha256(json.dumps(doing, sort_keys=True, separators=(",", ":")).encode()).hexdigest()

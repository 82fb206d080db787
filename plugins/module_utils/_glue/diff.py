# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plans and objects as Ansible shows them: one diff per object, YAML a person can read. Knows no wire format."""

from __future__ import annotations

import typing as t

from .._engine.plan import Plan, Step


def diff_of(plan: Plan, site: str) -> list[dict[str, str]]:
    """One entry per changed object; its headers name kind, object and site."""
    return [_entry(step, site) for step in plan.steps]


def _entry(step: Step, site: str) -> dict[str, str]:
    # Imported here: a run that changes nothing shows nothing.
    from .._model.readable import readable

    title = f"{step.kind.replace('_', ' ')} '{step.name}' on {site}"
    return {
        "before_header": title if step.before is not None else f"{title} (not there)",
        "after_header": f"{title} ({step.verb})",
        "before": readable(step.before) if step.before is not None else "",
        "after": readable(step.after) if step.after is not None else "",
    }


def summary_of(plan: Plan) -> dict[str, t.Any]:
    """Names by verb, kinds in front; the same in check mode as in a real run."""
    found: dict[str, t.Any] = {"created": [], "updated": [], "deleted": []}
    for step in plan.steps:
        found[{"create": "created", "update": "updated", "delete": "deleted"}[step.verb]].append(f"{step.kind}/{step.name}")
    found["unchanged"] = len(plan.unchanged)
    return found

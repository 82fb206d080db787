# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Words what recovery plans would move so that a person can sign it. Knows the result of recovery_plan_failover; decides nothing."""

from __future__ import annotations

DOCUMENTATION = r"""
name: recovery_plan_lines
short_description: Word what recovery plans would move, stage by stage
version_added: 1.0.0
author:
  - nutanix_flow.dr contributors (@nutanix-flow-dr)
description:
  - Takes the result of M(nutanix_flow.dr.recovery_plan_failover) in check mode and tells of each plan its stages, its VMs and how old
    their newest copies are.
options:
  _input:
    description: The result of the module.
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Show what would be moved
  ansible.builtin.debug:
    msg: "{{ asked | nutanix_flow.dr.recovery_plan_lines }}"
  vars:
    asked:
      plans:
        - name: shop
          does: start
          stages: 2
          vms: [{name: db-1, stage: 1, age_seconds: 1260}, {name: web-1, stage: 2, age_seconds: 1260}]
          stale: []
"""

RETURN = r"""
_value:
  description: The lines.
  type: list
  elements: str
  sample: ["Recovery plan shop: 2 VMs in 2 stages, newest copies at most 21 minutes old", "  stage 1: db-1", "  stage 2: web-1"]
"""

import textwrap
import typing as t

WIDTH = 72
DOES = {"attach": "is being run by this run", "report": "was run by this run", "stop": "its job of this run failed", "refuse": "another job of it runs"}


def recovery_plan_lines(result: t.Mapping[str, t.Any]) -> list[str]:
    """The lines, in the order in which the plans are run."""
    return [line for plan in result["plans"] for line in _plan(plan)]


def _plan(plan: t.Mapping[str, t.Any]) -> list[str]:
    if plan["does"] != "start":
        return [f"Recovery plan {plan['name']}: {DOES.get(plan['does'], 'is not there')}"]
    ages = [vm["age_seconds"] for vm in plan["vms"] if vm["age_seconds"] is not None]
    copies = f", newest copies at most {max(ages) // 60} minutes old" if ages else ", no copies"
    head = f"Recovery plan {plan['name']}: {_counted(len(plan['vms']), 'VM')} in {_counted(plan['stages'], 'stage')}{copies}"
    lines = _wrapped(head)
    for stage in sorted({vm["stage"] for vm in plan["vms"]}):
        lines += _wrapped(f"  stage {stage}: " + ", ".join(vm["name"] for vm in plan["vms"] if vm["stage"] == stage))
    if plan["stale"]:
        lines += _wrapped("  replaces old copies: " + ", ".join(f"{vm['name']} (power {vm['power']})" for vm in plan["stale"]))
    return lines


def _counted(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"


def _wrapped(line: str) -> list[str]:
    return textwrap.wrap(line, WIDTH, subsequent_indent="      ", break_long_words=False, break_on_hyphens=False)


class FilterModule:
    """What Ansible looks for."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"recovery_plan_lines": recovery_plan_lines}

# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Words what a comparison found. Decides nothing."""

from __future__ import annotations

DOCUMENTATION = r"""
name: drift_lines
short_description: Word what a comparison found
version_added: 1.0.0
author:
  - nutanix_flow.dr contributors (@nutanix-flow-dr)
description:
  - Takes the result of M(nutanix_flow.dr.drift) and tells its verdict, how many objects are equal, and each one that is not.
positional: between
options:
  _input:
    description: The result of the module.
    type: dict
    required: true
  between:
    description: What was compared, in words.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: Show what a comparison found
  ansible.builtin.debug:
    msg: "{{ found | nutanix_flow.dr.drift_lines('baseline and south') }}"
  vars:
    found:
      verdict: drift
      counts: {equal: 148, differs: 1, missing: 0, extra: 0, cannot_tell: 0}
      objects:
        - {kind: security_rule, name: shop, state: differs, fields: [mode], reason: null}
"""

RETURN = r"""
_value:
  description: The lines.
  type: list
  elements: str
  sample: ["baseline and south: drift, 148 objects are equal", "  differs: security rule 'shop' in mode"]
"""

import typing as t


def drift_lines(result: t.Mapping[str, t.Any], between: str) -> list[str]:
    """The verdict, then one line per object that is not equal."""
    head = f"{between}: {result['verdict'].replace('_', ' ')}, {result['counts']['equal']} objects are equal"
    return [head, *map(_line, result["objects"])]


def _line(found: t.Mapping[str, t.Any]) -> str:
    fields = f" in {', '.join(found['fields'])}" if found.get("fields") else ""
    reason = f" ({found['reason']})" if found.get("reason") else ""
    return f"  {found['state'].replace('_', ' ')}: {found['kind'].replace('_', ' ')} '{found['name']}'{fields}{reason}"


class FilterModule:
    """What Ansible looks for."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"drift_lines": drift_lines}

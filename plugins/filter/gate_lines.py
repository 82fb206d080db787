# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Words the answer of the gate so that a person sees at once what stands in the way. Decides nothing."""

from __future__ import annotations

DOCUMENTATION = r"""
name: gate_lines
short_description: Word the answer of the gate, problems first
version_added: 1.0.0
author:
  - nutanix_flow.dr contributors (@nutanix-flow-dr)
description:
  - Takes the result of M(nutanix_flow.dr.failover_gate) and tells its verdict and every reason, problems first.
options:
  _input:
    description: The result of the module.
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Show the answer of the gate
  ansible.builtin.debug:
    msg: "{{ gate | nutanix_flow.dr.gate_lines }}"
  vars:
    gate:
      verdict: no_go
      reasons:
        - {code: BASELINE_OLD, status: problem, text: the baseline is 40 hours old, fix: run pre_dr}
"""

RETURN = r"""
_value:
  description: The lines.
  type: list
  elements: str
  sample: ["Gate: no go", "  problem  BASELINE_OLD: the baseline is 40 hours old (run pre_dr)"]
"""

import textwrap
import typing as t

WIDTH = 72
ORDER = ("problem", "warning", "waived", "ok")


def gate_lines(result: t.Mapping[str, t.Any]) -> list[str]:
    """The verdict, then the reasons, the worst first."""
    reasons = sorted(result["reasons"], key=lambda reason: ORDER.index(reason["status"]))
    return [f"Gate: {result['verdict'].replace('_', ' ')}", *(line for reason in reasons for line in _lines(reason))]


def _lines(reason: t.Mapping[str, t.Any]) -> list[str]:
    fix = f" ({reason['fix']})" if reason.get("fix") else ""
    text = f"  {reason['status']:<8} {reason['code']}: {reason['text']}{fix}"
    return textwrap.wrap(text, WIDTH, subsequent_indent=" " * 11, break_long_words=False, break_on_hyphens=False)


class FilterModule:
    """What Ansible looks for."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"gate_lines": gate_lines}

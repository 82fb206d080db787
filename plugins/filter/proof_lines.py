# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Words what a proof of segmentation found. Decides nothing."""

from __future__ import annotations

DOCUMENTATION = r"""
name: proof_lines
short_description: Word what a proof of segmentation found
version_added: 1.0.0
author:
  - nutanix_flow.dr contributors (@nutanix-flow-dr)
description:
  - Takes the result of M(nutanix_flow.dr.segmentation_check) and tells the proof, the coverage of both sites, what differs by its cause, each finding, and what
    the answer depends on.
options:
  _input:
    description: The result of the module.
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Show what the proof found
  ansible.builtin.debug:
    msg: "{{ found | nutanix_flow.dr.proof_lines }}"
  vars:
    found:
      proof: "Not equal: groups of flows 1 opened, 0 closed, 0 monitored_only (8 interfaces and all other addresses in 12 classes, 30 rows compared)"
      coverage:
        before: {vms: 8, interfaces: 8, enforced: 8, monitored: 0, unsecured: 0, basic_vlan: 0, without_address: 0}
        after: {vms: 8, interfaces: 8, enforced: 8, monitored: 0, unsecured: 0, basic_vlan: 0, without_address: 0}
      causes:
        - {severity: problem, policy: shop, groups: 1, explanation: "Opened: tcp/444 for one pair of ends, for instance 10.0.0.9 -> web-1 tcp/444"}
      findings: []
      depends_on: []
      not_compared: {source: [], target: []}
      notes: []
"""

RETURN = r"""
_value:
  description: The lines.
  type: list
  elements: str
  sample: ["Proved equal: every packet is treated alike", "Coverage before: 8 of 8 interfaces enforced; after: 8 of 8 interfaces enforced"]
"""

import textwrap
import typing as t

WIDTH = 100
_SHOWN = 5


def proof_lines(result: t.Mapping[str, t.Any]) -> list[str]:
    """The proof, the coverage, then what differs and why, and what the answer hangs on."""
    before, after = (_coverage(result["coverage"][side]) for side in ("before", "after"))
    lines = [result["proof"], f"Coverage before: {before}; after: {after}"]
    for cause in result["causes"]:
        more = f" ({cause['groups'] - 1} more groups because of {cause['policy']})" if cause["groups"] > 1 else ""
        lines.append(f"  {cause['severity']:<8} {cause['explanation']}{more}")
    lines += [f"  {fact['severity']:<8} {fact['code']} {fact['subject']} {fact['problem']} ({fact['fix']})" for fact in result["findings"]]
    lines += [f"  depends on the reading {one['reading']}: {one['default_means']}" for one in result["depends_on"]]
    for side, names in sorted(result["not_compared"].items()):
        if names:
            more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
            lines.append(f"  only {side} has {', '.join(names[:_SHOWN])}{more}; nothing is said about them")
    lines += [f"  note: {note}" for note in result["notes"]]
    return [part for line in lines for part in textwrap.wrap(line, WIDTH, subsequent_indent=" " * 11, break_long_words=False, break_on_hyphens=False)]


def _coverage(counts: t.Mapping[str, int]) -> str:
    rest = ", ".join(f"{counts[name]} {words}" for name, words in _WORDS.items() if counts.get(name))
    return f"{counts['enforced']} of {counts['interfaces']} interfaces enforced{f', {rest}' if rest else ''}"


_WORDS = {"monitored": "only monitored", "unsecured": "unsecured", "basic_vlan": "on a basic VLAN", "without_address": "without a known address"}


class FilterModule:
    """What Ansible looks for."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"proof_lines": proof_lines}

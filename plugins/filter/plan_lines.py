# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Words a plan so that a person can sign it. Knows the result of replicate and reconcile; decides nothing."""

from __future__ import annotations

DOCUMENTATION = r"""
name: plan_lines
short_description: Word a plan for the person who signs it
version_added: 1.0.0
author:
  - nutanix_flow.dr contributors (@nutanix-flow-dr)
description:
  - Takes the result of M(nutanix_flow.dr.replicate) or M(nutanix_flow.dr.reconcile) and tells what would be created, updated and
    deleted, kind by kind, and what that means for the VMs.
positional: target
options:
  _input:
    description: The result of the module, usually from a task in check mode.
    type: dict
    required: true
  target:
    description: The id of the site that the plan is for.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: Show a plan
  ansible.builtin.debug:
    msg: "{{ plan | nutanix_flow.dr.plan_lines('south') }}"
  vars:
    plan:
      summary: {created: [security_rule/shop], updated: [], deleted: [], unchanged: 12}
      blast_radius: {vms: 61, changed: 0, percent: 0, deletes: 0, names: []}
"""

RETURN = r"""
_value:
  description: The lines.
  type: list
  elements: str
  sample: ["Plan for south", "  create 1 security rule: shop", "  leave 12 objects as they are"]
"""

import textwrap
import typing as t

VERBS = {"created": "create", "updated": "update", "deleted": "DELETE"}
PLURALS = {"category": "categories"}
WIDTH = 72


def plan_lines(result: t.Mapping[str, t.Any], target: str) -> list[str]:
    """The lines, in the order in which the plan is carried out."""
    summary = result["summary"]
    lines = [f"Plan for {target}"]
    for key, verb in VERBS.items():
        for kind, names in _by_kind(summary[key]).items():
            lines += _wrapped(f"  {verb} {_counted(len(names), kind)}: ", names)
    unchanged = summary["unchanged"]
    if len(lines) == 1:
        lines.append("  nothing to do")
    if unchanged:
        lines.append(f"  leave {_counted(unchanged, 'object')} as {'it is' if unchanged == 1 else 'they are'}")
    for key, words in (("take", "edited on the other site, come over"), ("keep", f"edited on {target} only, stay")):
        if result.get(key):
            lines += _wrapped(f"  {words}: ", [f"{item['kind']}/{item['name']}" for item in result[key]])
    if result.get("blast_radius"):
        lines += _blast_radius(result["blast_radius"])
    return lines


def _blast_radius(radius: t.Mapping[str, t.Any]) -> list[str]:
    line = (
        f"  blast radius: {radius['changed']} of {_counted(radius['vms'], 'VM')} change what secures them "
        f"({radius['percent']} %), {_counted(radius['deletes'], 'delete')}"
    )
    return [line, *(_wrapped("    they are ", radius["names"]) if radius.get("names") else [])]


def _by_kind(references: t.Iterable[str]) -> dict[str, list[str]]:
    """References (kind/name) by kind, in the order in which the kinds come first."""
    found: dict[str, list[str]] = {}
    for reference in references:
        kind, _slash, name = reference.partition("/")
        found.setdefault(kind, []).append(name)
    return found


def _counted(number: int, kind: str) -> str:
    word = kind.replace("_", " ")
    return f"{number} {word if number == 1 else PLURALS.get(kind, word + 's')}"


def _wrapped(head: str, names: t.Iterable[str]) -> list[str]:
    return textwrap.wrap(head + ", ".join(names), WIDTH, subsequent_indent="      ", break_long_words=False, break_on_hyphens=False)


class FilterModule:
    """What Ansible looks for."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"plan_lines": plan_lines}

# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Words what is done to each cluster of a pair so that a person can sign it. Knows the result of site_pairing; decides nothing."""

from __future__ import annotations

DOCUMENTATION = r"""
name: pairing_lines
short_description: Word what pairing does to each cluster, for the person who signs it
version_added: 1.0.0
author:
  - nutanix_flow.dr contributors (@nutanix-flow-dr)
description:
  - Takes the result of M(nutanix_flow.dr.site_pairing), usually from a task in check mode, and tells cluster by cluster what is made, changed
    and replaced, where each storage container goes, and what stays without a copy.
options:
  _input:
    description: The result of the module.
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Show a plan
  ansible.builtin.debug:
    msg: "{{ plan | nutanix_flow.dr.pairing_lines }}"
  vars:
    plan:
      halves:
        - site: north
          cluster: north-ahv
          name: south-ahv
          verb: create
          before: {}
          after: {name: south-ahv, addresses: [10.2.0.10], vstore_map: {default: default}}
          same_name: [default]
          unlisted: {}
          unmapped: []
"""

RETURN = r"""
_value:
  description: The lines.
  type: list
  elements: str
  sample:
    - "On cluster north-ahv (north)"
    - "  create remote site 'south-ahv'"
    - "    addresses: 10.2.0.10"
    - "    storage containers:"
    - "      default -> default (same name)"
"""

import typing as t

_HEADS = {
    "create": "create remote site '{name}'",
    "update": "change remote site '{name}'",
    "replace": "DELETE remote site '{name}' and make it anew",
    "none": "leave remote site '{name}' as it is",
}
_MAPS = {"vstore_map": "storage containers", "network_map": "networks"}
_SHOWN = 5


def pairing_lines(result: t.Mapping[str, t.Any]) -> list[str]:
    """The lines, cluster by cluster."""
    return [line for half in result["halves"] for line in _half(half)]


def _half(half: t.Mapping[str, t.Any]) -> list[str]:
    before, after = (half[side] or {} for side in ("before", "after"))
    anew = half["verb"] in ("create", "replace")
    lines = [f"On cluster {half['cluster']} ({half['site']})", "  " + _HEADS[half["verb"]].format(name=half["name"])]
    for field in sorted({*before, *after} - {"name", *_MAPS}):
        old, new = (_text(side.get(field)) for side in (before, after))
        if anew and field in after:
            lines.append(f"    {_words(field)}: {new}")
        elif old != new and half["verb"] != "none":
            lines.append(f"    {_words(field)}: {old} becomes {new}")
    for field, title in _MAPS.items():
        lines += _map(title, {} if anew else before.get(field) or {}, after.get(field) or {}, half, field == "vstore_map")
    for one in half["unmapped"]:
        users = one["workloads"]
        told = ", ".join(users[:_SHOWN]) + (f" and {len(users) - _SHOWN} more" if len(users) > _SHOWN else "")
        lines.append(f"    NOT replicated: storage container {one['container']} leads nowhere and holds {told}")
    return lines


def _map(title: str, before: t.Mapping[str, str], after: t.Mapping[str, str], half: t.Mapping[str, t.Any], containers: bool) -> list[str]:
    lines = []
    for name in sorted({*before, *after}):
        note = "same name" if containers and name in half["same_name"] else "not in the site map, stays" if name in half["unlisted"] else ""
        if name not in after:
            lines.append(f"      {name} -> {before[name]} goes")
        elif before.get(name) == after[name]:
            lines.append(f"      {name} -> {after[name]} stays" if not note else f"      {name} -> {after[name]} ({note})")
        else:
            instead = f", was {before[name]}" if name in before else ""
            lines.append(f"      {name} -> {after[name]}{instead}" + (f" ({note})" if note else ""))
    return [f"    {title}:", *lines] if lines else []


def _words(field: str) -> str:
    return field.replace("_", " ")


def _text(value: t.Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(_text, value)) or "none"
    if isinstance(value, t.Mapping):
        return "; ".join(f"{_words(key)} {_text(item)}" for key, item in value.items()) or "none"
    return "none" if value is None else str(value)


class FilterModule:
    """What Ansible looks for."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"pairing_lines": pairing_lines}

# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Words a pairing check as a list that a person can go through and sign. Decides nothing."""

from __future__ import annotations

DOCUMENTATION = r"""
name: check_lines
short_description: Word a check of two clusters, condition by condition
version_added: 1.0.0
author:
  - nutanix_flow.dr contributors (@nutanix-flow-dr)
description:
  - Takes the result of M(nutanix_flow.dr.remote_site_check) and tells its verdict and every condition in the order of the table,
    what was found, what to do, and what it was seen by.
options:
  _input:
    description: The result of the module.
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Show a check
  ansible.builtin.debug:
    msg: "{{ checked | nutanix_flow.dr.check_lines }}"
  vars:
    checked:
      verdict: problem
      remote_sites: [{cluster: north-ahv}, {cluster: south-ahv}]
      findings:
        - id: LATENCY
          title: the latency is known
          status: ok
          object: remote site 'south-ahv' on north-ahv
          cause: the latency is 1.45 ms
          fix: ''
          evidence: latency 1450 us
"""

RETURN = r"""
_value:
  description: The lines.
  type: list
  elements: str
  sample:
    - "Check north-ahv and south-ahv: problem"
    - "  problem     F9   SelfServiceContainer is mapped"
    - "              remote site 'south-ahv' on north-ahv: SelfServiceContainer is not mapped"
    - "              do: Add it to maps.containers of the site map"
    - "              seen: default -> default"
"""

import textwrap
import typing as t

# Ansible folds what is longer.
WIDTH = 72
_INDENT = " " * 14


def check_lines(result: t.Mapping[str, t.Any]) -> list[str]:
    """The verdict, then every condition."""
    findings = result["findings"]
    wide = max((len(finding["id"]) for finding in findings), default=0)
    clusters = " and ".join(half["cluster"] for half in result["remote_sites"])
    return [f"Check {clusters}: {_words(result['verdict'])}", *(line for finding in findings for line in _lines(finding, wide))]


def _lines(finding: t.Mapping[str, str], wide: int) -> list[str]:
    head = f"  {_words(finding['status']):11} {finding['id']:{wide}} "
    told = [f"{finding['object']}: {finding['cause']}"]
    told += [f"{word}: {finding[key]}" for word, key in (("do", "fix"), ("seen", "evidence")) if finding[key]]
    below = [_wrapped(text) for text in told]
    return [head + finding["title"], *(line for lines in below for line in lines)]


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=_INDENT, subsequent_indent=_INDENT + "  ", break_long_words=False, break_on_hyphens=False)


def _words(status: str) -> str:
    return status.replace("_", " ")


class FilterModule:
    """What Ansible looks for."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"check_lines": check_lines}

# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of a protection policy."""

from __future__ import annotations

from ansible_collections.nutanix_flow.dr.plugins.plugin_utils._fragments import plural, singular

OPTIONS = r"""
name:
  description:
    - Name of the protection policy.
  type: str
  required: true
description:
  description:
    - What it is for. An empty text clears it.
  type: str
categories:
  description:
    - Which VMs and volume groups are protected, as a mapping of category keys to a value or a list of values. Those that have any of the
      categories are.
  type: dict
locations:
  description:
    - One to three places; one is primary, and all others replicate with that one only.
  type: list
  elements: dict
  suboptions:
    name:
      description: What the schedules call it.
      type: str
      required: true
    prism_central:
      description: The name of its Prism Central.
      type: str
      required: true
    clusters:
      description:
        - The names of its clusters; none means all. Only the primary location may have several.
        - Those of another Prism Central are known if that is one of O(peers).
      type: list
      elements: str
    primary:
      description: Whether it is the primary location.
      type: bool
schedules:
  description:
    - How often recovery points are made, and how many are kept. There must be one for both directions of each pair with the primary location.
  type: list
  elements: dict
  suboptions:
    between:
      description: Two locations; stands for two equal schedules, one in each direction.
      type: list
      elements: str
    from:
      description: The location whose VMs are protected. Needed unless O(ignore:between) is given.
      type: str
    to:
      description: The location that gets the copies. Without it, recovery points stay where they are made.
      type: str
    rpo:
      description:
        - The time that may be lost, as V(15m), V(1h), V(1d) or V(1w). V(0) replicates synchronously.
      type: str
      required: true
    consistency:
      description:
        - Whether applications are brought to rest before (V(application)) or not (V(crash), which is meant when nothing is said).
      type: str
      choices: [crash, application]
    retention:
      description: How many recovery points are kept. Not together with O(ignore:rollup).
      type: dict
      suboptions:
        local: {type: int, required: true, description: How many where they are made.}
        remote: {type: int, description: How many where they are replicated to.}
    rollup:
      description:
        - Keep fewer of the older ones, one per hour, day, week, month or year.
        - Goes with an O(ignore:rpo) of 1m to 6m, 10m, 12m, 15m, 1h to 4h, 6h, 8h, 12h, 1d, 1w and 2w.
      type: dict
      suboptions:
        local:
          description: What is kept where they are made.
          type: dict
          required: true
          suboptions: &step
            every: {type: str, required: true, choices: [hour, day, week, month, year], description: The longest step.}
            keep: {type: int, required: true, description: How many of these are kept.}
        remote:
          description: What is kept where they are replicated to.
          type: dict
          suboptions: *step
    start:
      description: When the first one of a day is made, as V(15:30), in UTC.
      type: str
    day:
      description: The day of the week to begin with. Needs API v4.1.
      type: str
      choices: [sunday, monday, tuesday, wednesday, thursday, friday, saturday]
    auto_suspend:
      description:
        - After how long without an answer of the other side synchronous replication lets go of it, at most V(5m). Never, if not given.
      type: str
    paused:
      description: Whether synchronous replication is paused; only of a policy that is there already. Needs API v4.2.
      type: bool
    keep_latest:
      description: How long the latest recovery point is kept after its protection ended, V(0) for not at all. Needs API v4.3.
      type: str
"""


class ModuleDocFragment:
    DOCUMENTATION: str = singular(OPTIONS)
    PLURAL: str = plural("protection_policies", "protection policies", OPTIONS)

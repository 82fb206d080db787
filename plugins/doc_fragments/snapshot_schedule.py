# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The option of modules that take the schedules of a protection domain."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  schedules:
    description:
      - When snapshots are taken and where they are kept. A schedule gives exactly one of O(schedules[].every), O(schedules[].weekdays)
        and O(schedules[].days_of_month).
    type: list
    elements: dict
    suboptions:
      every:
        description: The time between two snapshots, V(15m), V(1h), V(6h) or V(1d). Units are C(s), C(m), C(h) and C(d).
        type: str
      weekdays:
        description: The days of the week on which one is taken.
        type: list
        elements: str
        choices: [sunday, monday, tuesday, wednesday, thursday, friday, saturday]
      days_of_month:
        description: The days of the month on which one is taken, 1 to 31.
        type: list
        elements: int
      at:
        description: The time of day of the first one, V(22:00), in UTC. If not given, what is there is kept, a new schedule starts at once.
        type: str
      keep:
        description: How many snapshots stay on this cluster.
        type: int
        required: true
      keep_for:
        description: How long they stay at most, V(14d) or V(3mo). Units are C(d) and C(mo), weeks become days.
        type: str
      remotes:
        description: The remote sites that get copies. Naming a site here is what switches replication on.
        type: list
        elements: dict
        suboptions:
          site:
            description: Name of the remote site, as this cluster calls it.
            type: str
            required: true
          keep:
            description: How many copies stay there.
            type: int
            required: true
          keep_for:
            description: How long they stay there at most, V(30d) or V(6mo).
            type: str
      app_consistent:
        description: Whether applications in the VMs are brought to rest for its snapshots.
        type: bool
      suspended:
        description: Whether it takes no snapshots for now.
        type: bool
"""

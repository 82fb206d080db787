# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of a remote site, and those of the way it is worked on."""

from __future__ import annotations

from ansible_collections.nutanix_flow.dr.plugins.plugin_utils._fragments import plural, singular

OPTIONS = r"""
name:
  description:
    - Name of the remote site. By convention the name of the cluster that it leads to.
  type: str
  required: true
addresses:
  description:
    - IP addresses of the peer, usually its virtual IP alone; or those of all its CVMs.
    - Required to create it.
  type: list
  elements: str
port:
  description:
    - Port of all C(addresses). A new remote site has 2020, where Nutanix clusters listen for each other.
  type: int
capabilities:
  description:
    - What the peer is used for. V(backup) alone keeps snapshots there, V(disaster_recovery) allows to fail over to it.
    - A new remote site has V(backup) and V(disaster_recovery).
  type: list
  elements: str
  choices: [backup, disaster_recovery, metro_availability]
proxy:
  description:
    - Whether the clusters reach each other through a proxy or NAT. C(addresses) is then the one address that the proxy shows.
    - A new remote site has V(false).
  type: bool
ssh_tunnel:
  description:
    - Whether traffic goes through an SSH tunnel. A new remote site has V(false).
  type: bool
compression:
  description:
    - Whether traffic is compressed on the wire. A new remote site has V(true).
  type: bool
bandwidth_policy:
  description:
    - How fast replication to the peer may be. An empty mapping removes the policy.
    - What is given is the whole policy.
    - All speeds are megabytes (1,000,000 bytes) per second, as Prism shows them. Which unit its API counts in is not
      documented; see O(bandwidth_unit).
  type: dict
  suboptions:
    name:
      description: Name of the policy. A new one is called V(bandwidth).
      type: str
    enabled:
      description: Whether the policy holds. A new one does.
      type: bool
    megabytes_per_second:
      description: The limit outside of all windows. Leave it out for no limit.
      type: float
    windows:
      description: When other limits hold. Windows must not overlap.
      type: list
      elements: dict
      suboptions:
        days:
          description: Days of the week, all of them unless given.
          type: list
          elements: str
          choices: [sunday, monday, tuesday, wednesday, thursday, friday, saturday]
        from:
          description: Begin on each day, as V("08:00"). The begin of the day unless given. The clock is that of the cluster.
          type: str
        to:
          description: End on the same day, as V("18:00"). The end of the day (V("24:00")) unless given.
          type: str
        megabytes_per_second:
          description: The limit in this window. Leave it out for no limit.
          type: float
network_map:
  description:
    - Names of networks here as keys, and as values the networks of the peer that recovered VMs get there.
    - A given mapping is the whole map.
  type: dict
vstore_map:
  description:
    - Names of storage containers here as keys, and as values the containers of the peer that keep their snapshots. Several may go to one.
    - A given mapping is the whole map. To change single entries use M(nutanix_flow.dr.vstore_mapping).
    - New entries are written when the relationship stands, for the clusters check them against each other.
  type: dict
"""

_WORK = r"""
options:
  wait:
    description:
      - Whether to wait until the relationship is established, or until a deleted remote site is gone, at most O(wait_timeout) seconds.
      - V(false) suits the first half of a pair, whose relationship can't stand before the second half is there. New entries of the vStore
        map are then left for a later run unless the relationship stands already; the result says so in C(pending).
    type: bool
    default: true
"""

_UNIT = r"""
options:
  bandwidth_unit:
    description:
      - How the API of this release counts the limits of bandwidth policies, which no public document says.
      - Set a limit in Prism, read it with M(nutanix_flow.dr.remote_site_info), and choose the unit with which both show the same.
    type: str
    choices: [bytes, megabytes]
    default: bytes
"""


class ModuleDocFragment:
    DOCUMENTATION: str = singular(OPTIONS)
    MANY: str = plural("remote_sites", "remote sites", OPTIONS).replace(
        "each written as for the singular module, or as it stands in a baseline file.\n"
        "      - The list may hold thousands; they are read in one listing and written in batches.",
        "each written as for the singular module.\n      - They are read in one listing.",
    )
    WORK: str = _WORK
    UNIT: str = _UNIT

# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of modules that judge the policies of one site, live, from a baseline or from an estate file; and how they read what is open."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  site:
    description:
      - The id of the site. It is looked at live, with its connection options in O(sites), unless O(baseline) or O(estate) is given.
    type: str
  baseline:
    description:
      - The directory of a baseline, as M(nutanix_flow.dr.baseline) wrote it, to be taken instead of a live site.
      - A baseline with a changed, missing or added file is refused, and all such files are named.
    type: path
  estate:
    description:
      - An estate file to be taken instead of a live site.
      - It is YAML with the keys C(security_rules), C(address_groups), C(service_groups), C(entity_groups) and C(categories), each a list as the plural
        modules take them, and C(vms), a list as in the C(membership.yml) of a baseline.
    type: path
"""

    READINGS = r"""
options:
  readings:
    description:
      - Where the vendor's sources are silent, the policy engine takes a documented reading. Each can be changed where a test in a lab has shown otherwise.
      - If not given, all have their defaults.
    type: dict
    suboptions:
      model:
        description:
          - V(ng) for sites with a network controller, V(gen1) for the first generation, where monitored policies take part in the order. The default is V(ng).
        type: str
        choices: [ng, gen1]
      shared_service_covers_peer:
        description: What a shared service allows is allowed at the other end too, above isolation. The default is V(true).
        type: bool
      intra_deny_wins:
        description: Where one policy allows traffic inside of a group and another denies it, it is denied. The default is V(true).
        type: bool
      shared_service_closes:
        description: What a shared service doesn't allow can't be opened by an application policy. The default is V(true).
        type: bool
      isolated_from_own_groups:
        description: A VM in two groups of one isolation may talk to neither. The default is V(true); V(false) means to both.
        type: bool
      ipv6_allow_wins:
        description: Where one policy lets IPv6 pass and another one blocks it, it passes. The default is V(true).
        type: bool
      isolation_covers_ipv6:
        description: An isolation that says nothing about IPv6 denies it too. The default is V(true).
        type: bool
      basic_vlan_is_peer:
        description: A VM on a basic VLAN counts as a member of the categories that a policy lets in. The default is V(false).
        type: bool
      peer_needs_address:
        description: A VM without a known address is in no set of peers that goes by category. The default is V(true).
        type: bool
      isolation_at_both_ends:
        description: An isolation denies at both ends. The default is V(true); V(false) means at the destination alone.
        type: bool
      entity_group_adds_up:
        description:
          - Members of an entity group by address are in it beside those by category. The default is V(true).
          - V(false) means that who is in it by category must have such an address too.
        type: bool
      equal_addresses_alias:
        description: A VM counts as a peer by category if another VM with the same address, as in another VPC, is one. The default is V(false).
        type: bool
      secondary_addresses_count:
        description: All addresses of an interface count. The default is V(true); V(false) means the first of IPv4 and the first of IPv6.
        type: bool
      gen1_empty_outbound_closes:
        description: First generation. Without any outbound entry nothing may go out. The default is V(true); V(false) means that everything may.
        type: bool
      gen1_needs_all_values:
        description: First generation. Of several values of one category key a VM must carry all. The default is V(true); V(false) means one of them.
        type: bool
      flex_without_target_is_everywhere:
        description: A Flex rule that is applied to nothing in particular holds on every VM. The default is V(true); V(false) means on none.
        type: bool
      flex_types_in_order:
        description: Flex policies are looked at type by type, critical ones first. The default is V(true); V(false) means by priority alone.
        type: bool
"""

    # For modules that say which readings their answer depends on.
    CHECKED = r"""
options:
  check_readings:
    description:
      - Whether to find out which of O(readings) the answer depends on. Takes several times as long, which matters with thousands of VMs.
    type: bool
    default: true
"""

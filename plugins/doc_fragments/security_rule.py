# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of a security rule. What all kinds of entries share is written once and put into each."""

from __future__ import annotations

import textwrap

from ansible_collections.nutanix_flow.dr.plugins.plugin_utils._fragments import plural, singular

# What an entry allows.
ALLOWED = r"""
services:
  description:
    - What is allowed, as V(any), V(tcp/443), V(tcp/8000-8099), V(udp/53), V(icmp), V(icmp/8/0), V(icmpv6/128), V(group:NAME) for a
      service group.
    - Either this or C(ports) is needed.
  type: list
  elements: str
ports:
  description:
    - Short for C(services), for instance V(443) or V(8000-8099).
  type: list
  elements: str
protocol:
  description:
    - Protocol of C(ports), TCP if it isn't given. Alone it means all its ports.
  type: str
  choices: [tcp, udp]
network_function:
  description:
    - Network function that the traffic is sent through, by name. Needs API v4.1 (pc.7.3).
  type: str
"""

# What an entry says of itself.
ABOUT = r"""
name:
  description:
    - Name of the entry. Needs API v4.3 (pc.7.6).
  type: str
description:
  description:
    - What the entry is for. At most 64 characters; no comma, slash or quote.
  type: str
log:
  description:
    - Whether hits of this entry are logged. Needs API v4.3 (pc.7.6).
  type: bool
"""


def _at(depth: int, options: str) -> str:
    """The options as they stand DEPTH levels down."""
    return textwrap.indent(options.strip("\n"), "  " * depth)


OPTIONS: str = f"""
name:
  description:
    - Name of the security rule.
  type: str
  required: true
type:
  description:
    - What kind of policy it is. Needed to create one; can't be changed.
    - V(shared_service) needs API v4.1 (pc.7.3). V(critical), V(core_infrastructure), V(zone) and V(workload) need API v4.3 (pc.7.6) in Flex mode.
    - V(quarantine) policies are system-defined; they can be changed, but neither created nor deleted.
  type: str
  choices: [application, isolation, quarantine, shared_service, critical, core_infrastructure, zone, workload]
mode:
  description:
    - V(save) only stores the rule, V(monitor) logs what it would drop, V(enforce) drops it. Needed to create one.
  type: str
  choices: [save, monitor, enforce]
description:
  description:
    - What the rule is for. No comma, slash or quote. An empty text clears it.
  type: str
scope:
  description:
    - Where the rule holds. V(vlans), V(all_vpcs), V(global), a mapping C(vpcs) with a list of VPC names, or a mapping C(vpc_categories) with
      categories of VPCs.
    - A new rule gets V(vlans) if nothing is given.
  type: raw
priority:
  description:
    - Order among Flex policies of one type, lower first. Needs API v4.3 (pc.7.6).
  type: int
hit_log:
  description:
    - Whether hits are logged.
  type: bool
allow_ipv6:
  description:
    - Whether IPv6 passes whatever the entries say.
  type: bool
ipv4_scope:
  description:
    - Whether the rule covers IPv4. Needs API v4.2 (pc.7.5).
  type: bool
ipv6_scope:
  description:
    - Whether the rule covers IPv6. Needs API v4.2 (pc.7.5).
  type: bool
all_projects:
  description:
    - Whether the rule is shared with all projects. Needs API v4.3 (pc.7.6).
  type: bool
groups:
  description:
    - The secured groups of an application, shared service or quarantine policy with their entries. The list is the whole list; its order
      says nothing.
  type: list
  elements: dict
  suboptions:
    secured:
      description:
        - Who is secured. A mapping with one of C(categories), C(subnet_categories), C(vpc_categories), C(entity_group).
        - Several categories must all be there.
      type: dict
      required: true
    intra:
      description:
        - Whether members of the group may talk to each other. V(allow), V(deny), or a mapping with C(action), C(services), C(description),
          C(name), C(log).
        - If it isn't given, members need ordinary entries.
      type: raw
    inbound:
      description:
        - Who may connect to the group.
      type: list
      elements: dict
      suboptions:
        from:
          description:
            - Who may connect.
            - Either V(any), V(none), or a mapping with one of C(categories), C(subnet_categories), C(vpc_categories),
              C(entity_group), C(cidr), C(address_groups).
          type: raw
          required: true
{_at(4, ALLOWED)}
{_at(4, ABOUT)}
    outbound:
      description:
        - Whom the group may connect to.
      type: list
      elements: dict
      suboptions:
        to:
          description:
            - Whom the group may connect to.
            - Either V(any), V(none), or a mapping with one of C(categories), C(subnet_categories), C(vpc_categories),
              C(entity_group), C(cidr), C(address_groups).
          type: raw
          required: true
{_at(4, ALLOWED)}
{_at(4, ABOUT)}
    bidirectional:
      description:
        - Entries with both a source and a destination, as one API rule each.
      type: list
      elements: dict
      suboptions:
        from:
          description:
            - Who may connect.
            - Either V(any), V(none), or a mapping with one of C(categories), C(subnet_categories), C(vpc_categories),
              C(entity_group), C(cidr), C(address_groups).
          type: raw
        to:
          description:
            - Whom the group may connect to.
            - Either V(any), V(none), or a mapping with one of C(categories), C(subnet_categories), C(vpc_categories),
              C(entity_group), C(cidr), C(address_groups).
          type: raw
{_at(4, ALLOWED)}
{_at(4, ABOUT)}
isolations:
  description:
    - The groups of an isolation policy that may not talk to each other.
  type: list
  elements: dict
  suboptions:
    between:
      description:
        - Two or more groups. Each a mapping with one of C(categories), C(subnet_categories), C(vpc_categories), C(entity_group).
      type: list
      elements: dict
      required: true
    kind:
      description:
        - V(two_env) takes two groups of VM categories, V(multi_env) any number of any groups. The default follows from
          C(between).
      type: str
      choices: [two_env, multi_env]
{_at(2, ABOUT)}
flex_rules:
  description:
    - The entries of a Flex policy; their C(priority) says the order. Needs API v4.3 (pc.7.6).
  type: list
  elements: dict
  suboptions:
    priority:
      description:
        - Order of the entry, lower first.
      type: int
    action:
      description:
        - What happens to the traffic. V(reject) answers with ICMP.
      type: str
      required: true
      choices: [allow, deny, reject]
    direction:
      description:
        - Which traffic of the VMs it is applied to.
      type: str
      required: true
      choices: [in, out, in_out]
    from:
      description:
        - Source. V(any), or a mapping with C(entity_groups) or C(cidr).
      type: raw
      required: true
    to:
      description:
        - Destination. V(any), or a mapping with C(entity_groups) or C(cidr).
      type: raw
      required: true
{_at(2, ALLOWED)}
    applied_to:
      description:
        - Entity groups whose VMs the entry is applied to, by name.
      type: list
      elements: str
    ip_version:
      description:
        - Which IP versions the entry covers.
      type: str
      choices: [ipv4, ipv6, both]
    system:
      description:
        - Whether the entry is a system one.
      type: bool
{_at(2, ABOUT)}
"""


class ModuleDocFragment:
    DOCUMENTATION: str = singular(OPTIONS)
    PLURAL: str = plural("security_rules", "security rules", OPTIONS)

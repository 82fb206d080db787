# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the engine reads what the vendor's sources leave open (semantics sections 14 and 15). Knows no rule and no packet.

Each field is one open question and its default. `Segmentation.depends_on` names the fields that would change an answer.
"""

from __future__ import annotations

import typing as t


class Readings(t.NamedTuple):
    """The defaults are the documented readings; any other value is for a site where a lab test has shown otherwise."""

    model: str = "ng"
    """``ng`` (network controller) or ``gen1`` (first generation: monitored policies take part in the order, IPv4 rules)."""
    shared_service_covers_peer: bool = True
    """What a shared service allows is allowed at the peer's side too, above isolation (14.1, R2)."""
    intra_deny_wins: bool = True
    """One policy allows traffic inside a group, another denies it for the same two VMs: denied (14.2)."""
    shared_service_closes: bool = True
    """What a shared service doesn't allow can't be opened by an application policy (14.3)."""
    isolated_from_own_groups: bool = True
    """A VM in two groups of one isolation may not talk to either (14.4, R13). False: it may talk to both."""
    ipv6_allow_wins: bool = True
    """One policy lets IPv6 pass, another one on the same VM blocks it: passes (14.7)."""
    isolation_covers_ipv6: bool = True
    """An isolation that says nothing about IPv6 denies it between its groups too (R6)."""
    basic_vlan_is_peer: bool = False
    """A VM on a basic VLAN counts as a member of the categories that a policy lets in (R7)."""
    peer_needs_address: bool = True
    """A VM without a known address is in no set of peers that goes by category (R8)."""
    isolation_at_both_ends: bool = True
    """An isolation denies at the source and at the destination (14.5). False: at the destination alone."""
    entity_group_adds_up: bool = True
    """Members of an entity group by address are there beside those by category (14.8, R9). False: by category, if such an address."""
    equal_addresses_alias: bool = False
    """Peers by category are sets of addresses, so whoever has the same address in another VPC counts as well (14.10, R19)."""
    secondary_addresses_count: bool = True
    """All addresses of an interface are in sets of peers and in ranges (14.10). False: the first of IPv4 and the first of IPv6."""
    gen1_empty_outbound_closes: bool = True
    """First generation: without any outbound entry nothing may go out (14.9). False: everything may."""
    gen1_needs_all_values: bool = True
    """First generation: of several values of one key all must be carried (14.9). False: one of them."""
    flex_without_target_is_everywhere: bool = True
    """A Flex rule that is applied to nothing in particular holds on every VM (14.15). False: on none."""
    flex_types_in_order: bool = True
    """Flex policies are looked at type by type, critical ones first (14.15). False: by their priority alone."""


DEFAULT_READINGS = Readings()
SWITCHES = tuple(name for name in Readings._fields if name != "model")


def open_questions(readings: Readings, *, flex: bool) -> list[str]:
    """The switches that can matter at all: some are of one generation, some of Flex rules."""
    gen1 = readings.model == "gen1"
    return [name for name in SWITCHES if (gen1 or not name.startswith("gen1_")) and (flex or not name.startswith("flex_"))]


def flipped(readings: Readings, name: str) -> Readings:
    """The same readings, but for one of `SWITCHES`."""
    changed: dict[str, t.Any] = {name: not getattr(readings, name)}
    return readings._replace(**changed)

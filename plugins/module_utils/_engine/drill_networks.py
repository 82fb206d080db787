# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the test networks of recovery plans are apart from production, as far as Prism Central can tell. Pure; asks nobody."""

from __future__ import annotations

import typing as t

from .gate import OK, PROBLEM, WARNING, Reason


class Network(t.NamedTuple):
    """A network of the site that VMs are recovered at. ``wire`` says which networks are one on the wire: cluster, switch and VLAN; empty
    for overlay networks, which have a ``vpc``. ``leads_out``: whether this VPC has an external network."""

    name: str
    wire: tuple[str, ...] = ()
    vpc: str = ""
    leads_out: bool = False


class Mapping(t.NamedTuple):
    """One network mapping: the network of the originals, where a failover puts its VMs, and where a test does; empty if it doesn't say."""

    plan: str
    source: str
    production: str
    test: str


def network_reasons(mappings: t.Sequence[Mapping], networks: t.Mapping[str, Network], in_use: t.Mapping[str, t.Sequence[str]]) -> list[Reason]:
    """One reason per fact. ``networks``: all of the site, by name; ``in_use``: VMs that are no test VMs, by their network."""
    tests = {mapping.test for mapping in mappings if mapping.test}
    production = {mapping.production for mapping in mappings}
    found = [
        Reason(
            "TEST_NETWORK_MISSING",
            PROBLEM,
            f"recovery plan {mapping.plan} maps the network {mapping.source} to no test network",
            "Give the mapping a recovery_test network",
        )
        for mapping in mappings
        if not mapping.test
    ]
    for name in sorted(tests):
        wrong = list(_one(name, tests, production, networks, in_use))
        found += wrong or [Reason("TEST_NETWORK_APART", OK, f"test network {name} {_apart(networks[name])}")]
    return found


def _apart(network: Network) -> str:
    if network.vpc:
        return f"is in VPC {network.vpc}, which has no production network of the plans and no external network"
    return "shares its VLAN with no other network; whether a router outside leads out of it can't be told from here"


def _one(
    name: str,
    tests: t.Container[str],
    production: t.Container[str],
    networks: t.Mapping[str, Network],
    in_use: t.Mapping[str, t.Sequence[str]],
) -> t.Iterator[Reason]:
    """What speaks against one test network."""
    own = networks.get(name)
    if own is None:
        yield Reason("TEST_NETWORK_UNKNOWN", PROBLEM, f"test network {name} is not on the site", "Create it, or correct the mapping")
        return
    if name in production:
        text = f"test network {name} is the network that a failover uses: test VMs would run among production"
        yield Reason("TEST_NETWORK_IS_PRODUCTION", PROBLEM, text, "Give the plan a test network of its own")
        return
    same_wire = sorted(other.name for other in networks.values() if own.wire and other.wire == own.wire and other.name not in tests)
    if same_wire:
        text = f"test network {name} is on the same VLAN as {', '.join(same_wire)}"
        yield Reason("TEST_NETWORK_SHARES_VLAN", PROBLEM, text, "Give it a VLAN of its own")
    beside = sorted(other.name for other in networks.values() if own.vpc and other.vpc == own.vpc and other.name in production)
    if beside:
        text = f"test network {name} is in VPC {own.vpc} beside {', '.join(beside)}: the VPC routes between them"
        yield Reason("TEST_NETWORK_SHARES_VPC", PROBLEM, text, "Give tests a VPC of their own, or waive this if policies keep them apart")
    if own.leads_out:
        text = f"test network {name} is in VPC {own.vpc}, which has an external network"
        yield Reason("TEST_VPC_LEADS_OUT", PROBLEM, text, "Give tests a VPC without one, or waive this if that is wanted")
    if in_use.get(name):
        text = f"test network {name} is used by {_some(in_use[name])}, which are no test VMs"
        yield Reason("TEST_NETWORK_IN_USE", WARNING, text, "See that they may meet the test VMs")


def _some(names: t.Sequence[str], shown: int = 5) -> str:
    more = f" and {len(names) - shown} more" if len(names) > shown else ""
    return ", ".join(sorted(names)[:shown]) + more

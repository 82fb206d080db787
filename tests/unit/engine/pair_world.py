"""Two clusters that are well paired, as facts; tests take a part away and see what is said of it."""

from __future__ import annotations

from typing import Any

from ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.pair_facts import Cluster, Container, Half, PairFacts, Side, Workload

GIB = 1024**3
ADDRESSES = {"east": ("192.0.2.50", "192.0.2.51"), "west": ("198.51.100.50", "198.51.100.51")}
FORTH = {"SelfServiceContainer": "SelfServiceContainer", "gold": "dr-gold"}
BACK = {remote: local for local, remote in FORTH.items()}
NAMES = {"east": ("SelfServiceContainer", "NutanixManagementShare", "gold"), "west": ("SelfServiceContainer", "NutanixManagementShare", "dr-gold")}


def cluster(site: str, **more: Any) -> Cluster:
    number = {"east": 11, "west": 22}[site]
    known = Cluster(f"{site}-ahv", f"uuid-{site}", number, number * 100, "7.0.1", ("kKvm",), ADDRESSES[site], ADDRESSES[site][0])
    return known._replace(**more)


def half(site: str, **more: Any) -> Half:
    """The remote site on a site's cluster."""
    other = {"east": "west", "west": "east"}[site]
    peer = cluster(other)
    known = Half(
        f"{other}-ahv", "RELATIONSHIP_ESTABLISHED", 1450, {ADDRESSES[other][0]: 2020}, ("backup", "disaster_recovery"),
        cluster_number=peer.number, cluster_incarnation=peer.incarnation, vstores=FORTH if site == "east" else BACK, replicated=True,
    )  # fmt: skip
    return known._replace(**more)


def side(site: str, **more: Any) -> Side:
    other = {"east": "west", "west": "east"}[site]
    vms = (Workload("VM", "desktop-1", ("gold",)), Workload("volume group", "profile-1", ("SelfServiceContainer",))) if site == "east" else ()
    known = Side(
        f"{site}-ahv", f"{other}-ahv", cluster(site), "pc.7.5.1", (half(site),),
        tuple(Container(name, 900 * GIB, 10 * GIB) for name in NAMES[site]), ("desktops",), vms,
    )  # fmt: skip
    return known._replace(**more)


def pair(east: Side | None = None, west: Side | None = None, **more: Any) -> PairFacts:
    return PairFacts(east or side("east"), west or side("west"), **more)

# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was seen of two clusters that replicate to each other: the facts that the pairing check judges. Shapes only; reads nothing.

A part that could not be read is named in ``Side.unknown`` with the reason, and its value then says nothing.
"""

from __future__ import annotations

import typing as t

#: The parts of a side that are read on their own and may be missing on their own.
PARTS = ("cluster", "prism_central", "remote_sites", "containers", "networks", "workloads", "alerts", "clock")
ESTABLISHED = "RELATIONSHIP_ESTABLISHED"
CONTROL_PORT, DATA_PORT = 2020, 2009


class Cluster(t.NamedTuple):
    """``addresses``: all under which it is reached, ``virtual_ip`` (empty without one) and those of its CVMs. ``number`` and ``incarnation`` change when it is
    built anew; None where the cluster doesn't tell."""

    name: str = ""
    uuid: str = ""
    number: int | None = None
    incarnation: int | None = None
    version: str = ""
    hypervisors: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    virtual_ip: str = ""


class Half(t.NamedTuple):
    """A remote site as its cluster shows it. ``status`` in upper case, empty where it isn't told; ``latency`` in microseconds;
    ``cluster_number`` and ``cluster_incarnation`` are those of the peer it first met; ``vstores`` and ``networks`` local -> remote;
    ``replicated``: something was sent over it to the end."""

    name: str
    status: str = ""
    latency: int | None = None
    addresses: t.Mapping[str, int] = {}
    capabilities: tuple[str, ...] = ()
    cloud: str = ""
    marked_for_removal: bool = False
    cluster_number: int | None = None
    cluster_incarnation: int | None = None
    vstores: t.Mapping[str, str] = {}
    networks: t.Mapping[str, str] = {}
    replicated: bool = False


class Container(t.NamedTuple):
    """A storage container, and so a vStore; bytes, None when unknown."""

    name: str
    free: int | None = None
    used: int | None = None
    marked_for_removal: bool = False


class Workload(t.NamedTuple):
    """A VM or a volume group, and the names of the containers in which its disks lie."""

    kind: str
    name: str
    containers: tuple[str, ...]


class Alert(t.NamedTuple):
    """An alert that is not resolved. ``names`` are all names of objects that it mentions."""

    title: str
    text: str
    severity: str
    names: tuple[str, ...]


class Probe(t.NamedTuple):
    """What the control host saw of a port: ``open``, ``refused``, ``timeout``, or why it can't tell."""

    address: str
    port: int
    result: str


class Side(t.NamedTuple):
    """One cluster of the pair. ``label`` is its name, ``half_name`` is what its half must be called; ``clock`` is how many seconds its clock is ahead of the
    control host's; ``probes`` were made to the addresses of this cluster."""

    label: str
    half_name: str
    cluster: Cluster = Cluster()
    prism_central: str = ""
    halves: tuple[Half, ...] = ()
    containers: tuple[Container, ...] = ()
    networks: tuple[str, ...] = ()
    workloads: tuple[Workload, ...] = ()
    alerts: tuple[Alert, ...] = ()
    clock: float = 0.0
    probes: tuple[Probe, ...] = ()
    unknown: t.Mapping[str, str] = {}

    @property
    def half(self) -> Half | None:
        """The remote site that leads to the other cluster; None when there is none."""
        return next((half for half in self.halves if half.name == self.half_name), None)

    @property
    def half_label(self) -> str:
        return f"remote site '{self.half_name}' on {self.label}"


class SignOff(t.NamedTuple):
    """A person's word for what no API can show; ``date`` as 2026-11-21."""

    by: str
    date: str
    note: str = ""


class PairFacts(t.NamedTuple):
    """Both clusters; ``a`` is the primary's. ``sign_offs`` by the id of the condition."""

    a: Side
    b: Side
    sign_offs: t.Mapping[str, SignOff] = {}

    def ways(self) -> tuple[tuple[Side, Side], tuple[Side, Side]]:
        """Both directions, as (cluster that has the half, cluster it leads to)."""
        return ((self.a, self.b), (self.b, self.a))

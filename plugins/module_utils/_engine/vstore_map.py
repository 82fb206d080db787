# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a vStore map becomes when entries are added to it or taken from it, and which containers it leaves out. Pure."""

from __future__ import annotations

import typing as t

from .._model.problems import Problems

if t.TYPE_CHECKING:
    from .pair_facts import Workload


class Unmapped(t.NamedTuple):
    """A container with something in it that leads nowhere: the names of its VMs and volume groups."""

    container: str
    vms: tuple[str, ...]
    volume_groups: tuple[str, ...]


def with_entries(current: t.Mapping[str, str], given: t.Mapping[str, str], problems: Problems, *, at: str) -> dict[str, str]:
    """The map with these entries as well. A container that leads elsewhere already is a finding: it can't lead to both."""
    for local, remote in given.items():
        if current.get(local, remote) != remote:
            problems.add(
                f"{at}.{local}",
                f"leads to '{current[local]}' already and can't lead to '{remote}' too",
                "remove that entry first, or give the whole map with 'prune: true'",
            )
    return dict(sorted({**current, **given}.items()))


def without_entries(current: t.Mapping[str, str], given: t.Mapping[str, str | None]) -> dict[str, str]:
    """The map without these entries. One whose destination is given goes only if it leads there."""
    return {local: remote for local, remote in current.items() if local not in given or given[local] not in (None, remote)}


def unmapped(mapped: t.Collection[str], workloads: t.Iterable[Workload]) -> list[Unmapped]:
    """The containers that hold disks of VMs or volume groups and are not in the map, sorted."""
    found: dict[str, tuple[set[str], set[str]]] = {}
    for workload in workloads:
        for container in workload.containers:
            if container not in mapped:
                vms, groups = found.setdefault(container, (set(), set()))
                (vms if workload.kind == "VM" else groups).add(workload.name)
    return [Unmapped(container, tuple(sorted(vms)), tuple(sorted(groups))) for container, (vms, groups) in sorted(found.items())]

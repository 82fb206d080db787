# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads what there is to know of one cluster for the pairing check, each part on its own: what can't be read is named, not guessed.

A constant number of calls per cluster, whatever it holds. Readers are tolerant: a check must also tell of what it has no words for.
"""

from __future__ import annotations

import re
import typing as t

from .._errors import DrError
from .._prism.element import V2
from .._prism.parallel import in_threads
from .pair_facts import PARTS, Alert, Cluster, Container, Half, Side, Workload

if t.TYPE_CHECKING:
    from .._prism.element import Element

Body = t.Mapping[str, t.Any]
_THREADS = 4


def read_side(element: Element, label: str, half_name: str, parts: t.Collection[str], *, whole: bool = False) -> Side:
    """These parts of the facts of one cluster. What went wrong is in ``unknown``, or raised if all of it must be ``whole``."""
    readers = {part: read for part, read in _READERS.items() if part in parts}
    found = in_threads(lambda read: _tried(read, element), list(readers.values()), threads=_THREADS)
    told = dict(zip(readers, found, strict=True))
    for error in found if whole else ():
        if isinstance(error, DrError):
            raise error.about(site=label)
    unknown = {part: str(value.cause) for part, value in told.items() if isinstance(value, DrError)}
    known: dict[str, t.Any] = {_FIELDS.get(part, part): value for part, value in told.items() if part not in unknown}
    if "workloads" in known:
        if "containers" in unknown:
            del known["workloads"]
            unknown["workloads"] = unknown["containers"]
        else:
            known["workloads"] = _named(known["workloads"], known["containers"])
    if "containers" in known:
        known["containers"] = tuple(container for _uuid, container in known["containers"])
    return Side(label, half_name, unknown=unknown, **known)


def lost_side(label: str, half_name: str, reason: str) -> Side:
    """The facts of a cluster that could not be asked at all."""
    return Side(label, half_name, unknown=dict.fromkeys(PARTS, reason))


def _tried(read: t.Callable[[Element], t.Any], element: Element) -> t.Any:
    try:
        return read(element)
    except DrError as error:
        return error


def _cluster(element: Element) -> Cluster:
    body = element.get("cluster")
    cvms = [str(host["serviceVMExternalIP"]) for host in element.list("hosts") if host.get("serviceVMExternalIP")]
    virtual_ip = str(body.get("clusterExternalIPAddress") or "")
    _uuid, _colons, number = str(body.get("id") or "").partition("::")
    return Cluster(
        name=str(body.get("name") or ""),
        uuid=str(body.get("uuid") or ""),
        number=int(number) if number.isdigit() else None,
        incarnation=body.get("clusterIncarnationId"),
        version=str(body.get("version") or ""),
        hypervisors=tuple(map(str, body.get("hypervisorTypes") or ())),
        addresses=tuple(dict.fromkeys(filter(None, [virtual_ip, *cvms]))),
        virtual_ip=virtual_ip,
    )


def _halves(element: Element) -> tuple[Half, ...]:
    return tuple(_half(body) for body in element.list("remote_sites", {"fullDetails": "true", "includeDeleted": "true"}))


def _half(body: Body) -> Half:
    links = ((body.get("networkMapping") or {}).get("l2NetworkMappings")) or ()
    sent = str((body.get("stats") or {}).get("replication_num_transmitted_bytes") or "0")
    ended = any(link.get("lastReplicationEndTimeInUsecs") for link in body.get("replicationLinks") or ())
    return Half(
        name=str(body.get("name") or ""),
        status=str(body.get("status") or "").upper(),
        latency=body.get("latencyInUsecs"),
        addresses={**(body.get("remoteIpAddressPorts") or {}), **(body.get("remoteIpPorts") or {})},
        capabilities=tuple(str(one).lower() for one in body.get("capabilities") or ()),
        cloud=str(body.get("cloudType") or ""),
        marked_for_removal=bool(body.get("markedForRemoval")),
        cluster_number=body.get("clusterId"),
        cluster_incarnation=body.get("clusterIncarnationId"),
        vstores=dict(body.get("vstoreNameMap") or {}),
        networks={str(link.get("srcNetworkName")): str(link.get("destNetworkName")) for link in links},
        replicated=ended or (sent.isdigit() and int(sent) > 0),
    )


def _containers(element: Element) -> tuple[tuple[str, Container], ...]:
    """By uuid, since disks name their container so."""
    found = []
    for body in element.list("containers"):
        usage = body.get("usageStats") or {}
        container = Container(
            name=str(body.get("name") or ""),
            free=_bytes(usage.get("storage.user_free_bytes")),
            used=_bytes(usage.get("storage.usage_bytes")),
            marked_for_removal=bool(body.get("markedForRemoval")),
        )
        found.append((str(body.get("containerUuid") or ""), container))
    return tuple(found)


def _networks(element: Element) -> tuple[str, ...]:
    return tuple(sorted(str(body.get("name") or "") for body in element.list("networks", version=V2)))


def _workloads(element: Element) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    """VMs and volume groups as (kind, name, uuids of their containers)."""
    vms = element.list("vms", {"include_vm_disk_config": "true"}, version=V2)
    groups = element.list("volume_groups", {"include_disk_size": "true"}, version=V2)
    found = [("VM", body, body.get("vm_disk_info")) for body in vms] + [("volume group", body, body.get("disk_list")) for body in groups]
    return tuple((kind, str(body.get("name") or ""), _in_containers(disks or ())) for kind, body, disks in found)


def _in_containers(disks: t.Iterable[Body]) -> tuple[str, ...]:
    return tuple(sorted({str(disk["storage_container_uuid"]) for disk in disks if disk.get("storage_container_uuid") and not disk.get("is_cdrom")}))


def _named(workloads: t.Iterable[tuple[str, str, tuple[str, ...]]], containers: t.Iterable[tuple[str, Container]]) -> tuple[Workload, ...]:
    names = {uuid: container.name for uuid, container in containers}
    return tuple(Workload(kind, name, tuple(names.get(uuid, uuid) for uuid in uuids)) for kind, name, uuids in workloads)


def _alerts(element: Element) -> tuple[Alert, ...]:
    return tuple(_alert(body) for body in element.list("alerts", {"resolved": "false"}) if not body.get("resolved"))


def _alert(body: Body) -> Alert:
    values = [str(value) for value in body.get("contextValues") or ()]
    slots = dict(zip(map(str, body.get("contextTypes") or ()), values, strict=False))
    text = re.sub(r"\{([^{}]+)\}", lambda slot: slots.get(slot[1], slot[0]), str(body.get("message") or ""))
    affected = [str(entity["entityName"]) for entity in body.get("affectedEntities") or () if entity.get("entityName")]
    severity = str(body.get("severity") or "").removeprefix("k").lower()
    return Alert(str(body.get("alertTitle") or ""), text, severity, tuple(dict.fromkeys([*affected, *values])))


def _clock(element: Element) -> float:
    return element.clock_ahead()


def _bytes(text: t.Any) -> int | None:
    """A number of a statistic; -1 means unknown."""
    return int(text) if str(text).isdigit() else None


_READERS: t.Mapping[str, t.Callable[[Element], t.Any]] = {
    "cluster": _cluster,
    "remote_sites": _halves,
    "containers": _containers,
    "networks": _networks,
    "workloads": _workloads,
    "alerts": _alerts,
    "clock": _clock,
}
#: Parts that ``Side`` keeps under another name.
_FIELDS = {"remote_sites": "halves"}

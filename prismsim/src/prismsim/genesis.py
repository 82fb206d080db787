# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a site of an estate to stored objects. Knows the estate's words and the API's; checks every body on the way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from prismsim import estate as words
from prismsim import shape, validate
from prismsim.contract import catalog
from prismsim.crud import PARENT, RESOURCES, Resource
from prismsim.estate import Estate, EstateError, object_id, resolve
from prismsim.objects import Document
from prismsim.site import ADMIN, Site

_BODIES = ("address_groups", "service_groups", "entity_groups", "security_policies", "protection_policies")


def populate(site: Site, described: words.Site, estate: Estate) -> None:
    """Create all objects of a site. Raises EstateError naming every body that the site's release would refuse."""
    ids = Ids(site.id)
    _prism(site, described, estate)
    for cluster in described.clusters:
        _cluster(site, cluster, ids)
    for category in described.categories:
        document = {"key": category.key, "value": category.value, "type": category.type, "ownerUuid": ADMIN}
        _put(site, "category", ids("category", category.name), document, description=category.description)
    for vpc in described.vpcs:
        network: Document = {"name": vpc.name, "vpcType": "REGULAR", "metadata": _metadata(vpc.categories, ids)}
        _put(site, "vpc", ids("vpc", vpc.name), network, description=vpc.description)
    for subnet in described.subnets:
        _subnet(site, subnet, ids)
    for function in described.network_functions:
        _network_function(site, function, ids)
    for vm in described.vms:
        _vm(site, vm, ids)
    problems = [line for plural in _BODIES for body in getattr(described, plural) for line in _body(site, plural, body, ids)]
    if problems:
        raise EstateError(estate.name, problems)
    for sync in described.entity_sync:
        _entity_sync(site, sync, ids)


class Ids:
    """The ids of one site's objects by kind and name; a domain manager is named by its site."""

    def __init__(self, site: str) -> None:
        self._site = site

    def __call__(self, kind: str, name: str) -> str:
        return object_id(name if kind == "domain_manager" else self._site, kind, name)

    def reference(self, reference: str) -> str:
        """The id of ``@kind:name``."""
        return self(*words.split(reference))


def _put(site: Site, kind: str, ext_id: str, document: Document, **optional: Any) -> None:
    whole = {"extId": ext_id, **document, **optional}
    site.put(kind, {key: value for key, value in whole.items() if value not in (None, [], {}, ())})


def _body(site: Site, plural: str, body: Mapping[str, Any], ids: Ids) -> list[str]:
    kind = plural.replace("policies", "policy").removesuffix("s")
    document = {"extId": ids(kind, body["name"]), **resolve(dict(body), ids)}
    return put_body(site, kind, document, f"sites.{site.id}.{plural}.{body.get('name')}")


def put_body(site: Site, kind: str, body: Document, where: str) -> list[str]:
    """Create an object from an API body with its id; what the site's release or the rules of its kind refuse."""
    resource: Resource = RESOURCES[kind]
    resolved = {key: value for key, value in body.items() if key not in ("extId", PARENT)}
    contract = catalog(resource.namespace, site.minor(resource.namespace))
    if resource.model not in contract.models:
        return [f"{where}: release {site.release} knows no {resource.noun}"]
    problems = validate.check(resolved, resource.model, contract, resource.ignored)
    if problems:
        return [f"{where}: {problem.attribute}: {problem.text} (release {site.release})" for problem in problems]
    document = shape.stored(resolved, resource.model, contract, resource.ignored)
    document = {**{key: body[key] for key in ("extId", PARENT) if key in body}, **document}
    prepared = resource.prepare(site, document, None)
    if body.get("isSystemDefined"):
        prepared = {**prepared, "isSystemDefined": True}
    else:
        messages = resource.check(site, document, None)
        if messages:
            return [f"{where}: {message.text}" for message in messages]
    site.put(kind, prepared)
    return []


def _metadata(categories: tuple[str, ...], ids: Ids) -> Document:
    found = [ids.reference(reference) for reference in categories]
    return {"ownerReferenceId": ADMIN, **({"categoryIds": found} if found else {})}


def _prism(site: Site, described: words.Site, estate: Estate) -> None:
    """The Prism Central itself: domain manager, cluster entry, products, and the others it is registered with."""
    build = {"version": site.release}
    config = {"name": site.name, "size": "SMALL", "buildInfo": build}
    address = {"ipv4": {"value": "127.0.0.1", "prefixLength": 32}}
    network: Document = {"externalAddress": address, "nameServers": [address], "ntpServers": [address], "externalNetworks": []}
    manager: Document = {"config": config, "network": network, "isRegisteredWithHostingCluster": True, "shouldEnableHighAvailability": False}
    _put(site, "domain_manager", site.domain_manager_id, manager)
    function: Document = {"clusterFunction": ["PRISM_CENTRAL"], "buildInfo": build, "isAvailable": True}
    _put(site, "cluster", site.domain_manager_id, {"name": site.name, "config": function, "network": {"externalAddress": address}})
    enabled = {"FLOW_NETWORK_SECURITY": True, "FLOW_VIRTUAL_NETWORKING": True, "NUTANIX_DISASTER_RECOVERY": True, "FLOW_CONTROLLER": site.flex_mode}
    for name, on in enabled.items():
        product = {"name": name, "enablementState": "ENABLED" if on else "DISABLED", "version": build["version"]}
        _put(site, "product", object_id(site.id, "product", name), product)
    for other in described.availability.registered_with:
        _registration(site, other, estate)


def _registration(site: Site, other: str, estate: Estate) -> None:
    pc = estate.sites[other].prism_central
    address = {"ipv4": {"value": "127.0.0.1", "prefixLength": 32}}
    details: Document = {"name": pc.name, "externalAddress": address, "clusterType": "DOMAIN_MANAGER", "clusterVersion": pc.release}
    document = {
        "remoteClusterExtId": object_id(other, "domain_manager", other),
        "connectivityStatus": "CONNECTED",
        "remoteClusterDetails": details,
    }
    _put(site, "registration", object_id(site.id, "registration", other), document)


def _cluster(site: Site, cluster: words.Cluster, ids: Ids) -> None:
    config = {"clusterFunction": ["AOS"], "hypervisorTypes": ["AHV"], "isAvailable": True, "buildInfo": {"version": cluster.version}}
    network = {"externalAddress": {"ipv4": {"value": cluster.virtual_ip, "prefixLength": 32}}} if cluster.virtual_ip else {}
    ext_id = ids("cluster", cluster.name)
    _put(site, "cluster", ext_id, {"name": cluster.name, "config": config}, network=network)
    for storage in cluster.storage_containers:
        container = object_id(site.id, "storage_container", f"{cluster.name}/{storage.name}")
        document = {"containerExtId": container, "name": storage.name, "clusterExtId": ext_id, "clusterName": cluster.name}
        _put(site, "storage_container", container, document)


def _subnet(site: Site, subnet: words.Subnet, ids: Ids) -> None:
    overlay = subnet.type == "overlay"
    document: Document = {
        "name": subnet.name,
        "subnetType": "OVERLAY" if overlay else "VLAN",
        "isExternal": False,
        "hypervisorType": "acropolis",
        "isAdvancedNetworking": True if subnet.advanced and not overlay else None,
        "networkId": site.next_number("vni") if overlay else subnet.vlan_id,
        "metadata": _metadata(subnet.categories, ids),
    }
    if overlay and subnet.vpc:
        document["vpcReference"] = ids("vpc", subnet.vpc)
    elif subnet.cluster:
        document["clusterReference"] = ids("cluster", subnet.cluster)
        document["clusterName"] = subnet.cluster
    if subnet.prefix:
        document["ipConfig"] = [{"ipv4": _ip_config(subnet)}]
        document["ipPrefix"] = subnet.prefix
    _put(site, "subnet", ids("subnet", subnet.path), document)


def _ip_config(subnet: words.Subnet) -> Document:
    address, _ignored, length = str(subnet.prefix).partition("/")
    config: Document = {"ipSubnet": {"ip": {"value": address, "prefixLength": 32}, "prefixLength": int(length)}}
    if subnet.gateway:
        config["defaultGatewayIp"] = {"value": subnet.gateway, "prefixLength": 32}
    return config


def _network_function(site: Site, function: words.NetworkFunction, ids: Ids) -> None:
    ext_id = ids("network_function", function.name)
    pair = {
        "ingressNicReference": str(uuid5(NAMESPACE_OID, f"{ext_id}/in")),
        "egressNicReference": str(uuid5(NAMESPACE_OID, f"{ext_id}/out")),
        "vmReference": str(uuid5(NAMESPACE_OID, f"{ext_id}/vm")),
        "isEnabled": True,
        "dataPlaneHealthStatus": "HEALTHY",
        "highAvailabilityState": "ACTIVE",
    }
    health = {"failureThreshold": 3, "intervalSecs": 5, "successThreshold": 3, "timeoutSecs": 1}
    document = {
        "name": function.name,
        "nicPairs": [pair],
        "highAvailabilityMode": "ACTIVE_PASSIVE",
        "failureHandling": function.failure_handling,
        "trafficForwardingMode": function.traffic_forwarding_mode,
        "dataPlaneHealthCheckConfig": health,
        "metadata": {"ownerReferenceId": ADMIN},
    }
    _put(site, "network_function", ext_id, document, description=function.description)


def _vm(site: Site, vm: words.Vm, ids: Ids) -> None:
    ext_id = ids("vm", vm.name)
    document = {
        "name": vm.name,
        "cluster": {"extId": ids("cluster", vm.cluster)},
        "categories": [{"extId": ids.reference(reference)} for reference in vm.categories],
        "powerState": "ON" if vm.power == "on" else "OFF",
        "nics": [_nic(ext_id, index, nic, ids) for index, nic in enumerate(vm.nics)],
        "disks": [_disk(site, vm, index) for index in range(len(vm.disks))],
        "memorySizeBytes": 4 * 1024**3, "numSockets": 2, "numCoresPerSocket": 1, "numThreadsPerCore": 1,
        "biosUuid": ext_id, "generationUuid": str(uuid5(NAMESPACE_OID, f"{ext_id}/generation")),
        "protectionType": "UNPROTECTED", "machineType": "PC", "hardwareClockTimezone": "UTC",
        "ownershipInfo": {"owner": {"extId": ADMIN}}, "isCrossClusterMigrationInProgress": False,
        "createTime": site.now(), "updateTime": site.now(),
    }  # fmt: skip
    _put(site, "vm", ext_id, document, description=vm.description)


def _disk(site: Site, vm: words.Vm, index: int) -> Document:
    disk = vm.disks[index]
    container = object_id(site.id, "storage_container", f"{vm.cluster}/{disk.container}")
    ext_id = object_id(site.id, "disk", f"{vm.name}/{index}")
    backing: Document = {"diskExtId": ext_id, "diskSizeBytes": disk.gib * 1024**3, "storageContainer": {"extId": container}}
    return {
        "extId": ext_id,
        "diskAddress": {"busType": "SCSI", "index": index},
        "backingInfo": {"$objectType": "vmm.v4.ahv.config.VmDisk", **backing},
    }


def _nic(vm: str, index: int, nic: words.Nic, ids: Ids) -> Document:
    """Both forms of a NIC: the legacy pair and the one that came with 4.1."""
    ext_id = str(uuid5(NAMESPACE_OID, f"{vm}/nic/{index}"))
    tail = ext_id.replace("-", "")
    mac = "50:6b:8d:" + ":".join(tail[i : i + 2] for i in (0, 2, 4))
    network: Document = {"nicType": "NORMAL_NIC", "vlanMode": "ACCESS", "subnet": {"extId": ids("subnet", nic.subnet)}}
    if nic.ip:
        address = {"value": nic.ip, "prefixLength": 32}
        network["ipv4Config"] = {"shouldAssignIp": True, "ipAddress": address}
        network["ipv4Info"] = {"learnedIpAddresses": [address]}
    backing = {"model": "VIRTIO", "macAddress": mac, "isConnected": True}
    prefix = "vmm.v4.ahv.config."
    return {
        "extId": ext_id,
        "backingInfo": backing,
        "networkInfo": network,
        "nicBackingInfo": {"$objectType": prefix + "VirtualEthernetNic", **backing},
        "nicNetworkInfo": {"$objectType": prefix + "VirtualEthernetNicNetworkInfo", **network},
    }


_SYNCED = {
    "SECURITY_POLICY": "security_policy", "ADDRESS_GROUP": "address_group", "SERVICE_GROUP": "service_group",
    "CATEGORY": "category", "ENTITY_GROUP": "entity_group", "SUBNET": "subnet",
}  # fmt: skip


def _entity_sync(site: Site, sync: words.EntitySync, ids: Ids) -> None:
    kind = _SYNCED.get(sync.entity_type, sync.entity_type.lower())
    document = {
        "remoteDomainManagerExtId": ids("domain_manager", sync.remote_site),
        "entityExtId": ids(kind, sync.name),
        "entityType": sync.entity_type,
        "entityName": sync.name,
        "status": sync.status,
        "ownerExtId": ADMIN,
    }
    name = f"{sync.remote_site}/{sync.entity_type}/{sync.name}"
    _put(site, "entity_sync_policy", object_id(site.id, "entity_sync_policy", name), document)

# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""VMs, subnets and VPCs of a site as plain data: what coverage, membership and site maps are made of. Reads through Site."""

from __future__ import annotations

import typing as t

from .._errors import UnknownReference
from .._model.addresses import canonical_address, sort_addresses
from .cluster_pairs import MANAGEMENT_SHARE
from .site_map_generate import addresses_in

if t.TYPE_CHECKING:
    from .site import Site

Data = dict[str, t.Any]
_WITH_ADDRESSES = ("address_group", "entity_group", "security_rule")
_TELLS_IPV6 = (4, 1)
KINDS = ("vm", "subnet", "vpc", "cluster", "category")


def vms(site: Site) -> list[Data]:
    """Every VM, sorted by name: ``{name, ext_id, categories: [key/value], power, cluster, nics: [nic]}``.

    A nic: ``{subnet, kind: vlan|overlay, advanced, vpc, ip, subnet_categories, vpc_categories}``. ``ip`` is one address, or a list of
    all of them, the one that Prism Central assigns first; empty if none is known.
    """
    site.load(KINDS)
    subnets = {str(body["extId"]): body for body in site.bodies("subnet")}
    landings = {ext_id: _landing(site, body) for ext_id, body in subnets.items()}
    found = [
        {
            "name": str(body.get("name") or ""),
            "ext_id": str(body["extId"]),
            "categories": _categories(site, [item.get("extId") for item in body.get("categories") or ()]),
            "power": str(body.get("powerState") or "undetermined").lower(),
            "cluster": _name(site, "cluster", (body.get("cluster") or {}).get("extId")),
            "nics": [_nic(nic, landings) for nic in body.get("nics") or ()],
        }
        for body in site.bodies("vm")
    ]
    return sorted(found, key=lambda vm: str(vm["name"]))


def networks(site: Site) -> Data:
    """What a site map is about: ``{vpcs, subnets: {name: prefix or ""}, network_functions, clusters, addresses}``; the last are
    those that policies and groups name."""
    site.load(("vpc", "subnet", "network_function", "cluster", *_WITH_ADDRESSES))
    subnets = {_name(site, "subnet", body["extId"]): _prefix(body) for body in site.bodies("subnet")}
    clusters = [
        str(body.get("name"))
        for body in site.bodies("cluster")
        if "PRISM_CENTRAL" not in ((body.get("config") or {}).get("clusterFunction") or ())
    ]
    return {
        "vpcs": sorted(str(body.get("name")) for body in site.bodies("vpc")),
        "subnets": dict(sorted(subnets.items())),
        "network_functions": sorted(str(body.get("name")) for body in site.bodies("network_function")),
        "clusters": sorted(clusters),
        "addresses": sorted(addresses_in({kind: [held.canonical for held in site.held(kind)] for kind in _WITH_ADDRESSES})),
    }


def containers(site: Site) -> list[str]:
    """The storage containers of all clusters, by name, or ``CLUSTER/NAME`` where a name is used twice."""
    site.load(("cluster",))
    found = [
        (_name(site, "cluster", body.get("clusterExtId")), str(body.get("name") or ""))
        for body in site.client.list("clustermgmt", "config/storage-containers")
        if body.get("name") != MANAGEMENT_SHARE
    ]
    names = [name for _cluster, name in found]
    return sorted(name if names.count(name) == 1 else f"{cluster}/{name}" for cluster, name in found)


def prism_central(site: Site) -> tuple[str, str]:
    """Name and version of the Prism Central itself."""
    for body in site.client.list("prism", "config/domain-managers", limit=None):
        config = body.get("config") or {}
        return str(config.get("name") or ""), str((config.get("buildInfo") or {}).get("version") or "")
    return "", ""


def landings(site: Site) -> dict[str, Data]:
    """What an interface gets from its subnet, by name of the subnet: the parts of a nic (see ``vms``) without ``ip``."""
    site.load(("subnet", "vpc", "category"))
    found = [_landing(site, body) for body in site.bodies("subnet")]
    return {landing["subnet"]: landing for landing in found}


def _landing(site: Site, subnet: Data) -> Data:
    vpc = next((body for body in site.bodies("vpc") if str(body["extId"]) == str(subnet.get("vpcReference"))), {})
    overlay = subnet.get("subnetType") == "OVERLAY"
    return {
        "subnet": _name(site, "subnet", subnet.get("extId")),
        "kind": "overlay" if overlay else "vlan",
        "advanced": overlay or bool(subnet.get("isAdvancedNetworking")),
        "vpc": _name(site, "vpc", vpc.get("extId")),
        "subnet_categories": _categories(site, (subnet.get("metadata") or {}).get("categoryIds") or ()),
        "vpc_categories": _categories(site, (vpc.get("metadata") or {}).get("categoryIds") or ()),
    }


_NOWHERE: Data = {"subnet": "", "kind": "vlan", "advanced": False, "vpc": "", "subnet_categories": [], "vpc_categories": []}


def _nic(nic: Data, landings: t.Mapping[str, Data]) -> Data:
    info = nic.get("nicNetworkInfo") or nic.get("networkInfo") or {}
    return {**landings.get(str((info.get("subnet") or {}).get("extId")), _NOWHERE), "ip": _ip(info)}


def addresses_of(info: Data) -> list[str]:
    """All addresses of an interface, each once (contract/v4 section 14): the one that Prism Central assigned first, then its secondary
    ones and what the host has learned, in order."""
    config, learned, learned6 = (info.get(part) or {} for part in ("ipv4Config", "ipv4Info", "ipv6Info"))
    others = [
        *(config.get("secondaryIpAddressList") or ()),
        *(learned.get("learnedIpAddresses") or ()),
        *(learned6.get("learnedIpv6Addresses") or ()),
    ]
    assigned = [str(item["value"]) for item in [config.get("ipAddress") or {}] if item.get("value")]
    return list(dict.fromkeys([*assigned, *sort_addresses(str(item["value"]) for item in others if item.get("value"))]))


def addresses_unknown(site: Site) -> str:
    """Which addresses of VMs the site can't tell, in words; empty if it tells all that its hosts know."""
    return "" if site.minor("vmm") >= _TELLS_IPV6 else "the IPv6 addresses of its VMs, which its release keeps to itself"


def _ip(info: Data) -> str | list[str]:
    found = addresses_of(info)
    return found if len(found) > 1 else "".join(found)


def _prefix(subnet: Data) -> str:
    for config in subnet.get("ipConfig") or ():
        for family in ("ipv4", "ipv6"):
            inner = (config.get(family) or {}).get("ipSubnet") or {}
            if inner.get("ip"):
                return canonical_address(f"{inner['ip']['value']}/{inner['prefixLength']}")
    return ""


def _categories(site: Site, ext_ids: t.Iterable[t.Any]) -> list[str]:
    return sorted(name for name in (_name(site, "category", ext_id) for ext_id in ext_ids) if name)


def _name(site: Site, kind: str, ext_id: t.Any) -> str:
    """The name of an id; empty without one, or for an id whose object is gone."""
    if not ext_id:
        return ""
    try:
        return site.directory.name_of(kind, str(ext_id))
    except UnknownReference:
        return ""

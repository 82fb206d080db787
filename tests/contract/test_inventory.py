# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""VMs, networks, clusters and the Prism Central itself: read, and changed where the simulator serves it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.kinds import category
from tests.contract.sdk import Site, check_known, data_of, refusal


def only(entries: list[Any]) -> Any:
    (entry,) = entries
    return entry


def test_vm_carries_what_the_estate_says(site: Site) -> None:
    api = site.api("vmm", "VmApi")
    vm = data_of(api.get_vm_by_id(only(data_of(api.list_vms(_filter="name eq 'web-1'"))).ext_id))
    assert [entry.ext_id for entry in vm.categories] == [category(site, "AppType", "Shop"), category(site, "AppTier", "Web")]
    assert vm.power_state == "ON"
    servers = only(data_of(site.api("networking", "SubnetsApi").list_subnets(_filter="name eq 'servers'")))
    assert vm.nics[0].network_info.subnet.ext_id == servers.ext_id
    assert vm.nics[0].network_info.ipv4_config.ip_address.value == "10.1.1.11"
    ahv = only([entry for entry in data_of(site.api("clustermgmt", "ClustersApi").list_clusters()) if entry.name == "ahv"])
    assert vm.cluster.ext_id == ahv.ext_id


def test_vm_categories_need_an_etag_and_keep_their_order(site: Site) -> None:
    api = site.api("vmm", "VmApi")
    vm_id = only(data_of(api.list_vms(_filter="name eq 'app-1'"))).ext_id
    wanted = [category(site, "Zone", "DMZ"), category(site, "AppTier", "DB")]

    def parameters(verb: str) -> Any:
        return site.model("vmm", f"ahv.config.{verb}VmCategoriesParams", {"categories": [{"extId": ext_id} for ext_id in wanted]})

    def etag() -> str:
        return str(site.client("vmm").get_etag(data_of(api.get_vm_by_id(vm_id))))

    refusal("vmm", lambda: api.associate_categories(vm_id, parameters("Associate")), 428)
    site.wait(api.associate_categories(vm_id, parameters("Associate"), if_match=etag()))
    assert [entry.ext_id for entry in data_of(api.get_vm_by_id(vm_id)).categories] == wanted
    site.wait(api.disassociate_categories(vm_id, parameters("Disassociate"), if_match=etag()))
    assert not data_of(api.get_vm_by_id(vm_id)).categories


def test_power(site: Site) -> None:
    api = site.api("vmm", "VmApi")
    vm_id = only(data_of(api.list_vms(_filter="name eq 'db-1'"))).ext_id
    for call, state in ((api.power_on_vm, "ON"), (api.power_off_vm, "OFF")):
        vm = data_of(api.get_vm_by_id(vm_id))
        site.wait(call(vm_id, if_match=site.client("vmm").get_etag(vm)))
        assert data_of(api.get_vm_by_id(vm_id)).power_state == state


def test_vpc_and_subnet_are_made(site: Site) -> None:
    vpcs, subnets = site.api("networking", "VpcsApi"), site.api("networking", "SubnetsApi")
    tag = category(site, "Zone", "DMZ")
    vpc = site.model("networking", "config.Vpc", {"name": f"made-{site.minor('networking')}", "metadata": {"categoryIds": [tag]}})
    vpc_id = site.made(vpcs.create_vpc(vpc), "networking:config:vpc")
    assert data_of(vpcs.get_vpc_by_id(vpc_id)).metadata.category_ids == [tag]
    prefix = {"ip": {"value": "192.168.77.0", "prefixLength": 32}, "prefixLength": 24}
    gateway = {"value": "192.168.77.1", "prefixLength": 32}
    body = {
        "name": "inside",
        "subnetType": "OVERLAY",
        "vpcReference": vpc_id,
        "ipConfig": [{"ipv4": {"ipSubnet": prefix, "defaultGatewayIp": gateway}}],
    }
    subnet_id = site.made(subnets.create_subnet(site.model("networking", "config.Subnet", body)), "networking:config:subnet")
    subnet = data_of(subnets.get_subnet_by_id(subnet_id))
    assert subnet.vpc_reference == vpc_id
    assert subnet.ip_config[0].ipv4.ip_subnet.prefix_length == 24
    expanded = only(data_of(subnets.list_subnets(_filter=f"extId eq '{subnet_id}'", _expand="vpc")))
    assert expanded.vpc.name == f"made-{site.minor('networking')}"


def test_network_function_is_made(site: Site) -> None:
    if site.minor("networking") < 1:
        pytest.skip("network functions came with minor 4.1; SDK and site have less in common")
    api = site.api("networking", "NetworkFunctionsApi")
    nic = only(data_of(site.api("vmm", "VmApi").list_vms(_filter="name eq 'app-1'"))).nics[0].ext_id
    body = {"name": "made", "highAvailabilityMode": "ACTIVE_PASSIVE", "nicPairs": [{"ingressNicReference": nic, "isEnabled": True}]}
    answer = api.create_network_function(site.model("networking", "config.NetworkFunction", body))
    made = [entity for entity in site.wait(answer).entities_affected if entity.rel.lower() == "networking:config:network-function"]
    assert data_of(api.get_network_function_by_id(only(made).ext_id)).name == "made"
    assert {entry.name for entry in data_of(api.list_network_functions())} >= {"ids", "made"}


def test_clusters(site: Site) -> None:
    api = site.api("clustermgmt", "ClustersApi")
    managers = data_of(api.list_clusters(_filter="config/clusterFunction/any(t:t eq Clustermgmt.Config.ClusterFunctionRef'PRISM_CENTRAL')"))
    own = only(data_of(site.api("prism", "DomainManagerApi").list_domain_managers()))
    assert only(managers).ext_id == own.ext_id
    ahv = only(data_of(api.list_clusters(_filter="name eq 'ahv'")))
    assert data_of(api.get_cluster_by_id(ahv.ext_id)).network.external_address.ipv4.value == "10.1.0.10"
    containers = site.api("clustermgmt", "StorageContainersApi")
    container = only(data_of(containers.list_storage_containers(_filter=f"clusterExtId eq '{ahv.ext_id}' and name eq 'default'")))
    assert data_of(containers.get_storage_container_by_id(container.container_ext_id)).name == "default"


def test_domain_manager_and_registrations(site: Site) -> None:
    api = site.api("prism", "DomainManagerApi")
    own = only(data_of(api.list_domain_managers()))
    manager = data_of(api.get_domain_manager_by_id(own.ext_id))
    assert manager.config.name == site.id
    assert manager.config.build_info.version == site.release
    if site.minor("prism") < 1:
        return
    products = data_of(api.list_products(own.ext_id))
    assert {product.name for product in products} >= {"FLOW_NETWORK_SECURITY", "FLOW_VIRTUAL_NETWORKING"}
    assert data_of(api.get_product_by_id(own.ext_id, products[0].ext_id)).name == products[0].name
    if site.minor("prism") >= 2:
        registrations = site.api("prism", "RegistrationApi")
        listed = data_of(registrations.list_registrations(own.ext_id))
        expected = {"pc-7-5": ["pc-7-6"], "pc-7-6": ["pc-7-5"]}.get(site.id, [])
        assert [entry.remote_cluster_details.name for entry in listed] == expected
        for entry in listed:
            read = data_of(registrations.get_registration_by_id(own.ext_id, entry.ext_id))
            assert read.connectivity_status == "CONNECTED"


def test_entity_sync(site: Site) -> None:
    if site.minor("datapolicies") < 1:
        pytest.skip("entity sync came with minor 4.1; SDK and site have less in common")
    api = site.api("datapolicies", "EntitySyncPoliciesApi")
    listed = {entry.entity_name: entry for entry in data_of(api.list_entity_sync_policies())}
    assert {name: entry.entity_type for name, entry in listed.items()} == {"shop": "SECURITY_POLICY", "AppType/Shop": "CATEGORY"}
    policy = data_of(api.get_entity_sync_policy_by_id(listed["shop"].ext_id))
    check_known(policy)
    assert policy.remote_domain_manager_ext_id
    site.wait(api.sync_entity_sync_policy_by_id(policy.ext_id, if_match=site.client("datapolicies").get_etag(policy)))
    assert data_of(api.get_entity_sync_policy_by_id(policy.ext_id)).status == "IN_SYNC"

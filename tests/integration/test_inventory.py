"""The inventory plugin against two simulated sites, by ansible-inventory as people run it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from ansible_collections.nutanix_flow.dr.plugins.module_utils._errors import DrError
from ansible_collections.nutanix_flow.dr.plugins.module_utils._glue.inventory_run import read_sites
from prismsim.testing import Running, running
from tests.integration.pair import MINIMAL
from tests.integration.play import COLLECTIONS, connection_of

# The connections of both sites differ in the port alone: the rest comes from the environment.
SHARED = {"NUTANIX_USERNAME": "nutanix_username", "NUTANIX_PASSWORD": "nutanix_password", "NUTANIX_CA_PATH": "ca_path"}


class Listed(NamedTuple):
    """What ansible-inventory said; ``data`` is empty if it failed."""

    data: dict[str, Any]
    complaint: str

    def group(self, name: str) -> list[str]:
        return sorted(self.data.get(name, {}).get("hosts", []))

    def variables(self, host: str) -> dict[str, Any]:
        found: dict[str, Any] = self.data["_meta"]["hostvars"][host]
        return found


class World(NamedTuple):
    """Two sites and a directory for the source file."""

    sim: Running
    directory: Path

    def listed(self, *, name: str = "nutanix_flow.prism.yml", cache: bool = False, **options: Any) -> Listed:
        """The inventory of both sites; ``options`` go into the source file."""
        connections = {site: connection_of(self.sim.ready, site) for site in ("north", "south")}
        sites = [{"id": site, **{key: found[key] for key in ("nutanix_host", "nutanix_port")}} for site, found in connections.items()]
        path = self.directory / name
        path.write_text(yaml.safe_dump({"plugin": "nutanix_flow.dr.prism", "sites": sites, **options}))
        environment = {
            **os.environ, "ANSIBLE_COLLECTIONS_PATH": str(COLLECTIONS), "ANSIBLE_HOME": str(self.directory), "ANSIBLE_NOCOLOR": "true",
            "ANSIBLE_INVENTORY_UNPARSED_FAILED": "true", "ANSIBLE_INVENTORY_CACHE": str(cache).lower(),
            "ANSIBLE_INVENTORY_CACHE_PLUGIN": "ansible.builtin.jsonfile", "ANSIBLE_INVENTORY_CACHE_CONNECTION": str(self.directory / "cache"),
            **{variable: str(connections["north"][key]) for variable, key in SHARED.items()},
        }
        command = [str(Path(sys.executable).with_name("ansible-inventory")), "-i", str(path), "--list"]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=120)
        # Ansible breaks its messages into lines.
        return Listed(json.loads(done.stdout, object_hook=plain) if done.returncode == 0 else {}, " ".join(done.stderr.split()))


def plain(data: dict[str, Any]) -> Any:
    """Texts that may not be templates are marked in the list."""
    return data["__ansible_unsafe"] if set(data) == {"__ansible_unsafe"} else data


@pytest.fixture(scope="module")
def sim() -> Iterator[Running]:
    with running(MINIMAL) as found:
        yield found


@pytest.fixture
def world(sim: Running, tmp_path: Path) -> World:
    return World(sim, tmp_path)


def test_vms_are_grouped_by_site_and_category(world: World) -> None:
    last = world.sim.mark()
    found = world.listed(
        strict=True,
        compose={"ansible_user": "'root'"},
        groups={"databases": "prism_categories.AppTier | default('') == 'DB'"},
        keyed_groups=[{"key": "prism_power", "prefix": "power"}],
    )
    assert world.sim.writes(since=last) == []
    assert found.group("site_south") == []
    assert {"web-1", "app-1", "db-1"} <= set(found.group("site_north"))
    assert found.group("AppTier_Web") == ["web-1", "web-2"]
    assert found.group("databases") == found.group("AppTier_DB") != []
    assert "web-1" in found.group("power_on")
    web = found.variables("web-1")
    assert (web["ansible_host"], web["ansible_user"], web["prism_site"], web["prism_cluster"]) == ("10.1.1.11", "root", "north", "north-ahv")
    assert web["prism_categories"] == {"AppTier": "Web", "AppType": "Shop", "Environment": "Production"}
    assert web["prism_nics"] == [{"subnet": "servers", "kind": "vlan", "vpc": "", "addresses": ["10.1.1.11"]}]


def test_all_addresses_and_the_preferred_network(world: World) -> None:
    nic = {"subnet": {"extId": "@subnet:servers"}, "ipv4Config": {"ipAddress": {"value": "10.1.1.12"}, "secondaryIpAddressList": [{"value": "10.1.1.112"}]}}
    nic["ipv6Info"] = {"learnedIpv6Addresses": [{"value": "2001:db8::12"}]}
    world.sim.edit("north", "vm", "web-2", {"nics": [{"nicNetworkInfo": {"$objectType": "vmm.v4.ahv.config.VirtualEthernetNicNetworkInfo", **nic}}]})
    found = world.listed(networks=["10.1.1.112/32", "servers", "nowhere"])
    assert found.variables("web-2")["prism_nics"][0]["addresses"] == ["10.1.1.12", "10.1.1.112", "2001:db8::12"]
    assert (found.variables("web-2")["ansible_host"], found.variables("web-1")["ansible_host"]) == ("10.1.1.112", "10.1.1.11")
    assert "no VM has an address in nowhere" in found.complaint


def test_a_cached_inventory_asks_nobody(world: World) -> None:
    first = world.listed(cache=True)
    last = world.sim.mark()
    assert world.listed(cache=True).data == first.data != {}
    assert world.sim.requests(since=last) == []


@pytest.mark.parametrize(("sites", "complaint"), [
    ([], "names no site"),
    ([{"id": "north", "nutanix_hots": "x"}], "nutanix_hots"),
    ([{"id": "north", "nutanix_host": "pc-north"}], "nutanix_username"),
    ([{"id": "north", "nutanix_host": host, "nutanix_api_key": "x"} for host in ("pc-1", "pc-2")], "listed 2 times"),
    ([{"id": "north", "nutanix_host": "127.0.0.1", "nutanix_port": 1, "nutanix_api_key": "x"}], "north.*refused"),
])
def test_what_is_wrong_with_the_sites_is_said(sites: list[dict[str, Any]], complaint: str) -> None:
    with pytest.raises(DrError, match=complaint):
        read_sites(sites, skip_unanswered=True)


@pytest.mark.parametrize(("name", "complaint"), [("x.prism.yml", "there is no option hosts"), ("hosts.yml", "")])
def test_only_its_own_files_and_options_are_taken(world: World, name: str, complaint: str) -> None:
    found = world.listed(name=name, hosts=[])
    assert found.group("site_north") == []
    assert complaint in found.complaint


def test_a_site_that_is_gone_is_an_error_unless_it_may_be_skipped(world: World) -> None:
    world.sim.down("south")
    try:
        refused, skipped = world.listed(), world.listed(skip_unanswered=True)
    finally:
        world.sim.up("south")
    assert refused.data == {}
    assert "south" in refused.complaint
    assert "web-1" in skipped.group("site_north")
    assert "the VMs of south are missing" in skipped.complaint

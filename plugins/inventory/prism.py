# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Inventory of the VMs of one or several sites, grouped by site and category. Knows Ansible's inventory; asks through `_glue`."""

from __future__ import annotations

DOCUMENTATION = r"""
name: prism
short_description: VMs of Prism Central, grouped by site and category
version_added: 1.0.0
author:
  - nutanix_flow.dr contributors (@nutanix-flow-dr)
description:
  - Lists the VMs of one or several Prism Centrals. Reads only.
  - The source is a file whose name ends in C(prism.yml) or C(prism.yaml), for instance C(nutanix_flow.prism.yml).
  - Each VM is in the group C(site_ID) of its site, and in a group C(KEY_VALUE) for each of its categories, for instance C(site_north) and C(AppTier_Web).
    Characters that a group can't have become underscores.
  - C(ansible_host) is an address of the VM. It isn't set if none is known, and then Ansible connects to the name.
  - Each host has the variables C(prism_name), C(prism_ext_id), C(prism_site), C(prism_cluster), C(prism_power), C(prism_categories)
    (values by key) and C(prism_nics) (a list with C(subnet), C(kind), C(vpc) and C(addresses)). They can be used
    in O(compose), O(groups) and O(keyed_groups).
extends_documentation_fragment:
  - ansible.builtin.constructed
  - ansible.builtin.inventory_cache
  - nutanix_flow.dr.sites.inventory
options:
  plugin:
    description: Says that the file is for this plugin.
    type: str
    required: true
    choices: [nutanix_flow.dr.prism]
  networks:
    description:
      - Where to look for C(ansible_host), the best first. Each is the name of a subnet (C(VPC/NAME) or C(CLUSTER/NAME) where a name is used twice) or a prefix.
      - Without it, the first address of the first interface is taken.
    type: list
    elements: str
    default: []
  site_in_name:
    description:
      - Whether hosts are called C(NAME.SITE) instead of by the name of the VM.
      - With V(when_needed), only VMs are whose name another VM has too, as after a failover. VMs of one name on one site have their id at the end as well.
    type: str
    choices: [when_needed, always]
    default: when_needed
  skip_unanswered:
    description:
      - Whether to warn and go on without a site that can't be asked, as long as another one answers. By default that is an error, for a site that gives
        no answer isn't one without VMs.
    type: bool
    default: false
"""

EXAMPLES = r"""
# nutanix_flow.prism.yml
plugin: nutanix_flow.dr.prism
sites:
  - id: north
    nutanix_host: pc.north.example.com
    nutanix_username: audit
    nutanix_password: "{{ lookup('ansible.builtin.env', 'NORTH_PASSWORD') }}"
  - id: south # user name and password from NUTANIX_USERNAME and NUTANIX_PASSWORD
    nutanix_host: pc.south.example.com
networks: [management, 10.0.0.0/8]
strict: true
groups:
  windows: prism_name is match('win-')
keyed_groups:
  - key: prism_power
    prefix: power
compose:
  ansible_user: "'Administrator' if prism_name.startswith('win-') else 'root'"
"""

import typing as t

from ansible.errors import AnsibleParserError
from ansible.inventory.group import to_safe_group_name
from ansible.plugins.inventory import BaseInventoryPlugin, Cacheable, Constructable
from ansible.utils.unsafe_proxy import wrap_var

from ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.hosts import Host, hosts, unused_networks
from ansible_collections.nutanix_flow.dr.plugins.module_utils._errors import DrError
from ansible_collections.nutanix_flow.dr.plugins.module_utils._glue.inventory_run import SiteVms, read_sites


class InventoryModule(BaseInventoryPlugin, Constructable, Cacheable):
    """What Ansible looks for."""

    NAME = "nutanix_flow.dr.prism"

    def verify_file(self, path: str) -> bool:
        return bool(super().verify_file(path)) and path.endswith(("prism.yml", "prism.yaml"))

    def parse(self, inventory: t.Any, loader: t.Any, path: str, cache: bool = True) -> None:
        super().parse(inventory, loader, path, cache=cache)
        config = self._read_config_data(path)
        unknown = sorted(set(config) - set(self._options))
        if unknown:
            raise AnsibleParserError(f"{path}: there is no option {', '.join(unknown)} (see ansible-doc -t inventory {self.NAME})")
        vms = self._vms(path, cache)
        networks = self.get_option("networks")
        for network in unused_networks(vms, networks):
            self.display.warning(f"{path}: networks: no VM has an address in {network} (correct the name or prefix)")
        self._categories: dict[str, str] = {}
        for host in hosts(vms, networks=networks, site_in_name=self.get_option("site_in_name")):
            self._add(host)

    def _vms(self, path: str, cache: bool) -> dict[str, list[dict[str, t.Any]]]:
        """All VMs by site, from the cache if it may be used and has them."""
        key, keeps = self.get_cache_key(path), self.get_option("cache")
        if keeps and cache and key in self._cache:
            kept: dict[str, list[dict[str, t.Any]]] = self._cache[key]
            return kept
        found = self._read(path)
        if keeps and not found.unanswered:
            self._cache[key] = found.vms
        return found.vms

    def _read(self, path: str) -> SiteVms:
        try:
            found = read_sites(self.templar.template(self.get_option("sites")), skip_unanswered=self.get_option("skip_unanswered"))
        except DrError as error:
            raise AnsibleParserError(f"{path}: {error}") from error
        for site, why in found.unanswered.items():
            self.display.warning(f"{path}: the VMs of {site} are missing: {why}")
        return found

    def _add(self, host: Host) -> None:
        self.inventory.add_host(host.name)
        # Nothing that stands on a Prism Central is a template.
        variables = wrap_var({**host.variables, **({"ansible_host": host.address} if host.address else {})})
        for name, value in variables.items():
            self.inventory.set_variable(host.name, name, value)
        for category in host.groups:
            group = to_safe_group_name(category, force=True, silent=True)
            other = self._categories.setdefault(group, category)
            if other != category:
                self.display.warning(f"group {group} has hosts of {other} and of {category} (tell them apart with keyed_groups)")
            self.inventory.add_group(group)
            self.inventory.add_child(group, host.name)
        strict = self.get_option("strict")
        self._set_composite_vars(self.get_option("compose"), variables, host.name, strict=strict)
        self._add_host_to_composed_groups(self.get_option("groups"), variables, host.name, strict=strict)
        self._add_host_to_keyed_groups(self.get_option("keyed_groups"), variables, host.name, strict=strict)

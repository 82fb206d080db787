# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An estate file: security rules, groups and VMs of one site in one YAML file, as people write them. Knows the file; asks no site."""

from __future__ import annotations

import ipaddress
import typing as t

from .._errors import Finding, InvalidInput
from .._model.entity import Canonical, Entity, complete, read_params
from .._model.entity_checks import check_whole
from .._model.problems import Problems
from .files import read_file
from .manifest import sha256
from .yaml_text import from_yaml

_VM = frozenset({"name", "ext_id", "categories", "power", "cluster", "nics", "secured_by", "_prism"})
_NIC = frozenset({"subnet", "kind", "advanced", "vpc", "ip", "subnet_categories", "vpc_categories"})


class EstateFile(t.NamedTuple):
    """What is in the file: objects by kind, canonical; VMs as the inventory gives them; the sha256 of the file."""

    objects: t.Mapping[str, t.Sequence[Canonical]]
    vms: t.Sequence[t.Mapping[str, t.Any]]
    digest: str


def read_estate(path: str, entities: t.Mapping[str, Entity]) -> EstateFile:
    """Read a file with the keys ``security_rules``, ``address_groups`` and so on, and ``vms``.

    Raises InvalidInput with everything found wrong.
    """
    raw = read_file(path)
    if raw is None:
        raise InvalidInput([Finding(path, "is missing", "correct the path")], verb="read", kind="estate")
    try:
        value = from_yaml(raw.decode(), path)
    except UnicodeDecodeError as error:
        raise InvalidInput([Finding(path, "is no UTF-8 text")], verb="read", kind="estate") from error
    problems = Problems()
    by_plural = {entity.plural: kind for kind, entity in entities.items()}
    if not isinstance(value, dict):
        problems.add(path, "holds no mapping", f"known keys: {', '.join(sorted([*by_plural, 'vms']))}")
        value = {}
    objects: dict[str, list[Canonical]] = {}
    for key, items in value.items():
        if key not in by_plural and key != "vms":
            problems.unknown(path, key, [*by_plural, "vms"], "key")
        elif not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
            problems.add(f"{path}: {key}", "is no list of mappings")
        elif key == "vms":
            for number, vm in enumerate(items):
                _check_vm(vm, f"{path}: vms[{number}]", problems)
        else:
            kind = by_plural[key]
            objects[kind] = [_object(entities[kind], item, f"{path}: {key}[{number}]", problems) for number, item in enumerate(items)]
    problems.check(verb="read", kind="estate", name=path)
    return EstateFile(objects, value.get("vms", []), sha256(raw))


def _object(entity: Entity, item: t.Mapping[str, t.Any], at: str, problems: Problems) -> Canonical:
    """The object with what it means by leaving fields out."""
    canonical = read_params(entity, item, problems, at=at)
    if not problems.any_at(at):
        check_whole(entity, canonical, problems, at=at)
    whole = complete(entity, canonical)
    return {name: value for name, value in whole.items() if value is not None}


def _check_vm(vm: t.Mapping[str, t.Any], at: str, problems: Problems) -> None:
    if not isinstance(vm.get("name"), str) or not vm["name"]:
        problems.add(at, "has no name")
    for word in sorted(set(vm) - _VM):
        problems.unknown(at, word, _VM, "key of a VM")
    if not isinstance(vm.get("categories", []), (list, dict)):
        problems.add(f"{at}.categories", "is neither a list of key/value nor a mapping")
    nics = vm.get("nics", [])
    if not isinstance(nics, list) or not all(isinstance(nic, dict) for nic in nics):
        problems.add(f"{at}.nics", "is no list of mappings")
        return
    for number, nic in enumerate(nics):
        _check_nic(nic, f"{at}.nics[{number}]", problems)


def _check_nic(nic: t.Mapping[str, t.Any], at: str, problems: Problems) -> None:
    for word in sorted(set(nic) - _NIC):
        problems.unknown(at, word, _NIC, "key of an interface")
    if nic.get("kind", "vlan") not in ("vlan", "overlay"):
        problems.add(f"{at}.kind", f"{nic['kind']!r} is neither vlan nor overlay")
    ips = nic.get("ip") or []
    for ip in [ips] if isinstance(ips, str) else ips:
        try:
            ipaddress.ip_address(ip)
        except ValueError:
            problems.add(f"{at}.ip", f"{ip!r} is no address")

"""Two sites and forty changes between them: what north was, what it became, and so what a replication to south has to do.

Knows estates and the simulator's words; not how changes are replicated or disturbed.
"""

from __future__ import annotations

from typing import Any

from prismsim.testing import Running

Document = dict[str, Any]

#: Writes that bring a south with the old state to the new one, by verb.
CREATES, UPDATES, DELETES = 22, 10, 8
CHANGES = CREATES + UPDATES + DELETES

_APPLICATIONS = ("billing", "claims", "intranet", "orders", "payroll", "wiki")
_NEW = ("archive", "kiosk", "ledger", "loans", "mobile", "quotes")
_GONE = ("fax", "telex")


def estate(release: str) -> Document:
    """North with six applications that stay and two that will go; south with networks only. Both run ``release``."""
    names = (*_APPLICATIONS, *_GONE)
    north = {
        **_site("north", "10.1", release),
        "categories": [{"key": "AppType", "value": name} for name in names],
        "address_groups": [_address_group(f"{name}-offices", number) for number, name in enumerate((*_APPLICATIONS[:2], *_GONE), start=1)],
        "service_groups": [_service_group(f"{name}-api", 8000 + number) for number, name in enumerate((_APPLICATIONS[0], _GONE[0]))],
        "entity_groups": [_entity_group(f"{name}-vms", name) for name in (_APPLICATIONS[0], _GONE[0])],
        "security_policies": [
            *(_policy(name, offices=f"{name}-offices" if number < 2 else "") for number, name in enumerate(_APPLICATIONS)),
            _policy(_GONE[0], offices=f"{_GONE[0]}-offices", api=f"{_GONE[0]}-api", vms=f"{_GONE[0]}-vms"),
            _policy(_GONE[1], offices=f"{_GONE[1]}-offices"),
        ],
        "vms": [_vm(name, number) for number, name in enumerate(names, start=10)],
    }
    return {"name": "forty-changes", "sites": {"north": north, "south": _site("south", "10.2", release)}}


def change(sim: Running) -> None:
    """Make the changes on north, as people would in the console."""
    for name in _NEW:
        sim.create("north", "category", {"key": "AppType", "value": name})
    for number, name in enumerate(_NEW[:4]):
        sim.create("north", "address_group", _address_group(f"{name}-offices", 100 + number))
    for number, name in enumerate(_NEW[:3]):
        sim.create("north", "service_group", _service_group(f"{name}-api", 9000 + number))
        sim.create("north", "entity_group", _entity_group(f"{name}-vms", name))
    for number, name in enumerate(_NEW):
        api, vms = (f"{name}-api", f"{name}-vms") if number < 3 else ("", "")
        sim.create("north", "security_policy", _policy(name, offices=f"{name}-offices" if number < 4 else "", api=api, vms=vms))

    for name in _APPLICATIONS[:2]:
        sim.edit("north", "category", f"AppType/{name}", {"description": "reviewed"})
        sim.edit("north", "address_group", f"{name}-offices", _address_group(f"{name}-offices", 50))
    sim.edit("north", "service_group", f"{_APPLICATIONS[0]}-api", _service_group(f"{_APPLICATIONS[0]}-api", 8443))
    sim.edit("north", "entity_group", f"{_APPLICATIONS[0]}-vms", {"description": "reviewed"})
    for name in _APPLICATIONS[2:]:
        # What is new is used by what was there, and what goes is used by nothing else: the order of the writes matters.
        sim.edit("north", "security_policy", name, {"state": "MONITOR", "rules": _policy(name, offices=f"{_NEW[0]}-offices")["rules"]})

    for name in _GONE:
        sim.delete("north", "security_policy", name)
        sim.delete("north", "address_group", f"{name}-offices")
        sim.edit("north", "vm", f"{name}-1", {"categories": None})
        sim.delete("north", "category", f"AppType/{name}")
    sim.delete("north", "entity_group", f"{_GONE[0]}-vms")
    sim.delete("north", "service_group", f"{_GONE[0]}-api")


def _site(name: str, block: str, release: str) -> Document:
    return {
        "prism_central": {"name": f"pc-{name}", "release": release},
        "clusters": [{"name": f"{name}-ahv", "virtual_ip": f"{block}.0.10"}],
        "subnets": [{"name": "servers", "type": "vlan", "vlan_id": 10, "cluster": f"{name}-ahv", "prefix": f"{block}.1.0/24"}],
    }


def _vm(application: str, number: int) -> Document:
    nic = {"subnet": "servers", "ip": f"10.1.1.{number}"}
    return {"name": f"{application}-1", "cluster": "north-ahv", "categories": [f"@category:AppType/{application}"], "nics": [nic]}


def _address_group(name: str, number: int) -> Document:
    return {"name": name, "ipv4Addresses": [{"value": f"172.20.{number}.0", "prefixLength": 24}]}


def _service_group(name: str, port: int) -> Document:
    return {"name": name, "tcpServices": [{"startPort": port, "endPort": port}]}


def _entity_group(name: str, application: str) -> Document:
    entity = {"type": "VM", "selectBy": "CATEGORY_EXT_ID", "referenceExtIds": [f"@category:AppType/{application}"]}
    return {"name": name, "allowedConfig": {"entities": [entity]}}


def _policy(name: str, *, offices: str = "", api: str = "", vms: str = "") -> Document:
    secured: Document = {"securedGroupCategoryReferences": [f"@category:AppType/{name}"]}
    if vms:
        secured = {"securedGroupEntityGroupReference": f"@entity_group:{vms}"}
    source: Document = {"srcAddressGroupReferences": [f"@address_group:{offices}"]} if offices else {"srcAllowSpec": "ALL"}
    service: Document = {"serviceGroupReferences": [f"@service_group:{api}"]} if api else {"tcpServices": [{"startPort": 443, "endPort": 443}]}
    rules = [
        {"type": "INTRA_GROUP", "spec": _typed("IntraEntityGroupRuleSpec", {**secured, "securedGroupAction": "ALLOW"})},
        {"type": "APPLICATION", "description": "users", "spec": _typed("ApplicationRuleSpec", {**secured, **source, **service})},
    ]
    return {"name": name, "type": "APPLICATION", "state": "ENFORCE", "scope": "ALL_VLAN", "rules": rules}


def _typed(model: str, spec: Document) -> Document:
    return {"$objectType": f"microseg.v4.config.{model}", **spec}

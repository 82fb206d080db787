"""Which categories a VM gets and loses."""

from __future__ import annotations

import pytest

from ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.vm_categories import plan_vm_categories
from ansible_collections.nutanix_flow.dr.plugins.module_utils._errors import InvalidInput
from ansible_collections.nutanix_flow.dr.plugins.module_utils._model.directory import Directory

NAMES = ("AppTier/App", "AppTier/Web", "AppType/Shop", "Environment/Production")
IDS = {name: f"id-{name}" for name in NAMES}


def directory() -> Directory:
    found = Directory("south")
    for name, ext_id in IDS.items():
        found.add("category", name, ext_id)
    return found


def vm(name: str, *categories: str, ext_id: str = "") -> dict[str, object]:
    return {"name": name, "extId": ext_id or f"vm-{name}", "categories": [{"extId": IDS[category]} for category in categories]}


@pytest.mark.parametrize(
    ("claim", "has", "wanted", "exactly", "add", "take"),
    [
        ("nothing to do", ["AppTier/Web"], {"AppTier": "Web"}, False, (), ()),
        ("a missing one is added", [], {"AppTier": "Web"}, False, ("AppTier/Web",), ()),
        ("at least takes nothing away", ["AppTier/App"], {"AppTier": "Web"}, False, ("AppTier/Web",), ()),
        ("exactly takes away", ["AppTier/App"], {"AppTier": "Web"}, True, ("AppTier/Web",), ("AppTier/App",)),
        ("exactly keeps system-defined ones", ["Environment/Production"], {"AppTier": "Web"}, True, ("AppTier/Web",), ()),
        ("several values of one key", [], {"AppTier": ["Web", "App"]}, False, ("AppTier/App", "AppTier/Web"), ()),
        ("exactly none", ["AppTier/App"], {}, True, (), ("AppTier/App",)),
    ],
)
def test_changes(claim: str, has: list[str], wanted: dict[str, object], exactly: bool, add: tuple[str, ...], take: tuple[str, ...]) -> None:
    [change] = plan_vm_categories([("web-1", wanted)], [vm("web-1", *has)], directory(), exactly=exactly, kept={"Environment/Production"})
    assert (change.add, change.take) == (add, take), claim
    assert change.changed is bool(add or take)


def test_everything_wrong_is_told_at_once() -> None:
    vms = [vm("web-1"), vm("twin", ext_id="a"), vm("twin", ext_id="b")]
    wanted = [("web-1", {"AppTier": "Wbe"}), ("web-1", {}), ("gone", {}), ("twin", {})]
    with pytest.raises(InvalidInput) as caught:
        plan_vm_categories(wanted, vms, directory(), exactly=False)
    assert [(finding.where, finding.problem) for finding in caught.value.findings] == [
        ("VM 'web-1'", "there is no category 'AppTier/Wbe'"),
        ("VM 'web-1'", "is listed twice"),
        ("VM 'gone'", "is not on south"),
        ("VM 'twin'", "2 VMs have this name: a, b"),
    ]

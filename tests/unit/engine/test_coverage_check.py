"""Whether VMs are secured as before: known by their names, or by their ids where a recovery job says these."""

from __future__ import annotations

from ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.coverage_check import Expected, Secured, check_coverage, without_namesakes

ENFORCED = {"shop": Secured("enforce", 1)}


def expected(name: str, now: str = "") -> Expected:
    return Expected(name, frozenset({"Tier/Web"}), ENFORCED, now=now)


def vm(name: str, ext_id: str, *categories: str) -> dict[str, object]:
    return {"name": name, "ext_id": ext_id, "categories": list(categories), "power": "on"}


def test_a_vm_is_known_by_its_name_unless_its_id_is_told() -> None:
    vms = [vm("web-1", "old"), vm("web-1 (test)", "new", "Tier/Web")]
    secured = {"web-1 (test)": ENFORCED}
    (by_name,) = check_coverage([expected("web-1")], vms, secured)
    assert [finding.code for finding in by_name.findings] == ["CATEGORY_MISSING", "NOT_SECURED"]
    (by_id,) = check_coverage([expected("web-1", "new")], vms, secured)
    assert (by_id.name, by_id.findings) == ("web-1", ())
    (gone,) = check_coverage([expected("web-1", "gone")], vms, secured)
    assert [finding.code for finding in gone.findings] == ["VM_MISSING"]


def test_what_only_has_the_name_of_a_recovered_vm_is_left_out() -> None:
    vms = [vm("web-1", "production"), vm("web-1", "copy", "Tier/Web"), vm("web-2", "other")]
    left = without_namesakes([expected("web-1", "copy"), expected("web-2")], vms)
    assert [one["ext_id"] for one in left] == ["copy", "other"]
    twice = check_coverage([expected("web-1")], vms, {})
    assert [finding.code for finding in twice[0].findings] == ["VM_TWICE"]

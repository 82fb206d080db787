"""What objects that are only referred to are called, and that two spellings of one name are no change."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.nutanix_flow.dr.plugins.module_utils._entities.reference_names import add_to
from ansible_collections.nutanix_flow.dr.plugins.module_utils._entities.references import REFERENCE_KINDS
from ansible_collections.nutanix_flow.dr.plugins.module_utils._entities.registry import ENTITIES
from ansible_collections.nutanix_flow.dr.plugins.module_utils._errors import Ambiguous
from ansible_collections.nutanix_flow.dr.plugins.module_utils._model.directory import Directory
from ansible_collections.nutanix_flow.dr.plugins.module_utils._model.entity import as_called

SUBNETS = [
    {"extId": "s1", "name": "app", "vpcReference": "v1"},
    {"extId": "s2", "name": "app", "clusterReference": "c1"},
    {"extId": "s3", "name": "db", "vpcReference": "v1", "clusterReference": "c1"},
    {"extId": "s4", "name": "lone", "vpcReference": "unknown"},
]


@pytest.fixture
def site() -> Directory:
    found = Directory("pc-a")
    add_to(found, "cluster", [{"extId": "c1", "name": "east"}])
    add_to(found, "vpc", [{"extId": "v1", "name": "prod"}])
    add_to(found, "subnet", SUBNETS)
    return found


@pytest.mark.parametrize(("ext_id", "name"), [("s1", "prod/app"), ("s2", "east/app"), ("s3", "db"), ("s4", "lone")])
def test_a_subnet_is_called_by_its_vpc_or_cluster_only_where_its_name_is_used_twice(site: Directory, ext_id: str, name: str) -> None:
    assert site.name_of("subnet", ext_id) == name
    assert site.id_of("subnet", name) == ext_id


def test_a_longer_name_than_needed_is_understood(site: Directory) -> None:
    assert site.id_of("subnet", "prod/db") == "s3"
    assert site.called("subnet", "prod/db") == "db"


def test_two_subnets_that_nothing_tells_apart_can_not_be_referred_to(site: Directory) -> None:
    add_to(site, "subnet", [{"extId": "s5", "name": "x", "vpcReference": "v1"}, {"extId": "s6", "name": "x", "vpcReference": "v1"}])
    with pytest.raises(Ambiguous, match="2 subnet objects are called 'prod/x'"):
        site.name_of("subnet", "s5")


def test_two_spellings_of_one_subnet_are_no_change(site: Directory) -> None:
    wanted: dict[str, Any] = {"name": "g", "description": "", "members": [{"subnets": ["prod/db", "prod/app"]}]}
    found = as_called(ENTITIES["entity_group"], wanted, site)
    assert found == {"name": "g", "description": "", "members": [{"subnets": ["db", "prod/app"]}]}


def test_names_that_the_site_does_not_know_stay_as_they_are(site: Directory) -> None:
    wanted: dict[str, Any] = {"name": "g", "members": [{"addresses": ["10.0.0.9"]}, {"subnets": ["new"]}]}
    assert as_called(ENTITIES["entity_group"], wanted, site)["members"] == wanted["members"]
    wanted["members"].append({"subnets": ["prod/db"]})
    assert {"subnets": ["new"]} in as_called(ENTITIES["entity_group"], wanted, site)["members"]


def test_forgetting_a_kind_drops_all_its_names_and_no_other(site: Directory) -> None:
    site.forget("subnet")
    assert not site.knows("subnet", "prod/db")
    assert not site.knows("subnet", "db")
    assert not site.has_id("subnet", "s3")
    assert site.names("vpc")


def test_every_kind_that_entities_refer_to_can_be_listed() -> None:
    referred = {kind for entity in ENTITIES.values() for kind in entity.refers_to}
    assert referred <= set(ENTITIES) | set(REFERENCE_KINDS)

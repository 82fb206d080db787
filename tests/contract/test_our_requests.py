# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the collection sends is what the vendor's models hold: every body, encoded or recorded on its way, without loss."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.apply import apply, first_error
from ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.site import Site as OurSite
from ansible_collections.nutanix_flow.dr.plugins.module_utils._entities.registry import ENTITIES
from ansible_collections.nutanix_flow.dr.plugins.module_utils._model.directory import Directory
from ansible_collections.nutanix_flow.dr.plugins.module_utils._model.encode import encode
from ansible_collections.nutanix_flow.dr.plugins.module_utils._model.entity import Entity, Held, decode
from ansible_collections.nutanix_flow.dr.plugins.module_utils._model.newer import newer_than
from ansible_collections.nutanix_flow.dr.plugins.module_utils._net.session import Endpoint
from ansible_collections.nutanix_flow.dr.plugins.module_utils._prism.central_v4 import CentralV4
from prismsim.estate import load, object_id, resolve
from tests.contract.compare import without_server_fields
from tests.contract.sdk import NAMESPACES, Site, check_known, package, sdk_minor, wire_form
from tests.unit.entities.wire_strategies import ROOT_OF, directory, sensible_object

ESTATES = sorted((Path(__file__).parents[2] / "prismsim" / "estates").glob("*.yml"))
LISTS = {"address_group": "address_groups", "service_group": "service_groups", "entity_group": "entity_groups", "security_rule": "security_policies"}
SUFFIX = "-copy"


def held_without_loss(model: str, body: dict[str, Any]) -> None:
    """Assert that an SDK model takes a body, knows all of it, and would send all of it again."""
    namespace = model.partition(".")[0]
    client = package(namespace).ApiClient(configuration=package(namespace).Configuration())
    made = client.deserialize(json.loads(json.dumps(body)), model)
    check_known(made, model)
    assert without_server_fields(body, wire_form(client, made)) == body


def has_minor(entity: Entity, canonical: dict[str, Any]) -> bool:
    """Whether the installed SDK is new enough for an object."""
    return not newer_than(entity, canonical, (4, sdk_minor(entity.namespace)))


@pytest.mark.parametrize("path", ESTATES, ids=lambda path: path.stem)
def test_objects_of_estates(path: Path) -> None:
    seen = 0
    for site in load(path).sites.values():
        here = names_of(path, site.id)
        for kind, attribute in LISTS.items():
            for body in getattr(site, attribute):
                canonical = decode(ENTITIES[kind], resolve(body, lambda kind, name, site_id=site.id: object_id(site_id, kind, name)), here).canonical
                if has_minor(ENTITIES[kind], canonical):
                    held_without_loss(ROOT_OF[kind], encode(ENTITIES[kind], canonical, here))
                    seen += 1
    assert seen > 20


def names_of(path: Path, site_id: str) -> Directory:
    """Every name of an estate's site with its id."""
    site = load(path).sites[site_id]
    found = Directory(site_id)
    for category in site.categories:
        found.add("category", category.name, object_id(site_id, "category", category.name))
    for subnet in site.subnets:
        found.add("subnet", subnet.path, object_id(site_id, "subnet", subnet.path))
    named = {"vpc": site.vpcs, "network_function": site.network_functions, "vm": site.vms}
    for kind, things in named.items():
        for thing in things:
            found.add(kind, thing.name, object_id(site_id, kind, thing.name))
    for kind in ("address_group", "service_group", "entity_group"):
        for body in getattr(site, f"{kind}s"):
            found.add(kind, body["name"], object_id(site_id, kind, body["name"]))
    return found


@pytest.mark.skipif(sdk_minor("microseg") < 3, reason="random objects use models of minor 4.3, which this SDK lacks")
@pytest.mark.parametrize("kind", list(ROOT_OF))
@settings(max_examples=100, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_any_object(kind: str, data: Any) -> None:
    entity = ENTITIES[kind]
    canonical = decode(entity, data.draw(sensible_object(ROOT_OF[kind])), directory("pc-a")).canonical
    held_without_loss(ROOT_OF[kind], encode(entity, canonical, directory("pc-b")))


class Recorded:
    """The bodies that went over the wire: (method, path, body)."""

    def __init__(self) -> None:
        self.bodies: list[tuple[str, str, Any]] = []

    def models(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """(model, body) of everything sent; batches give themselves and each of their items."""
        for _method, path, body in self.bodies:
            match = re.fullmatch(r"/api/([a-z]+)/v4\.\d+/(.+?)(/[0-9a-f-]{36})?", unquote(path))
            assert match, path
            if match[2] == "operations/$actions/batch":
                yield "prism.v4.operations.BatchSpec", {**body, "payload": [{k: v for k, v in item.items() if k != "data"} for item in body["payload"]]}
                for item in body["payload"]:
                    if "data" in item:
                        yield item["data"]["$objectType"], item["data"]
            else:
                [root] = [ROOT_OF[entity.kind] for entity in ENTITIES.values() if entity.path == match[2]]
                yield root, body


@pytest.fixture
def recorded(monkeypatch: pytest.MonkeyPatch) -> Recorded:
    """Notes every body that `requests` sends."""
    found = Recorded()
    send = requests.adapters.HTTPAdapter.send

    def noting(self: Any, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> Any:
        if request.body:
            found.bodies.append((str(request.method), urlsplit(str(request.url)).path, json.loads(request.body)))
        return send(self, request, *args, **kwargs)

    monkeypatch.setattr(requests.adapters.HTTPAdapter, "send", noting)
    return found


@pytest.fixture
def ours(site: Site, world: Any) -> Iterator[OurSite]:
    """The site as the engine sees it, speaking no newer minor than the SDK."""
    access, address = world.ready["sites"][site.id]["prism_central"], urlsplit(site.url)
    endpoint = Endpoint(
        host=str(address.hostname),
        port=int(address.port or 0),
        username=access["username"],
        password=access["password"],
        ca_path=world.ready["ca"],
        site=site.id,
    )
    client = CentralV4(endpoint, known={namespace: (4, sdk_minor(namespace)) for namespace in NAMESPACES})
    yield OurSite(client)
    client.close()


def copied(held: Held) -> dict[str, Any]:
    """The object under another name."""
    name = "value" if held.kind == "category" else "name"
    return {**held.canonical, name: held.canonical[name] + SUFFIX}


def test_what_goes_over_the_wire(ours: OurSite, recorded: Recorded) -> None:
    kinds = [kind for kind, entity in ENTITIES.items() if entity.since <= ours.minor(entity.namespace)]
    copies = {kind: [copied(held) for held in ours.held(kind) if not held.system] for kind in kinds}
    changed = {kind: [{**one, "description": "changed"} for one in found] for kind, found in copies.items()}
    try:
        for desired in (copies, changed):
            plan = ours.plan(desired, whole=True)
            assert first_error(apply(plan, ours, run_id="contract")) is None
            ours.forget(kinds)
            assert not ours.plan(desired, whole=True).changed
    finally:
        ours.forget(kinds)
        plan = ours.plan({kind: [] for kind in kinds}, whole=True, remove=lambda held: SUFFIX in held.name and not held.system)
        assert first_error(apply(plan, ours, run_id="contract-end")) is None

    seen = set()
    for model, body in recorded.models():
        held_without_loss(model, body)
        seen.add(model)
    assert seen >= {ROOT_OF[kind] for kind in kinds}

"""The client against the simulator: what it makes, finds, changes and removes, in good weather and bad."""

from __future__ import annotations

import typing as t
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from ansible_collections.nutanix_flow.dr.plugins.module_utils._errors import (
    Conflict,
    ConnectionFailed,
    DeadlineExceeded,
    DrError,
    Forbidden,
    NotFound,
    Refused,
    ServerError,
    TaskFailed,
    Unauthorized,
)
from ansible_collections.nutanix_flow.dr.plugins.module_utils._net.retry import RetryPolicy
from ansible_collections.nutanix_flow.dr.plugins.module_utils._net.session import Endpoint
from ansible_collections.nutanix_flow.dr.plugins.module_utils._prism.batch import BatchItem
from ansible_collections.nutanix_flow.dr.plugins.module_utils._prism.central_v4 import CentralV4
from ansible_collections.nutanix_flow.dr.plugins.module_utils._prism.request_ids import request_id
from prismsim.testing import Running, running

ESTATES = Path(__file__).parents[2] / "prismsim" / "estates"
GROUPS = "config/service-groups"
TYPE = "microseg.v4.config.ServiceGroup"
#: Waits short enough for tests; the numbers of tries are the real ones.
QUICK = RetryPolicy(first_wait=0.01, longest_wait=0.05, longest_retry_after=0.1)


@pytest.fixture(scope="module")
def simulator() -> Iterator[Running]:
    with running(ESTATES / "minimal.yml") as sim:
        yield sim


@pytest.fixture
def sim(simulator: Running) -> Iterator[Running]:
    yield simulator
    simulator.clear_faults()


def endpoint(sim: Running, site: str = "north", **options: t.Any) -> Endpoint:
    access = sim.site(site)
    url = urlsplit(access["url"])
    settings: dict[str, t.Any] = {
        "host": url.hostname,
        "port": url.port,
        "username": access["username"],
        "password": access["password"],
        "ca_path": sim.ready["ca"],
        "site": site,
    }
    return Endpoint(**{**settings, **options})


@pytest.fixture
def client(sim: Running) -> CentralV4:
    return CentralV4(endpoint(sim), policy=QUICK)


def ports(number: int) -> dict[str, t.Any]:
    return {"tcpServices": [{"startPort": number, "endPort": number}]}


def rid(request: pytest.FixtureRequest, *parts: str) -> str:
    return request_id(request.node.nodeid, *parts)


def names(client: CentralV4) -> list[str]:
    return [item["name"] for item in client.list("microseg", GROUPS)]


def found(client: CentralV4, name: str) -> dict[str, t.Any]:
    (item,) = client.list("microseg", GROUPS, filter=f"name eq '{name}'")
    return item


def test_a_group_is_made_read_changed_and_removed(client: CentralV4, request: pytest.FixtureRequest) -> None:
    ext_id = client.writes.create("microseg", GROUPS, {"name": "life", **ports(1)}, request_id=rid(request, "create")).ext_id
    assert ext_id is not None
    body, etag = client.get("microseg", GROUPS, ext_id)
    assert (body["name"], body["extId"]) == ("life", ext_id)
    client.writes.update("microseg", GROUPS, ext_id, {**body, "description": "changed"}, etag=etag, request_id=rid(request, "update"))
    assert found(client, "life")["description"] == "changed"
    with pytest.raises(Conflict, match="update on north"):
        client.writes.update("microseg", GROUPS, ext_id, body, etag=etag, request_id=rid(request, "again"))
    client.writes.delete("microseg", GROUPS, ext_id, request_id=rid(request, "delete"))
    with pytest.raises(NotFound, match="read on north"):
        client.get("microseg", GROUPS, ext_id)


def test_categories_are_synchronous(client: CentralV4, request: pytest.FixtureRequest) -> None:
    made = client.writes.create("prism", "config/categories", {"key": "Tier", "value": "Edge"}, request_id=rid(request, "create"))
    assert made.task is None
    assert made.ext_id is not None
    body, etag = client.get("prism", "config/categories", made.ext_id)
    client.writes.update("prism", "config/categories", made.ext_id, {**body, "description": "x"}, etag=etag, request_id=rid(request, "update"))
    client.writes.delete("prism", "config/categories", made.ext_id, request_id=rid(request, "delete"))
    assert list(client.list("prism", "config/categories", filter="key eq 'Tier'")) == []


def only(release: str) -> dict[str, t.Any]:
    """An estate of one empty site."""
    return {"name": "one", "sites": {"north": {"prism_central": {"name": "pc", "release": release}, "clusters": [{"name": "ahv"}]}}}


@pytest.mark.parametrize(("release", "microseg", "prism"), [("pc.2024.3", (4, 0), (4, 0)), ("pc.7.3", (4, 1), (4, 1)), ("pc.7.6", (4, 3), (4, 4))])
def test_the_release_decides_the_minor(release: str, microseg: tuple[int, int], prism: tuple[int, int], request: pytest.FixtureRequest) -> None:
    with running(only(release)) as sim:
        client = CentralV4(endpoint(sim), policy=QUICK)
        assert (client.minor("microseg"), client.minor("prism")) == (microseg, prism)
        items = [BatchItem(f"g{n}", {"name": f"g{n}", **ports(n)}, request_id=rid(request, release, str(n))) for n in range(3)]
        outcomes = client.writes.batch("CREATE", client.uri("microseg", GROUPS), TYPE, items, name="groups", request_id=rid(request, release))
        assert [(outcome.error, outcome.ext_id) for outcome in outcomes] == [(None, found(client, f"g{n}")["extId"]) for n in range(3)]
        batches = [line for line in sim.writes() if line["path"].endswith("/batch")]
        assert len(batches) == 1


def test_a_release_without_jobs_tells_the_outcome_of_each_item_all_the_same(request: pytest.FixtureRequest) -> None:
    with running(only("pc.2024.3")) as sim:
        client = CentralV4(endpoint(sim), policy=QUICK)
        template = client.uri("microseg", GROUPS)

        def write(action: t.Any, items: list[BatchItem], uri: str) -> list[DrError | None]:
            return [outcome.error for outcome in client.writes.batch(action, uri, TYPE, items, name=action, request_id=rid(request, action))]

        bodies = [{"name": f"g{n}", **ports(n)} for n in range(120)]
        bodies[3]["name"], bodies[70]["name"] = "bad/3", "bad/70"
        mark = sim.mark()
        errors = write("CREATE", [BatchItem(body["name"], body, request_id=rid(request, "c", body["name"])) for body in bodies], template)
        assert [number for number, error in enumerate(errors) if error is not None] == [3, 70]
        assert all(bodies[number]["name"] in str(errors[number]) for number in (3, 70))
        assert len(sim.writes(mark)) <= 3

        made = {item["name"]: item["extId"] for item in client.list("microseg", GROUPS) if not item.get("isSystemDefined")}
        held = client.get_many("microseg", GROUPS, [made[f"g{n}"] for n in (0, 1, 2)])
        changes = [
            BatchItem(object.body["name"], {**object.body, "description": "new"}, ext_id, "stale" if number == 1 else object.etag, rid(request, "u", ext_id))
            for number, (ext_id, object) in enumerate(held.items())
            if not isinstance(object, DrError)
        ]
        assert [type(error) for error in write("MODIFY", changes, template + "/{extId}")] == [type(None), Conflict, type(None)]

        gone = [BatchItem(name, None, ext_id, None, rid(request, "d", name)) for name, ext_id in made.items()]
        mark = sim.mark()
        assert write("DELETE", gone, template + "/{extId}") == [None] * 118
        assert len(sim.writes(mark)) == 1


def test_a_batch_creates_changes_and_removes_many(client: CentralV4, sim: Running, request: pytest.FixtureRequest) -> None:
    items = [BatchItem(f"many-{n}", {"name": f"many-{n}", **ports(n)}, request_id=rid(request, "c", str(n))) for n in range(120)]
    mark = sim.mark()
    made = client.writes.batch("CREATE", client.uri("microseg", GROUPS), TYPE, items, name="create", request_id=rid(request, "create"))
    assert all(outcome.error is None and outcome.ext_id for outcome in made)
    assert len(sim.writes(mark)) == 1
    ids = {outcome.key: outcome.ext_id or "" for outcome in made}
    assert {item["name"]: item["extId"] for item in client.list("microseg", GROUPS) if item["name"] in ids} == ids

    held = client.get_many("microseg", GROUPS, list(ids.values())[:5])
    changes = [
        BatchItem(object.body["name"], {**object.body, "description": "new"}, ext_id, "stale" if position == 2 else object.etag, rid(request, "u", ext_id))
        for position, (ext_id, object) in enumerate(held.items())
        if not isinstance(object, DrError)
    ]
    template = client.uri("microseg", GROUPS) + "/{extId}"
    changed = client.writes.batch("MODIFY", template, TYPE, changes, name="update", request_id=rid(request, "update"))
    assert [type(outcome.error) for outcome in changed] == [type(None), type(None), Conflict, type(None), type(None)]
    assert sum(item.get("description") == "new" for item in client.list("microseg", GROUPS)) == 4

    gone = [BatchItem(name, None, ext_id, None, rid(request, "d", name)) for name, ext_id in ids.items()]
    assert all(outcome.error is None for outcome in client.writes.batch("DELETE", template, "", gone, name="delete", request_id=rid(request, "delete")))
    assert not [name for name in names(client) if name.startswith("many-")]


def test_a_bad_item_of_a_batch_has_its_own_error(client: CentralV4, request: pytest.FixtureRequest) -> None:
    bodies = [{"name": "part-0", **ports(1)}, {"name": "shop-api", **ports(2)}, {"name": "part/2", **ports(3)}, {"name": "part-3", **ports(4)}]
    items = [BatchItem(body["name"], body, request_id=rid(request, body["name"])) for body in bodies]
    outcomes = client.writes.batch("CREATE", client.uri("microseg", GROUPS), TYPE, items, name="part", request_id=rid(request))
    assert [outcome.error is None for outcome in outcomes] == [True, False, False, True]
    assert "shop-api" in str(outcomes[1].error)
    assert {"part-0", "part-3"} <= set(names(client))


def test_vm_categories_are_set_by_an_action(client: CentralV4, request: pytest.FixtureRequest) -> None:
    vm = next(iter(client.list("vmm", "ahv/config/vms")))
    category = next(item for item in client.list("prism", "config/categories", filter="key eq 'AppTier'") if item["extId"] not in str(vm.get("categories")))
    body, etag = client.get("vmm", "ahv/config/vms", vm["extId"])
    client.writes.act(
        "vmm", f"ahv/config/vms/{vm['extId']}", "associate-categories", {"categories": [{"extId": category["extId"]}]}, etag=etag, request_id=rid(request)
    )
    after = client.get("vmm", "ahv/config/vms", vm["extId"]).body["categories"]
    assert category["extId"] in [item["extId"] for item in after]
    assert len(after) == len(body.get("categories", [])) + 1


@pytest.mark.parametrize("do", ["reset_before", "reset_after", "truncate"])
def test_a_broken_connection_makes_no_duplicate(client: CentralV4, sim: Running, request: pytest.FixtureRequest, do: str) -> None:
    sim.fault(do=do, site="north", match={"method": "POST", "path": "service-groups", "times": 2})
    name, mark = f"broken-{do.replace('_', '-')}", sim.mark()
    assert client.writes.create("microseg", GROUPS, {"name": name, **ports(1)}, request_id=rid(request)).ext_id == found(client, name)["extId"]
    assert names(client).count(name) == 1
    assert len(sim.writes(mark)) == 3


def test_a_batch_whose_answer_is_lost_is_not_run_twice(client: CentralV4, sim: Running, request: pytest.FixtureRequest) -> None:
    sim.fault(do="reset_after", site="north", match={"path": "batch", "times": 1})
    items = [BatchItem(f"lost-{n}", {"name": f"lost-{n}", **ports(n)}, request_id=rid(request, str(n))) for n in range(3)]
    outcomes = client.writes.batch("CREATE", client.uri("microseg", GROUPS), TYPE, items, name="lost", request_id=rid(request))
    assert [outcome.error for outcome in outcomes] == [None] * 3
    assert sorted(name for name in names(client) if name.startswith("lost-")) == ["lost-0", "lost-1", "lost-2"]


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_burst_of_errors_is_sat_out(client: CentralV4, sim: Running, status: int) -> None:
    client.minor("microseg")
    sim.fault(do="status", status=status, retry_after=1, site="north", match={"path": "service-groups", "times": 1 if status == 500 else 4})
    assert "shop-api" in names(client)


@pytest.mark.parametrize(("status", "kind"), [(401, Unauthorized), (403, Forbidden), (500, ServerError), (503, ServerError)])
def test_an_error_that_stays_is_told(client: CentralV4, sim: Running, status: int, kind: type[DrError]) -> None:
    client.minor("microseg")
    sim.fault(do="status", status=status, site="north", match={"path": "service-groups"})
    with pytest.raises(kind, match=f"list on north: GET /api/microseg/v4.2/config/service-groups answered {status}"):
        names(client)


def test_a_web_page_is_told(client: CentralV4, sim: Running) -> None:
    client.minor("microseg")
    sim.fault(do="html", site="north", match={"path": "service-groups"})
    with pytest.raises((ConnectionFailed, ServerError)):
        names(client)


def test_an_expired_session_is_renewed(client: CentralV4, sim: Running) -> None:
    names(client)
    sim.expire_sessions()
    assert "shop-api" in names(client)


def test_a_wrong_password_is_told_without_it(sim: Running) -> None:
    with pytest.raises(Unauthorized) as caught:
        names(CentralV4(endpoint(sim, password="wr0ng/pass")))
    assert "wr0ng" not in str(caught.value)


def test_an_api_key_serves(sim: Running) -> None:
    assert "shop-api" in names(CentralV4(endpoint(sim, username=None, password=None, api_key="minimal-north-key")))


@pytest.mark.parametrize(("do", "kind"), [("task_failed", TaskFailed), ("task_canceled", TaskFailed), ("task_never_ends", DeadlineExceeded)])
def test_a_task_that_ends_badly_is_told(sim: Running, request: pytest.FixtureRequest, do: str, kind: type[DrError]) -> None:
    client = CentralV4(endpoint(sim), task_timeout=1.0, policy=QUICK)
    sim.fault(do=do, site="north", match={"method": "POST", "path": "service-groups", "times": 1})
    with pytest.raises(kind, match="create on north: task ZXJnb24=") as caught:
        client.writes.create("microseg", GROUPS, {"name": f"{do.replace('_', '-')}", **ports(1)}, request_id=rid(request))
    assert caught.value.outcome_unknown is (do == "task_never_ends")


def test_a_taken_name_is_a_failed_task(client: CentralV4, request: pytest.FixtureRequest) -> None:
    with pytest.raises(TaskFailed, match="shop-api"):
        client.writes.create("microseg", GROUPS, {"name": "shop-api", **ports(1)}, request_id=rid(request))


def test_a_body_against_the_schema_is_refused_with_its_field(client: CentralV4, request: pytest.FixtureRequest) -> None:
    with pytest.raises(Refused, match="create on north: .*frobnicate"):
        client.writes.create("microseg", GROUPS, {"name": "ok", "frobnicate": 1}, request_id=rid(request))


def test_a_dead_site_is_told_after_one_try(simulator: Running) -> None:
    client = CentralV4(endpoint(simulator, "south", connect_timeout=1.0, timeout=1.0))
    for mode, reason, swallowed in (("refuse", "refused", 0), ("blackhole", "timeout", 1)):
        mark = simulator.mark()
        simulator.down("south", mode)
        try:
            with pytest.raises(ConnectionFailed) as caught:
                client.minor("microseg")
            assert caught.value.reason == reason
            assert len(simulator.swallowed(mark)) == swallowed
        finally:
            simulator.up("south")
    assert client.minor("microseg") >= (4, 2)


def test_the_published_rate_limits_are_kept(request: pytest.FixtureRequest) -> None:
    """The real delays and limits: reads and single writes from many threads, and a batch whose objects are told late."""
    with running(ESTATES / "minimal.yml", profile="realistic") as sim:
        client = CentralV4(endpoint(sim))
        items = [BatchItem(f"rate-{n}", {"name": f"rate-{n}", **ports(n)}, request_id=rid(request, str(n))) for n in range(12)]
        made = client.writes.batch("CREATE", client.uri("microseg", GROUPS), TYPE, items, name="rate", request_id=rid(request))
        ids = [outcome.ext_id for outcome in made if outcome.ext_id]
        assert len(ids) == 12
        held = client.get_many("microseg", GROUPS, ids)
        assert not [error for error in held.values() if isinstance(error, DrError)]
        sim.fault(do="status", status=503, match={"path": "batch"})
        gone = [BatchItem(ext_id, None, ext_id, None, rid(request, ext_id)) for ext_id in ids[:6]]
        quick = CentralV4(endpoint(sim), policy=QUICK)
        template = client.uri("microseg", GROUPS) + "/{extId}"
        assert all(outcome.error is None for outcome in quick.writes.batch("DELETE", template, "", gone, name="x", request_id=rid(request)))
        assert not [line for line in sim.requests() if line["status"] == 429]

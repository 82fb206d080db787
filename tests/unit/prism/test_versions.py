"""The minor spoken is the highest that both know, however the server tells it."""

from __future__ import annotations

import pytest

from ansible_collections.nutanix_flow.dr.plugins.module_utils._errors import ConnectionFailed, NotFound, Refused, ServerError, Unauthorized
from ansible_collections.nutanix_flow.dr.plugins.module_utils._prism.central_v4 import CentralV4
from ansible_collections.nutanix_flow.dr.plugins.module_utils._prism.versions import spoken
from tests.unit.net.stub import Say, Stub
from tests.unit.prism.fake import FakeCentral


@pytest.mark.parametrize(("announced", "both"), [("v4.0", (4, 0)), ("v4.2", (4, 2)), ("v4.3", (4, 3)), ("v4.9", (4, 3)), ("v5.0", (4, 3))])
def test_the_lower_of_both_is_spoken(announced: str, both: tuple[int, int]) -> None:
    assert spoken("microseg", (4, 3), announced, site="north") == both


@pytest.mark.parametrize("announced", [None, "", "v4.0.b1", {"version": 4}, 4.2])
def test_a_server_that_does_not_tell_is_probed_downwards(client: CentralV4, fake: FakeCentral, stub: Stub, announced: object) -> None:
    assert spoken("microseg", (4, 3), announced, site="north") is None
    fake.versions["microseg"] = announced
    fake.newest["microseg"] = (4, 1)
    fake.lists["config/address-groups"] = []
    assert client.minor("microseg") == (4, 1)
    tried = [asked.path.split("/")[3] for asked in stub.asked if asked.method == "GET"]
    assert tried == ["v4.3", "v4.2", "v4.1"]


def test_a_server_without_v4_is_refused() -> None:
    with pytest.raises(Refused, match=r"north: its newest microseg API is v3\.1"):
        spoken("microseg", (4, 3), "v3.1", site="north")


def test_a_namespace_that_nobody_serves_is_not_found(client: CentralV4, fake: FakeCentral) -> None:
    fake.before = lambda asked: Say(404)
    with pytest.raises(NotFound, match="no version v4.0 to v4.3 of the microseg API"):
        client.minor("microseg")


def test_a_namespace_is_asked_once(client: CentralV4, stub: Stub) -> None:
    assert [client.minor("microseg") for _ignored in range(3)] == [(4, 2)] * 3
    assert client.minor("prism") == (4, 3)
    assert [(asked.method, asked.path) for asked in stub.asked] == [("OPTIONS", "/api/microseg/unversioned/info"), ("OPTIONS", "/api/prism/unversioned/info")]


@pytest.mark.parametrize("status", [400, 403, 404, 405, 500, 501, 503])
def test_an_old_server_that_refuses_the_question_is_probed(client: CentralV4, fake: FakeCentral, status: int) -> None:
    fake.newest["microseg"] = (4, 1)
    fake.lists["config/address-groups"] = []
    fake.before = lambda asked: Say(status) if asked.method == "OPTIONS" else None
    assert client.minor("microseg") == (4, 1)


def test_a_gateway_that_answers_unknown_paths_with_a_page_is_probed(client: CentralV4, fake: FakeCentral) -> None:
    fake.lists["config/address-groups"] = []
    fake.before = lambda asked: Say(404, b"<html>no such page</html>") if "v4.0/" not in asked.path else None
    assert client.minor("microseg") == (4, 0)


def test_missing_credentials_are_no_version(client: CentralV4, fake: FakeCentral) -> None:
    fake.before = lambda asked: Say(401)
    with pytest.raises(Unauthorized):
        client.minor("microseg")


def test_a_web_page_is_no_version(client: CentralV4, fake: FakeCentral) -> None:
    fake.before = lambda asked: Say(200, b"<html>Sign in</html>")
    with pytest.raises(ConnectionFailed, match="negotiate on north: .* answered 200 with a web page"):
        client.minor("microseg")


def test_a_probe_that_fails_says_nothing_about_versions(client: CentralV4, fake: FakeCentral) -> None:
    fake.versions = {}
    fake.before = lambda asked: Say(500) if asked.method == "GET" else None
    with pytest.raises(ServerError):
        client.minor("microseg")

"""A list is read whole or not at all."""

from __future__ import annotations

import pytest

from ansible_collections.nutanix_flow.dr.plugins.module_utils._errors import Forbidden, NotFound, ServerError
from ansible_collections.nutanix_flow.dr.plugins.module_utils._prism.central_v4 import CentralV4
from tests.unit.net.stub import Asked, Say, Stub
from tests.unit.prism.fake import FakeCentral, error, named

PATH = "config/policies"


def names(client: CentralV4, **options: object) -> list[str]:
    return [item["name"] for item in client.list("microseg", PATH, **options)]  # options are passed through


def gets(stub: Stub) -> list[str]:
    return [asked.path for asked in stub.asked if asked.method == "GET"]


@pytest.mark.parametrize(("count", "pages"), [(0, 1), (1, 1), (99, 1), (100, 1), (101, 2), (1000, 10), (1234, 13)])
def test_all_pages_are_read_once_and_in_order(client: CentralV4, fake: FakeCentral, stub: Stub, count: int, pages: int) -> None:
    fake.lists[PATH] = named(count)
    assert names(client) == [f"n{number}" for number in range(count)]
    assert len(gets(stub)) == pages


def test_query_options_are_sent_with_every_page(client: CentralV4, fake: FakeCentral, stub: Stub) -> None:
    fake.lists[PATH] = named(3)
    names(client, filter="name eq 'a b'", select="name", limit=2)
    for number, path in enumerate(gets(stub)):
        assert path.startswith(f"/api/microseg/v4.2/config/policies?%24page={number}&%24limit=2&")
        assert path.endswith("%24filter=name+eq+%27a+b%27&%24select=name")


def test_a_list_without_pages_gets_no_paging(client: CentralV4, fake: FakeCentral, stub: Stub) -> None:
    fake.lists[PATH] = named(3)
    assert len(names(client, limit=None)) == 3
    assert gets(stub) == ["/api/microseg/v4.2/config/policies"]


def test_a_server_that_does_not_tell_the_length_is_read_until_a_short_page(client: CentralV4, fake: FakeCentral) -> None:
    items = named(5)

    def untold(asked: Asked) -> Say | None:
        if asked.method != "GET":
            return None
        number = int(asked.path.partition("%24page=")[2][0])
        return Say(200, {"data": items[number * 2 : number * 2 + 2]})

    fake.before = untold
    assert names(client, limit=2) == ["n0", "n1", "n2", "n3", "n4"]


def test_a_list_that_grew_meanwhile_is_read_again(client: CentralV4, fake: FakeCentral) -> None:
    fake.lists[PATH] = named(150)
    grown = [False]

    def grow(asked: Asked) -> None:
        if "page=1" in asked.path and not grown[0]:
            grown[0] = True
            fake.lists[PATH] = named(151)

    fake.before = grow
    assert len(names(client)) == 151


def test_a_list_that_shifted_meanwhile_is_read_again(client: CentralV4, fake: FakeCentral) -> None:
    """One object is deleted and another made between two pages: the length is the same, an object comes twice."""
    fake.lists[PATH] = named(150)
    shifted = [False]

    def shift(asked: Asked) -> None:
        if "page=1" in asked.path and not shifted[0]:
            shifted[0] = True
            fake.lists[PATH] = [{"extId": "new", "name": "new"}, *named(149)]

    fake.before = shift
    assert sorted(names(client)) == sorted(["new", *(f"n{number}" for number in range(149))])


def test_a_list_that_never_adds_up_is_no_list(client: CentralV4, fake: FakeCentral, stub: Stub) -> None:
    fake.before = lambda asked: Say(200, {"metadata": {"totalAvailableResults": 7}}) if asked.method == "GET" else None
    with pytest.raises(ServerError, match="list on north: .* announced 7 objects and gave 0"):
        names(client)
    assert len(gets(stub)) == 3


@pytest.mark.parametrize("data", [{"extId": "x"}, "text", [1, 2]])
def test_what_is_no_list_of_objects_is_refused(client: CentralV4, fake: FakeCentral, data: object) -> None:
    fake.before = lambda asked: Say(200, {"data": data}) if asked.method == "GET" else None
    with pytest.raises(ServerError, match="no list of objects"):
        names(client)


def test_an_error_on_a_later_page_is_the_error_of_the_list(client: CentralV4, fake: FakeCentral) -> None:
    fake.lists[PATH] = named(450)
    fake.before = lambda asked: Say(403, error("RBA-10001", "Access Denied", "RBAC_AUTHORIZATION_ERROR")) if "page=3" in asked.path else None
    with pytest.raises(Forbidden, match=r"list on north: GET /api/microseg/v4.2/config/policies answered 403: Access Denied \[RBA-10001\]") as caught:
        names(client)
    assert "RBAC_AUTHORIZATION_ERROR" in caught.value.codes
    assert not caught.value.outcome_unknown


def test_a_path_that_the_release_lacks_says_so(client: CentralV4) -> None:
    with pytest.raises(NotFound, match="may not serve that API"):
        names(client)

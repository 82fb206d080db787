"""Prism Element's answers become what the layers above expect, in both spellings and both kinds of lists; writes are sent once."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.nutanix_flow.dr.plugins.module_utils._errors import (
    ConnectionFailed,
    DrError,
    NotFound,
    Refused,
    ServerError,
    Unauthorized,
)
from ansible_collections.nutanix_flow.dr.plugins.module_utils._prism.element import V2, Element
from tests.unit.net.stub import Say, Stub
from tests.unit.prism.fake import Time

NINE = [{"name": f"n{number}"} for number in range(9)]
V1_ERROR = {
    "message": "com.nutanix.prism.exception.ValidationException: Remote site south already exists",
    "detailedMessage": "com.nutanix...\n\tat ...",
    "errorCode": {"code": 1101, "helpUrl": "http://my.nutanix.com"},
}
V2_ERROR = {"message": "Plain words", "detailed_message": "", "error_code": {"code": 1202, "help_url": "http://my.nutanix.com"}}
PAGE = b"<html><body>Please log in</body></html>"


@pytest.fixture
def element(stub: Stub, time: Time) -> Element:
    return Element(stub.endpoint(), sleep=time.sleep, clock=time.clock, random=lambda: 1.0)


def paths(stub: Stub) -> list[tuple[str, str]]:
    return [(asked.method, asked.path) for asked in stub.asked]


@pytest.mark.parametrize(
    "answer",
    [
        NINE,
        {"metadata": {"grand_total_entities": 9, "total_entities": 0, "count": 9}, "entities": NINE},
        {"metadata": {"grandTotalEntities": 90, "totalEntities": 9, "count": 1000}, "entities": NINE},
        {"entities": NINE},
    ],
)
def test_every_kind_of_list_is_a_list(stub: Stub, element: Element, answer: t.Any) -> None:
    stub.script = [Say(200, answer)]
    assert element.list("remote_sites") == NINE
    assert paths(stub) == [("GET", "/PrismGateway/services/rest/v1/remote_sites")]


def test_a_list_in_pages_is_read_whole(stub: Stub, element: Element) -> None:
    stub.script = [Say(200, {"metadata": {"totalEntities": 9}, "entities": NINE[:5]}), Say(200, {"metadata": {"totalEntities": 9}, "entities": NINE[5:]})]
    assert element.list("vms", {"searchString": "n"}) == NINE
    assert [path.rpartition("?")[2] for _method, path in paths(stub)] == ["searchString=n", "searchString=n&page=2&count=5"]


def test_a_list_that_hides_its_rest_is_an_error(stub: Stub, element: Element) -> None:
    page = Say(200, {"metadata": {"totalEntities": 9}, "entities": NINE[:5]})
    stub.script = [page, page]
    with pytest.raises(ServerError, match="list on north: the list vms announced 9 objects and gave 5"):
        element.list("vms")


def test_a_count_that_was_asked_for_is_enough(stub: Stub, element: Element) -> None:
    stub.script = [Say(200, {"metadata": {"totalEntities": 9}, "entities": NINE[:5]})]
    assert element.list("events", {"count": "5"}) == NINE[:5]


@pytest.mark.parametrize("answer", [{"message": "no"}, [1, 2], "text", {"entities": None}])
def test_what_is_no_list_is_an_error(stub: Stub, element: Element, answer: t.Any) -> None:
    stub.script = [Say(200, answer)]
    with pytest.raises(ServerError, match="gave no list of objects"):
        element.list("remote_sites")


def test_names_in_paths_are_quoted_and_the_cluster_is_named_on_every_call(stub: Stub, time: Time) -> None:
    element = Element(stub.endpoint(), cluster_uuid="c-1", sleep=time.sleep, clock=time.clock)
    stub.script = [Say(200, {"name": "a/b c"}), Say(200, {"value": True}), Say(200, [])]
    element.get(("remote_sites", "a/b c"), {"fullDetails": "true"})
    element.delete(("remote_sites", "a/b c"))
    element.list("networks", version=V2)
    assert paths(stub) == [
        ("GET", "/PrismGateway/services/rest/v1/remote_sites/a%2Fb%20c?fullDetails=true&proxyClusterUuid=c-1"),
        ("DELETE", "/PrismGateway/services/rest/v1/remote_sites/a%2Fb%20c?proxyClusterUuid=c-1"),
        ("GET", "/PrismGateway/services/rest/v2.0/networks?proxyClusterUuid=c-1"),
    ]


@pytest.mark.parametrize("status", [200, 201])
@pytest.mark.parametrize(
    ("answer", "meant"),
    [({"value": True}, True), ({"value": "66"}, "66"), ({"name": "pd"}, {"name": "pd"}), ({"metadata": {}, "entities": NINE}, NINE), ([], [])],
)
def test_answers_to_writes_are_unwrapped(stub: Stub, element: Element, status: int, answer: t.Any, meant: t.Any) -> None:
    stub.script = [Say(status, answer)]
    assert element.act(("protection_domains", "pd", "migrate"), {"value": "south"}) == meant
    assert stub.asked[0].body == {"value": "south"}


def test_value_false_is_a_no(stub: Stub, element: Element) -> None:
    stub.script = [Say(200, {"value": False})]
    with pytest.raises(Refused, match="delete on north: DELETE .* answered that it was not done"):
        element.delete(("remote_sites", "south"))


@pytest.mark.parametrize(
    ("say", "error", "text", "unknown"),
    [
        (Say(500, V1_ERROR), ServerError, "answered 500: Remote site south already exists \\[1101\\]", True),
        (Say(422, V1_ERROR), Refused, "answered 422: Remote site south already exists \\[1101\\]", False),
        (Say(400, V2_ERROR), Refused, "answered 400: Plain words \\[1202\\]", False),
        (Say(404, V2_ERROR), NotFound, "answered 404: Plain words", False),
        (Say(404, PAGE), ServerError, "answered 404 with something that is no answer of the API", True),
        (Say(401), Unauthorized, "answered 401", False),
        (Say(502, PAGE), ServerError, "answered 502", True),
        (Say(503), ServerError, "answered 503", True),
        (Say(200, PAGE), ConnectionFailed, "answered 200 with a web page instead of JSON", True),
        (Say(do="reset"), ConnectionFailed, "the connection broke", True),
    ],
)
def test_a_write_is_sent_once_and_says_what_is_known(
    stub: Stub, element: Element, say: Say, error: type[DrError], text: str, unknown: bool
) -> None:
    stub.script = [say]
    with pytest.raises(error, match=text) as caught:
        element.create("remote_sites", {"name": "south"})
    assert caught.value.outcome_unknown is unknown
    assert str(caught.value).startswith("create on north: ")
    assert len(stub.asked) == 1


def test_reads_and_deletes_outlast_a_change_of_leader(stub: Stub, element: Element) -> None:
    stub.script = [Say(502, PAGE), Say(503), Say(do="reset"), Say(200, NINE), Say(503), Say(200, {"value": True})]
    assert element.list("remote_sites") == NINE
    assert element.delete(("remote_sites", "south")) is True
    assert [asked.method for asked in stub.asked] == ["GET"] * 4 + ["DELETE"] * 2


def test_a_500_to_a_read_is_an_answer(stub: Stub, element: Element) -> None:
    stub.script = [Say(500, V1_ERROR)]
    with pytest.raises(ServerError):
        element.get(("remote_sites", "south"))
    assert len(stub.asked) == 1


def test_a_delete_whose_answer_was_lost_is_done_when_the_object_is_gone(stub: Stub, element: Element) -> None:
    stub.script = [Say(do="reset"), Say(404, V1_ERROR)]
    assert element.delete(("remote_sites", "south")) is None


def test_a_broken_answer_to_a_write_is_not_sent_again(stub: Stub, element: Element) -> None:
    stub.script = [Say(200, {"name": "south"}, do="truncate")]
    with pytest.raises(ConnectionFailed) as caught:
        element.update("remote_sites", {"name": "south"})
    assert caught.value.outcome_unknown
    assert len(stub.asked) == 1

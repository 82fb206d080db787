"""An answer that is no success becomes the error that its status means, with the server's own words."""

from __future__ import annotations

import json

import pytest

from ansible_collections.nutanix_flow.dr.plugins.module_utils import _errors
from ansible_collections.nutanix_flow.dr.plugins.module_utils._net.session import Response
from ansible_collections.nutanix_flow.dr.plugins.module_utils._prism.answers import Reply, reply
from ansible_collections.nutanix_flow.dr.plugins.module_utils._prism.refusals import app_messages, refusal

FORBIDDEN = {
    "data": {
        "error": [
            {
                "message": "Access Denied because no or incorrect permissions were set in the request ...",
                "severity": "ERROR",
                "code": "RBA-10001",
                "locale": "en_US",
                "errorGroup": "RBAC_AUTHORIZATION_ERROR",
            }
        ],
        "$objectType": "prism.v4.error.ErrorResponse",
    }
}
SCHEMA = {
    "data": {
        "error": {
            "statusCode": 400,
            "error": "Bad Request",
            "validationErrorMessages": [
                {"location": "@body", "attributePath": "/rules/0/spec", "message": "unknown property 'x'"},
                {"location": "@path", "message": "too long"},
            ],
            "$objectType": "microseg.v4.error.SchemaValidationError",
        }
    }
}


def answer(status: int, body: object = None) -> Response:
    raw = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
    return Response(status, {}, raw, call="PUT /api/microseg/v4.2/config/policies/x", site="north")


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, _errors.Refused),
        (401, _errors.Unauthorized),
        (403, _errors.Forbidden),
        (408, _errors.ServerError),
        (409, _errors.Refused),
        (410, _errors.Refused),
        (412, _errors.Conflict),
        (422, _errors.Refused),
        (428, _errors.Refused),
        (429, _errors.RateLimited),
        (500, _errors.ServerError),
        (503, _errors.ServerError),
        (504, _errors.ServerError),
    ],
)
@pytest.mark.parametrize("body", [None, b"<html>busy</html>", b'{"data": {"err', {}, {"data": None}, [1], FORBIDDEN], ids=repr)
def test_the_status_decides_and_any_body_will_do(status: int, kind: type[_errors.DrError], body: object) -> None:
    error = refusal(answer(status, body))
    assert error.__class__ is kind
    assert f"north: PUT /api/microseg/v4.2/config/policies/x answered {status}" in str(error)
    assert getattr(error, "status", status) == status


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (None, _errors.NotFound),
        ({}, _errors.NotFound),
        (FORBIDDEN, _errors.NotFound),
        (b"<html>not here</html>", _errors.ServerError),
        (b"default backend - 404", _errors.ServerError),
        ([1], _errors.ServerError),
    ],
    ids=repr,
)
def test_only_the_api_may_say_that_an_object_is_not_there(body: object, kind: type[_errors.DrError]) -> None:
    error = refusal(answer(404, body))
    assert error.__class__ is kind
    assert isinstance(error, _errors.CANNOT_TELL) is (kind is _errors.ServerError)


def test_messages_codes_and_groups_are_kept() -> None:
    error = refusal(answer(403, FORBIDDEN))
    assert error.messages == ("Access Denied because no or incorrect permissions were set in the request ...",)
    assert error.codes == ("RBA-10001", "RBAC_AUTHORIZATION_ERROR")
    assert "Access Denied" in str(error)
    assert "[RBA-10001]" in str(error)


def test_a_schema_error_names_each_field() -> None:
    text = str(refusal(answer(400, SCHEMA)))
    assert "/rules/0/spec: unknown property 'x'; @path: too long" in text


def test_a_schema_error_without_fields_keeps_its_title() -> None:
    assert "Bad Request" in str(refusal(answer(400, {"data": {"error": {"error": "Bad Request"}}})))


def test_no_body_is_no_data_where_none_is_due() -> None:
    assert reply(answer(204)) == Reply(204, None, None, None)
    assert reply(answer(202)) == Reply(202, None, None, None)
    with pytest.raises(_errors.ConnectionFailed, match="empty body"):
        reply(answer(200))


def test_json_that_is_no_object_is_an_error_of_the_server() -> None:
    with pytest.raises(_errors.ServerError):
        reply(answer(200, [1]))


@pytest.mark.parametrize("items", [None, [], ["text"], "text", 4 * [None]])
def test_strange_message_lists_give_no_messages(items: object) -> None:
    assert app_messages(items) == []

# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Create, read, list, update with ETag, delete: the same life for every asynchronous kind, as the SDK lives it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.contract.compare import in_order, without_server_fields
from tests.contract.kinds import KINDS, Kind
from tests.contract.sdk import Site, data_of, refusal


@pytest.fixture(params=list(KINDS))
def kind(request: pytest.FixtureRequest) -> Kind:
    return KINDS[request.param]


@pytest.fixture
def made(kind: Kind, site: Site) -> Iterator[str]:
    """The id of a fresh object, deleted afterwards unless the test did it."""
    ext_id = kind.create(site, kind.body(site))
    yield ext_id
    if data_of(kind.list(site, filter=f"extId eq '{ext_id}'")):
        site.wait(kind.delete(site, ext_id))


def test_what_was_sent_is_answered(kind: Kind, site: Site, made: str) -> None:
    sent = kind.body(site)
    answered = site.plain(kind.namespace, kind.get(site, made))
    assert without_server_fields(in_order(sent), in_order(answered)) == in_order(sent)
    assert answered["extId"] == made


def test_listed_under_its_name(kind: Kind, site: Site, made: str) -> None:
    answer = kind.list(site, filter=f"name eq '{kind.body(site)['name']}'")
    assert [entry.ext_id for entry in data_of(answer)] == [made]
    assert answer.metadata.total_available_results == 1


def test_update_with_etag_then_stale(kind: Kind, site: Site, made: str) -> None:
    first = kind.get(site, made)
    kind.change(first)
    site.wait(kind.update(site, made, first))
    assert kind.get(site, made).description == "changed"
    first.description = "too late"
    refusal(kind.namespace, lambda: kind.update(site, made, first), 412)
    assert kind.get(site, made).description == "changed"


def test_update_without_etag_is_refused(kind: Kind, site: Site, made: str) -> None:
    model = site.model(kind.namespace, kind.model, kind.body(site))
    refusal(kind.namespace, lambda: kind.update(site, made, model), 428)


def test_update_is_a_full_replace(kind: Kind, site: Site, made: str) -> None:
    model = kind.get(site, made)
    model.description = None
    site.wait(kind.update(site, made, model))
    assert kind.get(site, made).description is None


def test_delete_then_gone(kind: Kind, site: Site, made: str) -> None:
    site.wait(kind.delete(site, made))
    refusal(kind.namespace, lambda: kind.get(site, made), 404)
    assert data_of(kind.list(site, filter=f"extId eq '{made}'")) == []


def test_delete_of_what_is_not_there_fails_in_the_task(kind: Kind, site: Site) -> None:
    answer = kind.delete(site, "11111111-2222-4333-8444-555555555555")
    assert site.wait(answer, status="FAILED").error_messages


def test_second_of_one_name_fails_in_the_task(kind: Kind, site: Site, made: str) -> None:
    call = getattr(kind.methods(site), f"create_{kind.name}")
    task = site.wait(call(site.model(kind.namespace, kind.model, kind.body(site))), status="FAILED")
    assert task.error_messages
    assert [entry.ext_id for entry in data_of(kind.list(site, filter=f"name eq '{kind.body(site)['name']}'"))] == [made]


def test_malformed_and_unknown_ids(kind: Kind, site: Site) -> None:
    body = refusal(kind.namespace, lambda: kind.get(site, "11111111-2222-4333-8444-555555555555"), 404)
    assert body["data"]["error"]
    # The SDK checks nothing of a path parameter itself.
    refusal(kind.namespace, lambda: kind.get(site, "no-uuid"), 400)

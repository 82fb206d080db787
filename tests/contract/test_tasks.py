# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tasks: their ids, their entities, and what can be asked of them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.kinds import KINDS
from tests.contract.sdk import Site, data_of, refusal

GROUPS = KINDS["address_group"]


@pytest.fixture
def task(site: Site) -> Any:
    """The ended task of a create call; what it made is deleted again."""
    answer = GROUPS.methods(site).create_address_group(site.model("microseg", GROUPS.model, GROUPS.body(site)))
    ended = site.wait(answer)
    site.wait(GROUPS.delete(site, ended.entities_affected[0].ext_id))
    return ended


def test_a_task_tells_its_story(task: Any) -> None:
    assert task.ext_id.startswith("ZXJnb24=:")
    assert task.progress_percentage == 100
    assert task.created_time <= task.started_time <= task.completed_time
    assert [entity.rel for entity in task.entities_affected] == ["microseg:config:address-group"]
    assert task.owned_by.name == "admin"


def test_bare_uuid_is_refused(site: Site, task: Any) -> None:
    refusal("prism", lambda: site.api("prism", "TasksApi").get_task_by_id(task.ext_id.partition(":")[2]), 400)


def test_unknown_task(site: Site) -> None:
    unknown = "ZXJnb24=:11111111-2222-4333-8444-555555555555"
    refusal("prism", lambda: site.api("prism", "TasksApi").get_task_by_id(unknown), 404)


def test_ended_tasks_are_not_canceled(site: Site, task: Any) -> None:
    assert not task.is_cancelable
    refusal("prism", lambda: site.api("prism", "TasksApi").cancel_task(task.ext_id), 409)


def test_affected_entities_have_a_list_of_their_own(site: Site, task: Any) -> None:
    if site.minor("prism") < 2:
        pytest.skip("the list of affected entities came with minor 4.2; SDK and site have less in common")
    entities = data_of(site.api("prism", "TasksApi").list_task_entities(task.ext_id))
    assert [entity.ext_id for entity in entities] == [entity.ext_id for entity in task.entities_affected]


def test_newest_first(site: Site, task: Any) -> None:
    listed = data_of(site.api("prism", "TasksApi").list_tasks(_limit=10))
    times = [entry.created_time for entry in listed]
    assert times == sorted(times, reverse=True)
    assert task.ext_id in {entry.ext_id for entry in listed}


def test_select(site: Site, task: Any) -> None:
    read = data_of(site.api("prism", "TasksApi").get_task_by_id(task.ext_id, _select="status"))
    assert read.status == "SUCCEEDED"
    assert read.owned_by is None

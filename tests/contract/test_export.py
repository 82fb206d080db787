# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The way of a policy export: prepared by a task, downloaded as a file, imported by a task, tried out first."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.contract.kinds import KINDS, named
from tests.contract.sdk import Site, data_of

POLICY = KINDS["network_security_policy"]


@pytest.fixture
def policy(site: Site) -> Iterator[str]:
    """The name of a fresh policy, deleted in the end whichever id it has by then."""
    POLICY.create(site, POLICY.body(site))
    name = str(POLICY.body(site)["name"])
    yield name
    for entry in data_of(POLICY.list(site, filter=f"name eq '{name}'")):
        site.wait(POLICY.delete(site, entry.ext_id))


def downloaded(site: Site, directory: Path) -> Path:
    """An export of all policies, as the SDK writes it to a file."""
    api = POLICY.methods(site)
    site.wait(api.export_network_security_policy())
    site.client("microseg").configuration.download_directory = str(directory)
    answer: Any = api.list_network_security_policies(Accept="application/octet-stream")
    return Path(answer.data.path if hasattr(answer.data, "path") else answer.data["path"])


def test_import_brings_back_what_was_deleted(site: Site, policy: str, tmp_path: Path) -> None:
    export = downloaded(site, tmp_path)
    assert export.stat().st_size > 0
    api = POLICY.methods(site)
    site.wait(POLICY.delete(site, named(site, POLICY.name, policy)))
    site.wait(api.apply_network_security_policy_import(export, _dryrun=True))
    assert not data_of(POLICY.list(site, filter=f"name eq '{policy}'"))
    site.wait(api.apply_network_security_policy_import(export, _dryrun=False))
    assert named(site, POLICY.name, policy)

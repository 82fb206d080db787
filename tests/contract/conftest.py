# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One simulator for all contract tests, and each site that the installed SDK can talk to."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import pytest

from prismsim.testing import running
from tests.contract.sdk import ESTATE, Site, reachable_sites, sdk_minor

#: The SDK of minor 4.0 has no recovery plans.
collect_ignore = ["test_recovery_plans.py"] if sdk_minor("datapolicies") < 2 else []


@pytest.fixture(scope="session", autouse=True)
def _quiet() -> Iterator[None]:
    """No logs: the SDK's own calls of its logger have wrong arguments, which pytest's capture turns into errors."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture(scope="session")
def world() -> Iterator[Any]:
    """A running simulator with the contract estate."""
    with running(ESTATE) as server:
        yield server


@pytest.fixture(scope="session", params=reachable_sites())
def site(request: pytest.FixtureRequest, world: Any) -> Site:
    """Each site that the installed SDK can talk to."""
    return Site(request.param, world.ready)

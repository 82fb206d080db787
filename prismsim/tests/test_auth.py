# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may call: Basic, API key, session cookie, and the shapes of 401."""

from __future__ import annotations

import requests
from conftest import ESTATE, Client

from prismsim.testing import running

PATH = "prism/v4.0/config/categories"


def anonymous(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


def test_basic_earns_a_session_and_the_session_suffices(north: Client) -> None:
    assert north("GET", PATH).headers["Set-Cookie"].startswith("NTNX_IAM_SESSION=")
    assert north("GET", PATH, auth=anonymous).status_code == 200
    north.simulator.expire_sessions()
    refused = north("GET", PATH, auth=anonymous)
    assert refused.status_code == 401
    assert refused.json()["data"]["error"][0]["errorGroup"] == "AUTHENTICATION_REQUIRED"


def test_api_key(north: Client) -> None:
    fresh = Client(north.simulator, "north")
    assert fresh("GET", PATH, auth=anonymous, headers={"X-ntnx-api-key": "key-north"}).status_code == 200
    assert fresh("GET", PATH, auth=anonymous, headers={"X-ntnx-api-key": "other"}).status_code == 401


def test_wrong_credentials(north: Client) -> None:
    fresh = Client(north.simulator, "north")
    assert fresh("GET", PATH, auth=("admin", "wrong")).status_code == 401
    assert fresh("GET", PATH, auth=anonymous).status_code == 401


def test_a_401_may_come_without_a_body() -> None:
    with running({**ESTATE, "switches": {"unauthorized_has_body": False}}) as simulator:
        answer = Client(simulator, "north")("GET", PATH, auth=("admin", "wrong"))
        assert answer.status_code == 401
        assert answer.content == b""

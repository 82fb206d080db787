# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The option ``peers`` of modules about disaster recovery, and the site it opens. Knows Ansible's option format."""

from __future__ import annotations

import typing as t

from .._engine.recovery_site import RecoverySite
from .connection import connection_rules, connection_spec
from .module import Opening, open_site

_PLURALS = ("protection_policies", "recovery_plans")


def _peers_spec() -> dict[str, t.Any]:
    return {"peers": {"type": "list", "elements": "dict", "default": [], "options": connection_spec(), **connection_rules()}}


def open_recovery_site(params: t.Mapping[str, t.Any]) -> RecoverySite:
    """The Prism Central of a module with its peers. Nothing is sent yet."""
    return RecoverySite(open_site(params).client, [open_site(peer) for peer in params["peers"]], _of_interest(params))


def _of_interest(params: t.Mapping[str, t.Any]) -> set[str] | None:
    """The names that a module is about; None if it may be about any."""
    if params.get("name"):
        return {params["name"]}
    listed = next((value for name, value in params.items() if name in _PLURALS), None)
    return None if listed is None or params.get("prune") else {item["name"] for item in listed}


WITH_PEERS = Opening(_peers_spec(), open_recovery_site)

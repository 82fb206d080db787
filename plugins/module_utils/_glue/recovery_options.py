# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The option ``peers`` of modules about disaster recovery, and the site it opens. Knows Ansible's option format."""

from __future__ import annotations

import typing as t

from .._engine.recovery_site import RecoverySite
from .connection import connection_rules, connection_spec
from .module import Opening, open_site


def _peers_spec() -> dict[str, t.Any]:
    return {"peers": {"type": "list", "elements": "dict", "default": [], "options": connection_spec(), **connection_rules()}}


def open_recovery_site(params: t.Mapping[str, t.Any]) -> RecoverySite:
    """The Prism Central of a module with its peers. Nothing is sent yet."""
    return RecoverySite(open_site(params).client, [open_site(peer) for peer in params["peers"]])


WITH_PEERS = Opening(_peers_spec(), open_recovery_site)

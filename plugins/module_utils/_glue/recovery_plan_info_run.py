# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The run of recovery_plan_info: recovery plans, and on demand what each would recover now. Knows options and results."""

from __future__ import annotations

import typing as t
from datetime import datetime, timezone

from .._engine.recoverable import Recoverable
from .entity_info import run_info
from .module import Result
from .recovery_options import WITH_PEERS

if t.TYPE_CHECKING:
    from .._engine.recovery_site import RecoverySite

_OPENING = WITH_PEERS._replace(spec={**WITH_PEERS.spec, "recoverable": {"type": "bool", "default": False}})


def run_recovery_plan_info() -> None:
    """The whole of the module."""
    run_info("recovery_plan", _OPENING, more=_recoverable)


def _recoverable(params: t.Mapping[str, t.Any], site: t.Any, plans: t.Sequence[Result]) -> None:
    """Put into each plan what it would recover."""
    if not params["recoverable"]:
        return
    here: RecoverySite = site
    answers = Recoverable(here, datetime.now(timezone.utc))
    for plan in plans:
        plan["recoverable"] = answers.of(plan)

# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The option of modules whose reasons can be waived, and what it becomes. Knows Ansible's option format."""

from __future__ import annotations

import datetime
import typing as t

from .._engine.gate import Waiver
from .._errors import Finding, InvalidInput

_NAME = {"type": "str", "required": True}


def waivers_spec() -> dict[str, dict[str, t.Any]]:
    options = {"code": _NAME, "by": _NAME, "reason": _NAME, "expires": _NAME}
    return {"waivers": {"type": "list", "elements": "dict", "default": [], "options": options}}


def waivers_from(given: t.Sequence[t.Mapping[str, str]]) -> list[Waiver]:
    """Raises InvalidInput for days that are none."""
    waivers, findings = [], []
    for index, item in enumerate(given):
        try:
            waivers.append(Waiver(item["code"], item["by"], item["reason"], datetime.date.fromisoformat(item["expires"])))
        except ValueError:
            findings.append(Finding(f"waivers[{index}].expires", f"{item['expires']!r} is no date", "write it as 2026-12-31"))
    if findings:
        raise InvalidInput(findings, verb="read")
    return waivers


def today() -> datetime.date:
    return datetime.date.today()

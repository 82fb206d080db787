# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a failed task says. Knows errors and results; a run in which all goes well needs none of it."""

from __future__ import annotations

from .._errors import DrError, InvalidInput
from .module import Result


def failure(error: DrError) -> Result:
    """What a failed task says of an error: the message, its parts, and every finding."""
    result: Result = {"msg": str(error), "error": _parts(error)}
    if isinstance(error, InvalidInput):
        result["findings"] = [dict(finding._asdict()) for finding in error.findings]
        if len(error.findings) > 1:
            lines = "\n".join(f"  - {finding}" for finding in error.findings)
            result["msg"] = f"{error.subject() or 'input'}: {len(error.findings)} problems\n{lines}"
    return result


def _parts(error: DrError) -> dict[str, str]:
    """The class name and the parts that are not empty."""
    parts = {
        "type": type(error).__name__,
        "cause": error.cause,
        "verb": error.verb,
        "kind": error.kind,
        "name": error.name,
        "site": error.site,
        "fix": error.fix,
    }
    return {key: value for key, value in parts.items() if value}

# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Errors as the API words them: application messages and schema errors. Knows their shape, not when they apply."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Message:
    """One application message (contract/v4 section 6)."""

    text: str
    code: str = "PRISMSIM-10000"
    group: str = "INTERNAL_ERROR"
    severity: str = "ERROR"

    def body(self, namespace: str) -> dict[str, Any]:
        """The wire form in the error model of a namespace."""
        return {
            "message": self.text,
            "severity": self.severity,
            "code": self.code,
            "locale": "en_US",
            "errorGroup": self.group,
            "$objectType": f"{namespace}.v4.error.AppMessage",
        }


@dataclass(frozen=True)
class Problem:
    """One finding of the schema check: ``location`` is @body, @query, @path or @header."""

    attribute: str
    text: str
    location: str = "@body"


@dataclass
class ApiError(Exception):
    """An answer other than 2xx: either schema problems (always 400) or application messages."""

    status: int
    messages: list[Message] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return "; ".join([m.text for m in self.messages] + [f"{p.attribute}: {p.text}" for p in self.problems])

    def data(self, namespace: str, path: str, when: str) -> dict[str, Any]:
        """The ``data`` member of the answer: an ErrorResponse with its discriminator."""
        if self.problems:
            model = f"{namespace}.v4.error.SchemaValidationError"
            error: Any = {
                "timestamp": when,
                "statusCode": self.status,
                "error": "Bad Request",
                "path": path,
                "validationErrorMessages": [
                    {
                        "location": p.location,
                        "message": p.text,
                        "attributePath": p.attribute,
                        "$objectType": f"{namespace}.v4.error.SchemaValidationErrorMessage",
                    }
                    for p in self.problems
                ],
                "$objectType": model,
            }
        else:
            model = f"List<{namespace}.v4.error.AppMessage>"
            error = [m.body(namespace) for m in self.messages]
        return {
            "error": error,
            "$errorItemDiscriminator": model,
            "$objectType": f"{namespace}.v4.error.ErrorResponse",
        }


class Refusal(Exception):
    """A write that makes no sense: a FAILED task, or ``status`` on a call that answers at once."""

    def __init__(self, messages: list[Message], status: int = 400) -> None:
        super().__init__("; ".join(m.text for m in messages))
        self.messages = messages
        self.status = status


def bad_query(parameter: str, text: str) -> ApiError:
    """A query parameter that the API refuses."""
    return ApiError(400, problems=[Problem(parameter, text, "@query")])


def not_found(kind: str, ext_id: str) -> ApiError:
    """No such entity."""
    return ApiError(404, [Message(f"Could not find {kind} with extId {ext_id}.", "RES-10001", "RESOURCE_NOT_FOUND")])

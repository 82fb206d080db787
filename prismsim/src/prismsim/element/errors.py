# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Refusals of Prism Element, in its own shape (contract/element section 1)."""

from __future__ import annotations

from prismsim.switches import Switches


class ElementError(Exception):
    """An answer with an error body. ``exception`` is the Java class that the header names."""

    def __init__(self, status: int, text: str, code: int = 1101, exception: str = "ValidationException") -> None:
        self.status = status
        self.text = text
        self.code = code
        self.exception = f"com.nutanix.prism.exception.{exception}"
        super().__init__(text)

    def body(self) -> dict[str, object]:
        """The body in v2.0 spelling."""
        message = f"{self.exception}: {self.text}"
        return {
            "message": message,
            "detailed_message": f"{message}\n\tat {self.exception.rpartition('.')[0]}.simulated",
            "error_code": {"code": self.code, "help_url": "http://my.nutanix.com"},
        }


def broken_rule(switches: Switches, text: str) -> ElementError:
    """A request that is well-formed but cannot be: a name that is taken, a vStore that does not exist."""
    return ElementError(422 if switches.element_rules_answer_422 else 500, text)


def unknown(switches: Switches, what: str, name: str) -> ElementError:
    """Something that is asked for by a name which nothing has."""
    status = 404 if switches.element_unknown_name_answers_404 else 500
    return ElementError(status, f"{what} {name} does not exist", 1102, "NotFoundException")


def malformed(text: str) -> ElementError:
    """A body or a parameter that cannot be read."""
    return ElementError(400, text, 1103, "BadRequestException")

# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a set of services is written. Knows no wire format."""

from __future__ import annotations

import typing as t

from .directory import Reference
from .form import Form, listed
from .problems import Problems
from .services import GROUP, Service, parse_service, sort_services


class Services(Form):
    """A set of services. ``plain`` (in a service group) takes neither ``any`` nor ``group:NAME``."""

    def __init__(self, *, plain: bool = False) -> None:
        self.plain = plain

    def option(self) -> dict[str, t.Any]:
        return {"type": "list", "elements": "str"}

    def canonical(self, value: t.Any, at: str, problems: Problems) -> t.Any:
        found: list[Service] = []
        for item in listed(value, at, "services", problems):
            try:
                service = parse_service(str(item))
            except ValueError as error:
                problems.add(at, str(error))
                continue
            if self.plain and service.protocol in ("any", "group"):
                problems.add(at, f"{item!r} can't stand in a service group", "list protocols and ports")
            found.append(service)
        return [str(service) for service in sort_services(found)]

    def references(self, value: t.Any) -> t.Iterator[Reference]:
        return (Reference("service_group", text[len(GROUP) :]) for text in value if text.startswith(GROUP))

# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How services are written into API bodies; `codec_services.py` reads them."""

from __future__ import annotations

import typing as t

from .codec import Body
from .codec_services import PROPERTIES
from .directory import Directory
from .services import ANY, Service, parse_service
from .services_icmp import icmp_body


def service_lists(value: t.Iterable[str], directory: Directory, *, groups: str, any_property: str) -> Body:
    """The properties that say some services. Raises UnknownReference or Ambiguous for names of service groups."""
    body: Body = {}
    for service in map(parse_service, value):
        if service.protocol == ANY:
            body[any_property] = True
        elif service.protocol == "group":
            body.setdefault(groups, []).append(directory.id_of("service_group", service.group))
        else:
            body.setdefault(PROPERTIES[service.protocol], []).append(_service_body(service))
    return body


def _service_body(service: Service) -> Body:
    if service.protocol.startswith("icmp"):
        return icmp_body(service)
    return {"startPort": service.low, "endPort": service.high}

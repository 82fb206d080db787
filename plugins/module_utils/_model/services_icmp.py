# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ICMP services, whose numbers are a type and a code: as a person writes them (icmp/8/0) and as the API takes them."""

from __future__ import annotations

from .codec import Body, Reader
from .services import Service, number_in

# Highest type and code that the API takes (contract/v4 section 9.4).
_HIGHEST = {"icmp": (43, 15), "icmpv6": (201, 10)}


def parse_icmp(protocol: str, rest: str, whole: str) -> Service:
    """``rest`` is what ``whole`` says after the protocol. Raises ValueError with the reason."""
    if not rest:
        return Service(protocol)
    highest_type, highest_code = _HIGHEST[protocol]
    type_text, slash, code_text = rest.partition("/")
    number = number_in(type_text, highest_type, whole)
    return Service(protocol, number, number_in(code_text, highest_code, whole) if slash else -1)


def read_icmp(protocol: str, reader: Reader) -> Service:
    """Raises NotRepresentable."""
    everything, kind, code = reader.take("isAllAllowed"), reader.take("type"), reader.take("code")
    if everything and kind is None and code is None:
        return Service(protocol)
    if kind is None or everything:
        reader.refuse("", "must say either isAllAllowed or a type")
    return Service(protocol, kind, -1 if code is None else code)


def icmp_body(service: Service) -> Body:
    if service.low < 0:
        return {"isAllAllowed": True}
    return {"isAllAllowed": False, "type": service.low, **({} if service.high < 0 else {"code": service.high})}

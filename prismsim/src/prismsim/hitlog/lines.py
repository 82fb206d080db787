# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The text of hit-log lines, and those that a session leaves from its beginning to its end. Knows the format, decides nothing.

What vendor samples show: the tag differs from host to host, the host's own time has no zone, a description may be missing, and a
dropped packet may carry the description of an unrelated rule.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from random import Random
from typing import NamedTuple

from prismsim.hitlog.members import Packet
from prismsim.hitlog.traffic import Flow

_TAGS = ("ahv", "Genesis_1", "flow-hitCount3")
_START = datetime.datetime(2026, 1, 5, 10, 0, 0)
_LINES_PER_SECOND = 50


class Said(NamedTuple):
    """What one end logs about a session, beside its counters."""

    flow: Flow
    source_port: int
    action: str
    direction: str
    host: str
    policy: str
    policy_id: str
    description: str

    def turned(self) -> Said:
        """As some samples have it: the ends exchanged, and no direction."""
        flow = Flow(self.flow.destination, self.flow.source, Packet(self.flow.packet.protocol, self.source_port))
        return self._replace(flow=flow, source_port=self.flow.packet.number, direction="")


class Clock:
    """The time of each line, the same for the same number."""

    def at(self, number: int) -> datetime.datetime:
        return _START + datetime.timedelta(seconds=number // _LINES_PER_SECOND)


def session(said: Said, draw: Random) -> Iterator[tuple[str, Said, int, int]]:
    """Event, what is said, packets there and back: one line of a drop, several of what passes."""
    if said.action == "DROP":
        yield "Create", said, 1, 0
        return
    sent = answered = 1
    yield "Create", said, sent, 0
    for _update in range(draw.randrange(4)):
        if draw.random() < 0.02 and said.flow.packet.protocol in ("tcp", "udp"):
            yield "Update", said.turned(), answered, 0
            continue
        sent, answered = sent + draw.randrange(40), answered + draw.randrange(40)
        yield "Update", said, sent, answered
    yield "Destroy", said, sent + 1, answered + 1


def line(moment: datetime.datetime, event: str, said: Said, sent: int, answered: int) -> str:
    """One line as a syslog server writes it down, without its end."""
    packet = said.flow.packet
    ports = f"SPORT={said.source_port} DPORT={packet.number}"
    if packet.protocol.startswith("icmp"):
        ports = f"TYPE={packet.number} CODE={packet.code}"  # no sample of the vendor shows these
    direction = f" DIRECTION={said.direction}" if said.direction else ""
    description = f" DESCRIPTION={said.description}" if said.description else ""
    tag = _TAGS[sum(said.host.encode()) % len(_TAGS)]
    return (
        f"{moment:%Y-%m-%dT%H:%M:%S}Z {said.host} {tag}: INFO:{moment:%Y/%m/%d %H:%M:%S}  [{said.policy_id}] {said.policy} [{event}] "
        f"SRC={said.flow.source.address} DST={said.flow.destination.address} PROTO={packet.protocol.upper()} {ports} "
        f"ACTION={said.action}{direction} ORIG: PKTS={sent} BYTES={sent * 80} REPLY: PKTS={answered} BYTES={answered * 287}{description}"
    )


def noise(moment: datetime.datetime, number: int) -> str:
    """A line of another program on the same server."""
    return f"{moment:%Y-%m-%dT%H:%M:%S}Z north-ahv-1 systemd[1]: Started Session {number} of user root."


def repetition(text: str) -> str:
    """What rsyslog makes of a line that came several times."""
    head, _word, payload = text.partition("INFO:")
    return f"{head}message repeated 2 times: [INFO:{payload}]"

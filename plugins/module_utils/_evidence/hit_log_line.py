# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One line of a hit log, as AHV hosts send it by syslog (semantics section 10). Knows the text; reads no file and judges nothing.

The syslog header, its tag and its host vary from site to site, so a line is recognized by what the host wrote, wherever that begins.
"""

from __future__ import annotations

import re
import typing as t

CREATE = "Create"
ALLOW, DROP, MONITOR = "ALLOW", "DROP", "MONITOR"
INBOUND, OUTBOUND = "INBOUND", "OUTBOUND"
DAMAGED, REPEATED, OTHER = "damaged", "repeated", "other"
"""What a line is that is no hit: one that was cut or garbled, syslog's "last message repeated", something else."""


class Hit(t.NamedTuple):
    """What one line says; everything is text, and empty if the line doesn't say it.

    ``time``: as the host wrote it, without a time zone. ``rule_id``: of the policy or of one of its rules. ``port``: the destination
    port, or ICMP type and code as ``8/0``. ``direction``: INBOUND or OUTBOUND, seen from the secured VM; old releases don't say it.
    ``rest``: counters and description. The description of a DROP may be that of an unrelated rule, so nothing goes by it.
    """

    time: str
    rule_id: str
    policy: str
    event: str
    source: str
    destination: str
    protocol: str
    source_port: str
    port: str
    action: str
    direction: str
    rest: str

    def no_reply(self) -> bool:
        """Whether nothing came back: such samples of a session may be written with its ends exchanged."""
        found = _REPLY.search(self.rest)
        return found is None or found[1] == "0"


_TIME_AND_ID = r"INFO:([0-9/]{10} [0-9:]{8}) +\[([^]]*)\] "
# Every form here is quick for a whole line; a name with brackets is left to _UNUSUAL.
_USUAL = re.compile(
    _TIME_AND_ID + r"([^\[]*) \[(\w+)\] SRC=([^ ]+) DST=([^ ]+) PROTO=([^ ]+)(?: SPORT=([0-9]+))?(?: DPORT=([0-9]+))?"
    r" ACTION=(ALLOW|DROP|MONITOR)\b(?: DIRECTION=(INBOUND|OUTBOUND)\b)?(.*)",
    re.ASCII,
)
_UNUSUAL = re.compile(_TIME_AND_ID + r"(.*?) \[(\w+)\] ([A-Z]+=.*)")
_FIELD = re.compile(r"\b([A-Z]+)=(\S*)")
_REPLY = re.compile(r"REPLY: PKTS=(\d+)")
_REPEATED = re.compile(r"message repeated \d+ times: \[(.*)\]\s*$")
_ACTIONS, _DIRECTIONS = (ALLOW, DROP, MONITOR), (INBOUND, OUTBOUND)

usual = _USUAL.search
"""For the loop over millions of lines: a match whose groups are the fields of a `Hit`, or None; then `parse` says what the line is.

A line that `is_doubtful` is for `parse`, too."""


def is_doubtful(rest: str, text: str) -> bool:
    """Whether a line may hold more than one hit: two were glued together, or syslog says that one was repeated."""
    return "ACTION=" in rest or " repeated " in text


def parse(text: str) -> Hit | str:
    """A hit, or what else the line is: one of DAMAGED, REPEATED, OTHER."""
    repeated = _REPEATED.search(text)
    if repeated:
        text = repeated[1]
    elif "last message repeated" in text:
        return REPEATED
    found = _USUAL.search(text)
    hit = Hit._make(found.groups("")) if found else _unusual(text)
    if hit is None:
        return DAMAGED if "ACTION=" in text or "SRC=" in text or "DST=" in text else OTHER
    return DAMAGED if "ACTION=" in hit.rest else hit


def _unusual(text: str) -> Hit | None:
    """A hit whose policy has brackets in its name, or whose fields come in another order or with others between, as those of ICMP may."""
    found = _UNUSUAL.search(text)
    if not found:
        return None
    told, _word, description = found[5].partition(" DESCRIPTION=")
    head, _word, counters = told.rstrip().partition(" ORIG:")
    pairs = _FIELD.findall(head)
    fields = dict(pairs)
    needed = all(fields.get(name) for name in ("SRC", "DST", "PROTO"))
    if not needed or len(fields) != len(pairs) or fields.get("ACTION") not in _ACTIONS:
        return None
    port = fields.get("DPORT", "")
    if "TYPE" in fields:
        port = f"{fields['TYPE']}/{fields.get('CODE') or 0}"
    direction = fields.get("DIRECTION", "")
    time, rule_id, policy, event, _told = found.groups()
    return Hit(
        time,
        rule_id,
        policy,
        event,
        fields["SRC"],
        fields["DST"],
        fields["PROTO"],
        fields.get("SPORT", ""),
        port,
        fields["ACTION"],
        direction if direction in _DIRECTIONS else "",
        (f" ORIG:{counters}" if counters else "") + (f" DESCRIPTION={description}" if description else ""),
    )

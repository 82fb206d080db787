"""Lines of hit logs: what vendor samples show, what goes wrong on the way, and what the simulator writes."""

from __future__ import annotations

import datetime
import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.nutanix_flow.dr.plugins.module_utils._evidence.hit_log_line import DAMAGED, OTHER, REPEATED, Hit, is_doubtful, parse, usual
from prismsim.hitlog.ends import outside
from prismsim.hitlog.lines import Said, line, repetition
from prismsim.hitlog.members import Packet
from prismsim.hitlog.traffic import Flow

RULE = "11111111-2222-3333-4444-555555555555"
HEAD = f"2026-01-05T10:00:01Z ahv-7 ahv: INFO:2026/01/05 10:00:00  [{RULE}] Web App [Update] "
ENDS = "SRC=10.1.1.11 DST=10.1.1.21 PROTO=TCP SPORT=51000 DPORT=8443 "
COUNTERS = " ORIG: PKTS=6 BYTES=480 REPLY: PKTS=4 BYTES=1148"
LINE = f"{HEAD}{ENDS}ACTION=ALLOW DIRECTION=OUTBOUND{COUNTERS}"
PORTS = "=TCP SPORT=51000 DPORT=8443"
HIT = Hit("2026/01/05 10:00:00", RULE, "Web App", "Update", "10.1.1.11", "10.1.1.21", "TCP", "51000", "8443", "ALLOW", "OUTBOUND", COUNTERS)

PING = HIT._replace(protocol="ICMP", source_port="", port="")

CASES = [
    pytest.param(LINE, HIT, id="sample"),
    pytest.param(f"<14>1 - {LINE}", HIT, id="another header"),
    pytest.param(LINE.replace(" DIRECTION=OUTBOUND", ""), HIT._replace(direction=""), id="of 2020, without direction"),
    pytest.param(LINE + " DESCRIPTION=web to app", HIT._replace(rest=f"{COUNTERS} DESCRIPTION=web to app"), id="description"),
    pytest.param(LINE.replace("Web App", "Shop v1.2 [new] x"), HIT._replace(policy="Shop v1.2 [new] x"), id="blanks, dots, brackets in a name"),
    pytest.param(LINE.replace("Web App", "Web ["), HIT._replace(policy="Web ["), id="a name that ends with a bracket"),
    pytest.param(LINE.replace("10.1.1.", "2001:db8::"), HIT._replace(source="2001:db8::11", destination="2001:db8::21"), id="IPv6"),
    pytest.param(LINE[: LINE.index("DIRECTION") + 13], HIT._replace(direction="", rest=" DIRECTION=OUT"), id="cut behind the action"),
    pytest.param(LINE[: LINE.index("ACTION") + 10], DAMAGED, id="cut in the action"),
    pytest.param(LINE[: LINE.index("DPORT") + 8], DAMAGED, id="cut in the port"),
    pytest.param(f"{LINE} {LINE}", DAMAGED, id="two in one line"),
    pytest.param(LINE.replace("DST=10.1.1.21", "DST="), DAMAGED, id="no destination"),
    pytest.param(LINE.replace(PORTS, "=ICMP TYPE=8 CODE=0"), PING._replace(port="8/0"), id="ICMP with a type"),
    pytest.param(LINE.replace(PORTS, "=ICMP"), PING, id="ICMP without a type"),
    pytest.param(f"{HEAD}PROTO=TCP DST=10.1.1.21 DPORT=8443 SRC=10.1.1.11 SPORT=51000 DIRECTION=OUTBOUND ACTION=ALLOW{COUNTERS}", HIT, id="another order"),
    pytest.param(f"x: message repeated 3 times: [{LINE[LINE.index('INFO') :]}]", HIT, id="repeated by rsyslog"),
    pytest.param("x last message repeated 3 times", REPEATED, id="repeated by an older syslog"),
    pytest.param("2026-01-05T10:00:01Z ahv-7 sshd[1]: session opened", OTHER, id="another program"),
    pytest.param("", OTHER, id="empty"),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_a_line(text: str, expected: Hit | str) -> None:
    assert parse(text) == expected
    # The quick way of millions of lines says the same, or leaves the line to `parse`.
    quick = usual(text)
    assert quick is None or is_doubtful(quick[12], text) or Hit._make(quick.groups("")) == expected


def test_a_reply_is_seen_in_the_counters() -> None:
    assert not HIT.no_reply()
    assert HIT._replace(rest=COUNTERS.replace("PKTS=4", "PKTS=0")).no_reply()
    assert HIT._replace(rest="").no_reply()


ADDRESSES = st.one_of(st.ip_addresses(v=4), st.ip_addresses(v=6))
NAMES = st.text(st.sampled_from("abz AZ09-_.[]()="), min_size=1, max_size=20).map(str.strip).filter(lambda name: name and "=" not in name)
MOMENT = datetime.datetime(2026, 1, 5, 10, 0, 0)


@st.composite
def said(draw: st.DrawFn) -> Said:
    protocol = draw(st.sampled_from(["tcp", "udp", "icmp"]))
    packet = Packet(protocol, draw(st.integers(0, 255 if protocol == "icmp" else 65535)))
    flow = Flow(*(outside(str(draw(ADDRESSES))) for _end in range(2)), packet)
    action, direction = draw(st.sampled_from(["ALLOW", "DROP", "MONITOR"])), draw(st.sampled_from(["INBOUND", "OUTBOUND", ""]))
    return Said(flow, draw(st.integers(0, 65535)), action, direction, draw(NAMES), draw(NAMES), RULE, draw(st.one_of(st.just(""), NAMES)))


@given(said(), st.sampled_from(["Create", "Update", "Destroy"]), st.integers(0, 9))
def test_what_the_simulator_writes_is_read_as_it_was_meant(one: Said, event: str, answered: int) -> None:
    text = line(MOMENT, event, one, 3, answered)
    hit = parse(text)
    assert isinstance(hit, Hit)
    packet = one.flow.packet
    assert (hit.time, hit.rule_id, hit.policy, hit.event) == ("2026/01/05 10:00:00", RULE, one.policy, event)
    assert [ipaddress.ip_address(end) for end in (hit.source, hit.destination)] == [one.flow.source.address, one.flow.destination.address]
    assert (hit.protocol, hit.action, hit.direction) == (packet.protocol.upper(), one.action, one.direction)
    assert hit.port == (f"{packet.number}/0" if packet.protocol == "icmp" else str(packet.number))
    assert hit.no_reply() == (answered == 0)
    assert parse(repetition(text)) == hit


@given(said(), st.data())
def test_a_line_that_is_cut_is_damaged_or_says_what_the_whole_line_says(one: Said, data: st.DataObject) -> None:
    text = line(MOMENT, "Update", one, 3, 0)
    found = parse(text[: data.draw(st.integers(0, len(text)))])
    whole = parse(text)
    assert isinstance(whole, Hit)
    if isinstance(found, Hit):
        assert found[:10] == whole[:10]
        assert found.direction in ("", whole.direction)

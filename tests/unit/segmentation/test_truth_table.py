"""The truth table of the semantics, row by row: what passes, and which level of which policy at which end says so."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest

from ansible_collections.nutanix_flow.dr.plugins.module_utils._segmentation.rules import Objects
from tests.unit.segmentation.truth_fixture import (
    APP,
    DB,
    DEV,
    PROD,
    TEST,
    U,
    application,
    ask,
    deciders,
    group,
    inbound,
    isolation,
    outbound,
    p3,
    p3_with,
    site,
    vm,
    vms_with,
    word,
)

P3_OUT, P3_IN = ("P3", "out", 12), ("P3", "in", 12)
R2_R3 = [("P3", "out", 11), ("P3", "in", 11)]
NOBODY = [("", "out", 14), ("", "in", 14)]
ISO = isolation("ISO", PROD, DEV)
SHARED_DNS = application("SHARED", group({"categories": {"SharedService": "dns"}}, None, [inbound("any", "udp/53")]), kind="shared_service")
ON_DNS = application("ONDNS", group({"categories": {"SharedService": "dns"}}, None, [inbound("any", "tcp/22")]))
STRICT = application("QS", group({"categories": {"Quarantine": "Default"}}), kind="quarantine")
FORENSIC = application(
    "QF", group({"categories": {"Quarantine": "Forensics"}}, None, [inbound({"categories": {"Role": "IR"}}, "tcp/22")]), kind="quarantine"
)
IR = vm("IR", "10.1.1.80", {"Role": "IR"})
PM = application("PM", group({"categories": {"Acc": "Admin"}}, None, [inbound({"cidr": ["10.7.0.0/24"]}, "tcp/22")]))
ADMIN = vms_with(vm("W1", "10.1.1.11", {"T": "Web", "Env": "Prod", "Acc": "Admin"}))
MARKER = application("PE", group(PROD, None, [inbound("none", "any")]))
BOTH = {"categories": {"T": "Web", "Env": "Prod"}}
ZED = vm("Z", "10.1.1.70", {"T": "Web"})


def quarantined(*values: str) -> list[dict[str, Any]]:
    return vms_with(vm("W1", "10.1.1.11", {"T": "Web", "Env": "Prod", "Quarantine": list(values)}), IR)


def without(tier: int, part: str) -> dict[str, Any]:
    """P3 without the first entry of one part (R3: tier 1, inbound; R2: tier 0, outbound)."""
    rule = p3()
    del rule["groups"][tier][part][0]
    return rule


def web_allows_ssh_only() -> dict[str, Any]:
    rule = p3()
    rule["groups"][0]["intra"] = {"action": "allow", "services": ["tcp/22"]}
    return rule


def db_talks_to_db() -> dict[str, Any]:
    rule = p3_with(2, "inbound", inbound(DB, "tcp/3306"))
    rule["groups"][2]["outbound"].append(outbound(DB, "tcp/3306"))
    return rule


def through_function() -> dict[str, Any]:
    rule = p3()
    rule["groups"][0]["inbound"][0]["network_function"] = "IPS"
    return rule


def app_from_two_categories() -> dict[str, Any]:
    rule = p3()
    rule["groups"][1]["inbound"] = [inbound(BOTH, "tcp/8443")]
    return rule


class Row(NamedTuple):
    """``decided``: (policy, direction, level) of what decided; None where the table names nobody."""

    number: str
    objects: Objects
    source: str
    destination: str
    packet: str
    expected: str
    decided: list[tuple[str, str, int]] | None = None
    more: dict[str, Any] = {}


DEFAULT, ISO_MONITOR = site(p3()), site(p3(), {**ISO, "mode": "monitor"})
ROWS = [
    Row("1", DEFAULT, U, "W1", "tcp/443", "ALLOW", [("", "out", 14), ("P3", "in", 11)]),
    Row("2", DEFAULT, U, "W1", "tcp/80", "DENY", [P3_IN]),
    Row("3", DEFAULT, "W1", "A1", "tcp/8443", "ALLOW", R2_R3),
    Row("4", site(without(1, "inbound")), "W1", "A1", "tcp/8443", "DENY", [P3_IN]),
    Row("5", site(without(0, "outbound")), "W1", "A1", "tcp/8443", "DENY", [P3_OUT]),
    Row("6a", DEFAULT, "W1", "A1", "tcp/8442", "DENY", [P3_OUT]),
    Row("6b", DEFAULT, "W1", "A1", "tcp/8444", "DENY", [P3_OUT]),
    Row("7", DEFAULT, "W1", "D1", "tcp/3306", "DENY", [P3_OUT]),
    Row("8", DEFAULT, "A1", "D1", "tcp/3306", "ALLOW", R2_R3),
    Row("9", DEFAULT, "D1", "A1", "tcp/8443", "DENY", [P3_OUT]),
    Row("10", DEFAULT, "W1", "W2", "47", "ALLOW", [("P3", "out", 9), ("P3", "in", 9)]),
    Row("11", DEFAULT, "A1", "A2", "tcp/8443", "DENY", [("P3", "out", 9)]),
    Row("12", site(p3_with(1, "inbound", inbound(APP, "tcp/22"))), "A1", "A2", "tcp/22", "DENY", [("P3", "out", 9)]),
    Row("13", DEFAULT, "D1", "D2", "tcp/3306", "DENY", [P3_OUT]),
    Row("14", site(db_talks_to_db()), "D1", "D2", "tcp/3306", "ALLOW", R2_R3),
    Row("15", site(web_allows_ssh_only()), "W1", "W2", "tcp/80", "DENY", [("P3", "out", 10)]),
    Row("16", DEFAULT, "W1", U, "udp/123", "DENY", [P3_OUT]),
    Row("17", DEFAULT, "X1", "W1", "tcp/443", "ALLOW", [("", "out", 14), ("P3", "in", 11)]),
    Row("18", DEFAULT, "X1", "A1", "tcp/8443", "DENY", [P3_IN]),
    Row("19", DEFAULT, "A1", "X1", "tcp/22", "DENY", [P3_OUT]),
    Row("20a", DEFAULT, "X1", "X2", "tcp/1", "ALLOW", NOBODY),
    Row("20b", DEFAULT, "X1", U, "udp/9", "ALLOW", NOBODY),
    Row("21", site(p3(mode="monitor")), U, "W1", "tcp/80", "MONITORED", [("", "out", 14), ("P3", "in", 13)]),
    Row("22", site(p3(mode="save")), U, "W1", "tcp/80", "ALLOW", NOBODY),
    Row("23", ISO_MONITOR, "V1", "W1", "tcp/80", "DENY", [P3_IN]),
    Row("24", ISO_MONITOR, "V1", "W1", "tcp/80", "MONITORED", [("ISO", "out", 13), ("ISO", "in", 13)], {"model": "gen1"}),
    Row("25", site(p3(), ISO), "V1", "W1", "tcp/443", "DENY", [("ISO", "out", 8)]),
    Row("26", site(p3(), ISO), "W1", "A1", "tcp/8443", "ALLOW", R2_R3),
    Row("27", site(p3(), ISO), "X1", "W1", "tcp/443", "ALLOW", [("", "out", 14), ("P3", "in", 11)]),
    Row(
        "28",
        site(p3(), isolation("M", PROD, DEV, TEST), vms=vms_with(vm("T1", "10.1.3.1", {"Env": "Test"}))),
        "V1", "T1", "tcp/1", "DENY", [("M", "out", 8)],
    ),
    Row("29", site(p3(), ISO, SHARED_DNS), "V1", "N1", "udp/53", "ALLOW", [("SHARED", "out", 6), ("SHARED", "in", 6)]),
    Row("30", site(p3(), ISO, SHARED_DNS), "V1", "N1", "tcp/22", "DENY", [("SHARED", "in", 7)]),
    Row("31", site(p3(), ISO, SHARED_DNS, ON_DNS), "X1", "N1", "tcp/22", "DENY", [("SHARED", "in", 7)]),
    Row("32a", site(p3(), STRICT, vms=quarantined("Default")), U, "W1", "tcp/443", "DENY", [("QS", "in", 1)]),
    Row("32b", site(p3(), STRICT, vms=quarantined("Default")), "W1", "W2", "tcp/1", "DENY", [("QS", "out", 1)]),
    Row("33a", site(p3(), FORENSIC, vms=quarantined("Forensics")), "IR", "W1", "tcp/22", "ALLOW", [("", "out", 14), ("QF", "in", 2)]),
    Row("33b", site(p3(), FORENSIC, vms=quarantined("Forensics")), "IR", "W1", "tcp/443", "DENY", [("QF", "in", 3)]),
    Row(
        "34", site(p3(), STRICT, FORENSIC, vms=quarantined("Default", "Forensics")), "IR", "W1", "tcp/22", "DENY", [("QS", "in", 1)]
    ),
    Row("35", site(p3(), PM, vms=ADMIN), "10.7.0.5", "W1", "tcp/22", "ALLOW", [("", "out", 14), ("PM", "in", 11)]),
    Row("36", site(p3(), PM, vms=ADMIN), U, "W1", "tcp/443", "ALLOW", [("", "out", 14), ("P3", "in", 11)]),
    Row("37", site(p3(), application("PE", group(PROD, "allow"))), "D1", "W1", "icmp/8", "ALLOW", [("PE", "out", 9), ("PE", "in", 9)]),
    Row("38", site(p3(), MARKER), "D1", "W1", "icmp/8", "DENY"),
    Row("39", site(application("P", group(BOTH, None, [inbound("any", "tcp/443")])), vms=vms_with(ZED)), U, "Z", "tcp/80", "ALLOW", NOBODY),
    Row("40", site(app_from_two_categories(), vms=vms_with(ZED)), "Z", "A1", "tcp/8443", "DENY"),
    Row("41", DEFAULT, U, "O1", "tcp/80", "ALLOW", NOBODY),
    Row("42a", site(p3(scope={"vpcs": ["VPC-1"]})), U, "O1", "tcp/80", "DENY", [P3_IN]),
    Row("42b", site(p3(scope={"vpcs": ["VPC-1"]})), U, "O2", "tcp/80", "ALLOW", NOBODY),
    Row("43a", site(p3(scope="global")), U, "W1", "tcp/80", "DENY", [P3_IN]),
    Row("43b", site(p3(scope="global")), U, "O2", "tcp/80", "DENY", [P3_IN]),
    *(
        Row(f"44 {number}", site(p3(scope=scope)), U, "B1", "tcp/80", "ALLOW", NOBODY)
        for number, scope in enumerate(("vlans", "all_vpcs", "global", {"vpcs": ["VPC-1"]}, {"vpc_categories": {"Z": "1"}}))
    ),
    Row(
        "45", site(p3_with(1, "inbound", inbound({"cidr": ["10.1.1.0/24"]}, "tcp/22"))), "X1", "A1", "tcp/22", "ALLOW",
        [("", "out", 14), ("P3", "in", 11)],
    ),
    Row("46", site(p3(), vms=vms_with(vm("W1", "", {"T": "Web", "Env": "Prod"}))), "W1", "A1", "tcp/8443", "DENY", [P3_IN]),
    Row("47a", site(p3_with(0, "inbound", inbound("any", "icmp/8/0"))), U, "W1", "icmp/8/0", "ALLOW"),
    Row("47b", site(p3_with(0, "inbound", inbound("any", "icmp/8/0"))), U, "W1", "icmp/13/0", "DENY", [P3_IN]),
    Row("48", DEFAULT, "2001:db8::9", "W1", "tcp/443", "DENY", [P3_IN]),
    Row("49", site(p3(allow_ipv6=True)), "2001:db8::9", "W1", "tcp/22", "ALLOW", [("", "out", 14), ("P3", "in", 11)]),
    Row("50", site(p3_with(1, "inbound", inbound("none", "any"))), "X1", "A1", "tcp/1", "DENY", [P3_IN]),
    Row("51", DEFAULT, "W1", "255.255.255.255", "dhcp", "ALLOW", [("", "out", 0), ("", "in", 0)]),
    Row("52a", DEFAULT, "W1", "X1", "47", "DENY", [P3_OUT]),
    Row("52b", DEFAULT, "X1", "X2", "47", "ALLOW", NOBODY),
    Row("53a", site(through_function(), closed=["IPS"]), U, "W1", "tcp/443", "DENY", [("P3", "in", 11)]),
    Row("53b", site(through_function()), U, "W1", "tcp/443", "ALLOW", [("", "out", 14), ("P3", "in", 11)]),
    # The readings of section 15 that a row shows.
    Row("R2", site(p3(), ISO, SHARED_DNS), "W1", "N1", "udp/53", "ALLOW", [("SHARED", "out", 6), ("SHARED", "in", 6)]),
    Row("R5", DEFAULT, "W1", "W2", "tcp/1", "DENY", [P3_OUT], {"ipv6": True}),
    Row("R7 vlan", DEFAULT, "B1", "A1", "tcp/8443", "DENY", [P3_IN]),
    Row("R7 overlay", DEFAULT, "O1", "A1", "tcp/8443", "DENY", [P3_IN]),
    Row("R8", site(p3(), vms=vms_with(vm("W1", "", {"T": "Web"}))), "W1", "W2", "tcp/1", "DENY"),
    Row("R8 web", site(p3(), vms=vms_with(vm("W2", "", {"T": "Web"}))), "X1", "W2", "tcp/443", "ALLOW"),
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.number)
def test_row(row: Row) -> None:
    verdict = ask(row.objects, row.source, row.destination, row.packet, **row.more)
    assert word(verdict) == row.expected
    if row.decided is not None:
        assert deciders(verdict) == row.decided


def test_monitored_verdict_says_what_enforcing_would_do() -> None:
    objects = site(p3(mode="monitor"))
    assert not ask(objects, U, "W1", "tcp/80").if_enforced
    seen = ask(objects, U, "W1", "tcp/443")
    assert (seen.monitored, seen.if_enforced) == (True, True)


def test_deciding_entry_is_named() -> None:
    verdict = ask(DEFAULT, "W1", "A1", "tcp/8443")
    assert [one.where for one in verdict.decided_by] == ["groups[0].outbound[0]", "groups[1].inbound[0]"]


def test_open_network_function_is_named() -> None:
    assert ask(site(through_function()), U, "W1", "tcp/443").decided_by[1].function == "IPS"

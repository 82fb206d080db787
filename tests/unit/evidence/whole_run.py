"""A run that has everything a report can show: two proofs, probes, logs, recovery points, targets. Knows no format."""

from __future__ import annotations

from typing import Any

from ansible_collections.nutanix_flow.dr.plugins.module_utils._evidence.record import Event
from ansible_collections.nutanix_flow.dr.plugins.module_utils._evidence.report import Report, make_report

DECISION = {"direction": "in", "action": "deny", "policy": "shop", "entry": "groups[0]", "entry_text": "AppTier/Web", "level": 12, "stage": "everything else"}
ALLOW = {**DECISION, "action": "allow", "entry": "groups[0].inbound[0]", "entry_text": "AppTier/Web inbound from any tcp/443-444", "stage": "an entry"}
FLOW = {"from": "0.0.0.0", "to": "web-1", "service": "tcp/444", "ipv6": False}
GROUP = {
    "kind": "opened",
    "severity": "problem",
    "services": ["tcp/444"],
    "ipv6": False,
    "flows": [{"from": ["0.0.0.0-10.1.1.10", "10.1.1.12-255.255.255.255", "and 3 more"], "to": ["web-1", "web-2"]}],
    "witness": {"source": FLOW, "target": FLOW},
    "cause": {"source": [DECISION], "target": [ALLOW]},
    "explanation": "Opened: tcp/444 for 10 pairs of ends, for instance 0.0.0.0 -> web-1 tcp/444",
}
COUNTS = {"vms": 2, "interfaces": 2, "enforced": 2, "monitored": 0, "unsecured": 0, "basic_vlan": 0, "without_address": 0}
FIVE = ["tcp/1", "tcp/2", "tcp/3", "tcp/4", "tcp/5"]
WAYS = [
    {"from": "App", "to": "Web", "before": [], "after": ["tcp/444"], "part": True, "differs": ["opened"], "differs_ipv6": []},
    {"from": "Web", "to": "App", "before": ["any"], "after": ["any"], "part": False, "differs": [], "differs_ipv6": ["closed"]},
    {"from": "Web", "to": "Web", "before": FIVE, "after": FIVE, "part": False, "differs": [], "differs_ipv6": []},
]
PROOF = {
    "check": "segmentation north -> south",
    "source": "north",
    "target": "south",
    "verdict": "different",
    "proof": "Not equal: groups of flows 1 opened",
    "counts": {"opened": 1, "closed": 0, "monitored_only": 0},
    "coverage": {"before": COUNTS, "after": {**COUNTS, "enforced": 1, "monitored": 1}},
    "causes": [{"kind": "opened", "severity": "problem", "policy": "shop", "groups": 1, "explanation": GROUP["explanation"]}],
    "groups": [GROUP],
    "facts": [{"code": "F8", "severity": "problem", "subject": "security rule bank", "problem": "is in mode monitor there", "fix": "set it to enforce"}],
    "matrix": {"by": ["AppTier"], "tiers": [{"name": "App", "vms": 1}, {"name": "Web", "vms": 2}, {"name": "Idle", "vms": 1}], "ways": WAYS, "note": ""},
    "policies": ["bank", "shop"],
    "depends_on": [{"reading": "peer_needs_address", "taken": True, "default_means": "a VM without a known address is no peer by category"}],
    "compared": {"interfaces": 2, "classes": 5, "rows": 8},
    "not_compared": {"source": [], "target": ["jump-1"]},
    "notes": [],
    "inputs": {"source": {"site": "north", "read_from": "baseline of north", "digest": "41d09ab2"}},
}
EQUAL = {
    **PROOF,
    "verdict": "equal",
    "proof": "Proved equal: every packet is treated alike",
    "counts": {"opened": 0, "closed": 0, "monitored_only": 0},
    "causes": [],
    "groups": [],
    "facts": [],
    "matrix": {**PROOF["matrix"], "ways": [{**way, "differs": [], "differs_ipv6": []} for way in WAYS]},
}
PROBES = [
    {"id": "p1", "source": "web-1", "destination": "db-1", "service": "tcp/5432", "expected": "deny", "observed": "timeout", "verdict": "PASS",
     "policy": "shop", "entry": "groups[1]", "control": "p2", "reason": "p2 came through, this one did not"},
    {"id": "p2", "source": "app-1", "destination": "db-1", "service": "tcp/5432", "expected": "allow", "observed": "open", "verdict": "PASS",
     "policy": "shop"},
    {"id": "p3", "source": "web-1", "destination": "db-2", "service": "tcp/22", "expected": "deny", "observed": "open", "verdict": "FAIL_OPEN",
     "policy": "bank", "reason": "it came through"},
    {"id": "p4", "source": "web-1", "destination": "db-3", "service": "udp/53", "expected": "deny", "observed": "timeout", "verdict": "INCONCLUSIVE",
     "policy": None, "reason": "silence says nothing over UDP"},
]
EXAMPLE = {"line": "...", "source": "web-1", "destination": "db-1", "service": "tcp/5432", "logged": "allow", "expected": "deny", "reason": "denied"}
HIT_LOG = {
    "lines": 100,
    "judged": 90,
    "unread": {"truncated": 10},
    "first": "2026-11-21T12:00:00Z",
    "last": "2026-11-21T13:00:00Z",
    "agreements": 88,
    "contradictions": [{"class": "allowed_though_denied", "severity": "problem", "count": 2, "policy": "shop", "examples": [EXAMPLE]}],
    "rules": {"allowed": ["shop: AppTier/Web"], "denied": [], "never": ["shop: AppTier/Db"]},
}
RECOVERED = [
    {"vm": "web-1", "seconds": 240, "point": "2026-11-21T11:56:00Z", "source": "recovery point"},
    {"vm": "db-1", "seconds": 5400, "point": "2026-11-21T10:30:00Z", "source": "recovery point"},
    {"vm": "app-1", "seconds": 0, "point": None, "source": "planned"},
]
OPENED = {"check": "segmentation north -> south", "severity": "problem", "code": "OPENED", "problem": GROUP["explanation"], "fix": ""}
LOST = {"check": "coverage of south", "vm": "web-1", "severity": "problem", "code": "LOST_CATEGORY", "problem": "=web-1 lost AppTier/Web", "fix": "return it"}
VM = {"name": "web-1", "status": "problem", "secured_by": {"shop": "monitor"}, "expected": {"shop": "enforce"}, "findings": ["problem: shop does not enforce"]}
TOOL = {"name": "nutanix_flow.dr", "version": "1.0.0", "ansible_core": "2.19.0", "python": "3.11.2"}

EVENTS: list[tuple[str, str, dict[str, Any]]] = [
    ("check", "start", {"user": "anna", "process": "1", "tool": TOOL}),
    ("lock", "state", {"what": "begun", "verb": "unplanned_failover", "before": "READY", "after": "FAILING_OVER", "active": "south", "epoch": 2,
                       "targets": {"rto_minutes": 60, "rpo_minutes": 60}}),
    ("apply", "plan", {"site": "south", "plan_digest": "f00d", "summary": {"create": 1}}),
    ("apply", "intent", {"site": "south", "verb": "create", "kind": "security_rule", "name": "shop"}),
    ("apply", "outcome", {"site": "south", "verb": "create", "kind": "security_rule", "name": "shop", "status": "done"}),
    ("workloads", "check", {"check": "recovery plan tier-1, unplanned", "verdict": "go", "recovered": RECOVERED}),
    ("verify", "check", {"check": "coverage of south", "verdict": "problem", "counts": {"ok": 0, "expected": 1}, "workloads": [VM]}),
    ("verify", "finding", LOST),
    ("verify", "check", PROOF),
    ("verify", "finding", OPENED),
    ("probe", "check", {"check": "probes at south", "verdict": "problem", "site": "south", "probes": PROBES}),
    ("logs", "check", {"check": "hit log of south", "verdict": "problem", "site": "south", "hit_log": HIT_LOG}),
    ("report", "end", {"title": "FAILOVER unplanned north -> south", "verb": "failover", "source": "north", "target": "south"}),
]
MENDED: list[tuple[str, str, dict[str, Any]]] = [*EVENTS[:-1], ("verify", "check", EQUAL), EVENTS[-1]]


def report_of(events: list[tuple[str, str, dict[str, Any]]]) -> Report:
    """The report of these events, a minute apart."""
    times = [f"2026-11-21T12:{number:02}:00.000Z" for number in range(len(events))]
    return make_report([Event(number, time, *event, "", "") for number, (time, event) in enumerate(zip(times, events, strict=True), start=1)], "run-1")

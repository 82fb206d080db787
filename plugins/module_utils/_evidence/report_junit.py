# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report as JUnit XML, for pipelines: a suite per policy, a failure per class of what is wrong. Knows the report, not the record.

Ansible's own callback writes a case per task; here a case is a question of the report: whether a policy does the same as before, whether
a probe saw what it had to, whether the logs agree.
"""

from __future__ import annotations

import re
import typing as t
import xml.etree.ElementTree as ET

from .report import Report

_NO_POLICY = "no policy"
# What XML 1.0 can't hold.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Case(t.NamedTuple):
    """``outcome``: passed, failure or skipped; ``kind`` is the class of a failure, ``told`` the line about it, ``detail`` all of it."""

    suite: str
    name: str
    outcome: str = "passed"
    kind: str = ""
    told: str = ""
    detail: str = ""


def to_junit(report: Report) -> str:
    """Suites and cases are sorted by name, as far as the report doesn't order them."""
    suites: dict[str, list[Case]] = {}
    for case in _cases(report):
        suites.setdefault(case.suite, []).append(case)
    title = f"{report['run'].get('title') or 'Run'} {report['run_id']}"
    root = ET.Element("testsuites", {"name": _text(title), **_counts(list(_cases(report)))})
    for name, cases in sorted(suites.items()):
        suite = ET.SubElement(root, "testsuite", {"name": _text(name), "timestamp": report["start"][:19], **_counts(cases)})
        for case in cases:
            _add(suite, case)
    ET.indent(root)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _cases(report: Report) -> t.Iterator[Case]:
    for proof in report["segmentation"]:
        if proof["last"]:
            yield from _of_proof(proof)
    for probe in report["probes"]:
        yield _of_probe(probe)
    for log in report["hit_logs"]:
        yield from _of_log(log)
    for vm in report["workloads"]:
        failed = vm.get("status") == "problem"
        told = "; ".join(vm.get("findings") or ())
        yield Case("workloads", str(vm.get("name")), "failure" if failed else "passed", "NOT_SECURED_AS_BEFORE" if failed else "", told, told)
    for finding in report["findings"]:
        if finding.get("severity") == "problem" and not _told_elsewhere(finding):
            text = str(finding.get("problem"))
            yield Case(str(finding.get("check") or "run"), text, "failure", str(finding.get("code") or "PROBLEM"), text, str(finding.get("fix") or ""))
    for outcome in report["outcomes"]:
        if outcome.get("status") != "done":
            name = f"{outcome.get('verb')} {outcome.get('kind')} {outcome.get('name')}"
            yield Case("writes", name, "failure", str(outcome.get("status")).upper(), str(outcome.get("error") or outcome.get("status")))


def _of_proof(proof: Report) -> t.Iterator[Case]:
    """A case per policy and kind of difference, and one that passed for each policy of which nothing differs."""
    way = f"{proof['source']} to {proof['target']}"
    found: dict[tuple[str, str], list[Report]] = {}
    for row in proof["differences"]:
        for policy in row["policies"] or [_NO_POLICY]:
            found.setdefault((policy, row["kind"]), []).append(row)
    for (policy, kind), rows in found.items():
        more = f" (and {len(rows) - 1} more groups of flows)" if len(rows) > 1 else ""
        detail = "\n".join(row["explanation"] for row in rows)
        # What differs in monitor mode only changes no packet.
        outcome = "passed" if kind == "monitored_only" else "failure"
        yield Case(policy, f"{way}: {kind.replace('_', ' ')}", outcome, kind.upper(), f"{rows[0]['explanation']}{more}", detail)
    differing = {policy for policy, _kind in found}
    for policy in proof["policies"] or ():
        if policy not in differing:
            yield Case(policy, f"{way}: every packet is treated alike")


def _of_probe(probe: Report) -> Case:
    name = f"{probe.get('id')}: {probe.get('source')} to {probe.get('destination')} {probe.get('service')}, expected {probe.get('expected')}"
    verdict = str(probe.get("verdict"))
    outcome = {"PASS": "passed", "FAIL_OPEN": "failure", "FAIL_CLOSED": "failure"}.get(verdict, "skipped")
    told = f"{verdict}: observed {probe.get('observed')}; {probe.get('reason') or ''}"
    return Case(str(probe.get("policy") or _NO_POLICY), name, outcome, verdict, told, str(probe.get("entry") or ""))


def _of_log(log: Report) -> t.Iterator[Case]:
    for row in log.get("contradictions") or ():
        kind = str(row["class"])
        examples = "\n".join(str(one.get("line") or one.get("reason") or "") for one in row.get("examples") or ())
        outcome = {"problem": "failure", "warning": "failure"}.get(str(row.get("severity")), "skipped")
        yield Case(str(row.get("policy") or _NO_POLICY), f"flow logs of {log['site']}: {kind}", outcome, kind.upper(), f"{row['count']} lines", examples)
    if not log.get("contradictions"):
        yield Case(f"flow logs of {log['site']}", "all lines agree with the security rules")


def _told_elsewhere(finding: Report) -> bool:
    """Whether the finding is also a difference or a VM, which have cases of their own."""
    return str(finding.get("code")) in ("OPENED", "CLOSED", "MONITORED_ONLY") or "vm" in finding


def _counts(cases: t.Sequence[Case]) -> dict[str, str]:
    counted = {"tests": len(cases), "errors": 0}
    for attribute, outcome in (("failures", "failure"), ("skipped", "skipped")):
        counted[attribute] = sum(case.outcome == outcome for case in cases)
    return {name: str(number) for name, number in counted.items()}


def _add(suite: ET.Element, case: Case) -> None:
    element = ET.SubElement(suite, "testcase", classname=_text(case.suite), name=_text(case.name))
    if case.outcome == "failure":
        ET.SubElement(element, "failure", type=_text(case.kind), message=_text(case.told))
    elif case.outcome == "skipped":
        ET.SubElement(element, "skipped", message=_text(case.told))
    if case.detail or (case.told and case.outcome == "passed"):
        ET.SubElement(element, "system-out").text = _text(case.detail or case.told)


def _text(text: str) -> str:
    return _FORBIDDEN.sub("?", text)

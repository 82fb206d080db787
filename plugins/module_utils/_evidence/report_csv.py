# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report as one table for spreadsheets: findings, differences, probes and contradictions, a line each. Knows the report, not the record."""

from __future__ import annotations

import csv
import io
import typing as t

from .report import Report

COLUMNS = ("what", "severity", "code", "policy", "from", "to", "service", "before", "after", "text", "fix")
# A spreadsheet takes what begins like this for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def to_csv(report: Report) -> str:
    """RFC 4180 but for its line ends, which are LF as in every file here."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    for row in _rows(report):
        writer.writerow({name: _safe(value) for name, value in row.items()})
    return text.getvalue()


def _rows(report: Report) -> t.Iterator[Report]:
    for finding in report["findings"]:
        told = {name: finding.get(name) for name in ("severity", "code", "fix")}
        yield {"what": "finding", **told, "text": finding.get("problem")}
    for proof in report["segmentation"]:
        for row in proof["differences"] if proof["last"] else ():
            ends = {"from": row["witness"]["from"], "to": row["witness"]["to"], "service": row["witness"]["service"]}
            told = {"severity": row["severity"], "code": row["kind"], "policy": row["policies"], "before": row["before"], "after": row["after"]}
            yield {"what": "difference", **ends, **told, "text": row["explanation"]}
    for probe in report["probes"]:
        ends = {"from": probe.get("source"), "to": probe.get("destination"), "service": probe.get("service")}
        told = {"code": probe.get("verdict"), "policy": probe.get("policy"), "before": probe.get("expected"), "after": probe.get("observed")}
        yield {"what": "probe", **ends, **told, "text": probe.get("reason")}
    for log in report["hit_logs"]:
        for row in log.get("contradictions") or ():
            one = (row.get("examples") or [{}])[0]
            ends = {"from": one.get("source"), "to": one.get("destination"), "service": one.get("service")}
            told = {"severity": row.get("severity"), "code": row["class"], "policy": row.get("policy")}
            seen = {"before": one.get("expected"), "after": one.get("logged")}
            yield {"what": "contradiction", **ends, **told, **seen, "text": f"{row['count']} lines: {one.get('reason') or ''}"}


def _safe(value: t.Any) -> str:
    text = "; ".join(str(one) for one in value) if isinstance(value, list) else "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text

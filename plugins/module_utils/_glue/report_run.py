# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The run of run_report: closes the record of a run and renders its reports. Decides nothing."""

from __future__ import annotations

import datetime
import os
import typing as t

from ansible.module_utils.basic import AnsibleModule

from .._evidence.history import END
from .._evidence.record import FILE, FIRST, Event, append, read_record
from .._evidence.report import make_report, report_texts, summary_line, write_report
from .module import Result, make_module, run

_SPEC = {
    "path": {"type": "path", "required": True},
    "verb": {"type": "str", "required": True, "choices": ["pre_dr", "failover", "failback", "drift", "audit", "site_pairing"]},
    "outcome": {"type": "str", "required": True, "choices": ["ok", "failed"]},
    "mode": {"type": "str"},
    "source": {"type": "str"},
    "target": {"type": "str"},
    "change_id": {"type": "str"},
    "reason": {"type": "str"},
    "failure": {"type": "str"},
}
_TOLD = ("verb", "mode", "source", "target", "change_id", "reason", "failure")


def run_report() -> None:
    """The whole of the module."""
    run(make_module(_SPEC, connects=False), _work, empty={"changed": False, "summary": "", "report": {}, "diff": []})


def _work(module: AnsibleModule) -> Result:
    params = module.params
    path = params["path"]
    end = _end(params)
    events = read_record(path) if os.path.exists(os.path.join(path, FILE)) or not module.check_mode else []
    if not events or events[-1].type != END or dict(events[-1].data) != end:
        if module.check_mode:
            events = [*events, _foretold(events, end)]
        else:
            append(path, "report", [(END, end)])
            events = read_record(path)
    report = make_report(events, os.path.basename(os.path.normpath(path)))
    before = {name: _text(os.path.join(path, name)) for name in ("report.json", "report.md")}
    after = report_texts(report)
    written = write_report(path, report, dry=module.check_mode)
    return {
        "changed": written.changed,
        "report_json": os.path.join(path, "report.json"),
        "report_md": os.path.join(path, "report.md"),
        "sha256": written.files[os.path.join(path, "report.json")],
        "summary": f"{summary_line(report)}, report {os.path.join(path, 'report.md')}",
        "report": report,
        "diff": [
            {"before_header": name, "after_header": name, "before": before[name], "after": text}
            for name, text in after.items()
            if before[name] != text
        ],
    }


def _end(params: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """What the last event of the record says."""
    way = f"{params['source']} -> {params['target']}" if params["source"] and params["target"] else params["target"] or params["source"]
    title = " ".join(part for part in (params["verb"].upper(), params["mode"], way) if part)
    end = {name: params[name] for name in _TOLD if params[name]}
    return {**end, "title": title, **({"failed": True} if params["outcome"] == "failed" else {})}


def _foretold(events: t.Sequence[Event], end: dict[str, t.Any]) -> Event:
    """The event that check mode doesn't write."""
    now = datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return Event(len(events) + 1, now, "report", END, end, events[-1].hash if events else FIRST, "")


def _text(path: str) -> str:
    try:
        with open(path, encoding="utf-8") as stream:
            return stream.read()
    except FileNotFoundError:
        return ""

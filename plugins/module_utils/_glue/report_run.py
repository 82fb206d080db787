# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The run of run_report: closes the record of a run and renders its reports. Decides nothing."""

from __future__ import annotations

import datetime
import os
import typing as t

from ansible.module_utils.basic import AnsibleModule

from .._errors import Finding, InvalidInput
from .._evidence.files import read_file, replace_file
from .._evidence.history import END
from .._evidence.manifest import sha256
from .._evidence.record import FILE, FIRST, Chain, Data, Event, append, cut_off, read_chain
from .._evidence.report import Report, make_report, summary_line
from .._evidence.report_formats import DEFAULT_FORMATS, FORMATS
from .._evidence.report_html import HAS_JINJA2
from .._evidence.run_times import read_time
from .module import Result, make_module, run

_SPEC = {
    "path": {"type": "path", "required": True},
    "verb": {"type": "str", "required": True, "choices": ["pre_dr", "failover", "failback", "drill", "drift", "audit", "probe", "site_pairing"]},
    "outcome": {"type": "str", "required": True, "choices": ["ok", "failed"]},
    "mode": {"type": "str"},
    "source": {"type": "str"},
    "target": {"type": "str"},
    "change_id": {"type": "str"},
    "reason": {"type": "str"},
    "failure": {"type": "str"},
    "declared": {"type": "str"},
    "formats": {"type": "list", "elements": "str", "choices": list(FORMATS), "default": list(DEFAULT_FORMATS)},
}
_TOLD = ("verb", "mode", "source", "target", "change_id", "reason", "failure", "declared")


def run_report() -> None:
    """The whole of the module."""
    run(make_module(_SPEC, connects=False), _work, empty={"changed": False, "verdict": "", "summary": "", "report": {}, "diff": []})


def _work(module: AnsibleModule) -> Result:
    params = module.params
    path = params["path"]
    end = _end(params)
    # A run may have been refused before there was anything to record; that is told as well.
    events, broken, cut = read_chain(path) if os.path.exists(os.path.join(path, FILE)) else Chain([], None, "")
    if not broken and (cut or not events or events[-1].type != END or dict(events[-1].data) != end):
        if module.check_mode:
            for kind, data in (*((cut_off(cut),) if cut else ()), (END, end)):
                events = [*events, _foretold(events, kind, data)]
        else:
            append(path, "report", [(END, end)])
            events, broken, _whole = read_chain(path)
    report = make_report(events, os.path.basename(os.path.normpath(path)), broken)
    texts = _texts(module, report)
    files = {name: os.path.join(path, FORMATS[name].file) for name in texts}
    before = {name: (read_file(file) or b"").decode(errors="replace") for name, file in files.items()}
    changed = [name for name, text in texts.items() if before[name] != text]
    for name in changed if not module.check_mode else ():
        replace_file(files[name], texts[name])
    # What a person opens first.
    best = next((name for name in ("html", "md", *files) if name in files), "")
    result: Result = {
        "changed": bool(changed),
        "verdict": report["verdict"],
        "files": files,
        **{f"report_{name}": files.get(name) for name in DEFAULT_FORMATS},
        "sha256": sha256(FORMATS["json"].text(report).encode()),
        "report_sha256": sha256(texts[best].encode()) if best else "",
        "summary": summary_line(report) + (f", report {files[best]}" if best else ""),
        "report": report,
        "diff": [_diff(FORMATS[name].file, before[name], texts[name]) for name in changed],
    }
    if broken:
        result["failed_with"] = InvalidInput([broken], verb="read", kind="record")
    return result


def _texts(module: AnsibleModule, report: Report) -> dict[str, str]:
    """Format -> content."""
    wanted = [name for name in FORMATS if name in module.params["formats"]]
    if "html" in wanted and not HAS_JINJA2:
        module.warn("there is no report.html: the Python that runs this module lacks jinja2, which comes with ansible-core")
        wanted.remove("html")
    return {name: FORMATS[name].text(report) for name in wanted}


def _diff(file: str, before: str, after: str) -> dict[str, str]:
    return {"before_header": file, "after_header": file, "before": before, "after": after}


def _end(params: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """What the last event of the record says. Raises InvalidInput."""
    if params["declared"]:
        try:
            aware = read_time(params["declared"]).tzinfo is not None
        except ValueError:
            aware = False
        if not aware:
            raise InvalidInput([Finding("declared", f"{params['declared']!r} is no time with a zone", "write it as 2026-11-21T12:00:00Z")], verb="read")
    way = f"{params['source']} -> {params['target']}" if params["source"] and params["target"] else params["target"] or params["source"]
    title = " ".join(part for part in (params["verb"].upper(), params["mode"], way) if part)
    end = {name: params[name] for name in _TOLD if params[name]}
    return {**end, "title": title, **({"failed": True} if params["outcome"] == "failed" else {})}


def _foretold(events: t.Sequence[Event], kind: str, data: Data) -> Event:
    """An event that check mode doesn't write."""
    now = datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return Event(len(events) + 1, now, "report", kind, data, events[-1].hash if events else FIRST, "")

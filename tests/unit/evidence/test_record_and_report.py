# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A record shows when it was changed or cut off, and a report follows from it alone, byte for byte."""

from __future__ import annotations

import datetime
import html.parser
import json
import os
from pathlib import Path

import pytest

from ansible_collections.nutanix_flow.dr.plugins.module_utils._errors import InvalidInput
from ansible_collections.nutanix_flow.dr.plugins.module_utils._evidence.record import CUT, append, last_of_type, read_chain, read_record
from ansible_collections.nutanix_flow.dr.plugins.module_utils._evidence.report import make_report, summary_line
from ansible_collections.nutanix_flow.dr.plugins.module_utils._evidence.report_html import to_html
from ansible_collections.nutanix_flow.dr.plugins.module_utils._evidence.report_markdown import to_markdown

START = datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=datetime.timezone.utc)


def write(path: Path, *events: tuple[str, str, dict], seconds: int = 0) -> None:
    for number, (step, kind, data) in enumerate(events):
        append(str(path), step, [(kind, data)], now=lambda number=number: START + datetime.timedelta(seconds=seconds + number))


def written(status: str, name: str = "shop", **more: str) -> dict:
    return {"site": "south", "verb": "create", "kind": "security_rule", "name": name, "status": status, **more}


RUN = (
    ("check", "start", {"title": "FAILOVER unplanned north -> south", "reason": "drill | yearly"}),
    ("check", "gate", {"verdict": "go", "reasons": ["south answers", "baseline is fresh"]}),
    ("apply", "intent", written("")),
    ("apply", "outcome", written("done", task="t1")),
    ("report", "end", {"failed": False}),
)


def test_events_come_back_in_order_and_chained(tmp_path):
    write(tmp_path / "run", *RUN)
    events = read_record(str(tmp_path / "run"))
    assert [event.type for event in events] == ["start", "gate", "intent", "outcome", "end"]
    assert [event.previous for event in events[1:]] == [event.hash for event in events[:-1]]
    assert events[0].time == "2026-01-02T03:04:05.000Z"


def drop_line(lines: list[str]) -> None:
    del lines[2]


def change_word(lines: list[str]) -> None:
    lines[1] = lines[1].replace('"go"', '"no_go"')


def swap_lines(lines: list[str]) -> None:
    lines[1], lines[2] = lines[2], lines[1]


def spoil_line(lines: list[str]) -> None:
    lines[1] = "{}"


@pytest.mark.parametrize(("damage", "line"), [(drop_line, 3), (change_word, 2), (swap_lines, 2), (spoil_line, 2)])
def test_a_changed_record_is_told_with_its_line(tmp_path, damage, line):
    write(tmp_path, *RUN)
    file = tmp_path / "record.jsonl"
    lines = file.read_text().splitlines()
    damage(lines)
    file.write_text("\n".join(lines) + "\n")
    with pytest.raises(InvalidInput, match=f"record.jsonl:{line}: "):
        read_record(str(tmp_path))


def test_a_last_line_cut_at_any_byte_is_set_aside_and_told(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "fsync", lambda _handle: None)
    write(tmp_path, *RUN[:3], ("apply", "outcome", written("done", "büro")))
    file = tmp_path / "record.jsonl"
    whole = file.read_bytes()
    start = whole[:-1].rindex(b"\n") + 1
    for size in range(start, len(whole)):
        file.write_bytes(whole[:size])
        chain = read_chain(str(tmp_path))
        assert ([event.type for event in chain.events], chain.broken, bool(chain.cut)) == (["start", "gate", "intent"], None, size > start), size
        assert last_of_type(str(tmp_path), "outcome") is None, size
        write(tmp_path, RUN[4])
        events = read_record(str(tmp_path))
        assert [event.type for event in events] == ["start", "gate", "intent", *(["finding"] if size > start else []), "end"], size
        report = make_report(events, "run-1")
        assert [finding["code"] for finding in report["findings"]] == ([CUT] if size > start else []), size
        if size > start:
            assert report["findings"][0]["fix"].endswith(whole[start:size].decode(errors="replace")), size


@pytest.mark.parametrize("damage", [b"{}\n", b'{"seq": 4, "ti\n', b"\0" * 40 + b"\n"])
def test_a_whole_line_that_says_nothing_is_damage_and_no_cut(tmp_path, damage):
    write(tmp_path, *RUN[:3])
    file = tmp_path / "record.jsonl"
    file.write_bytes(file.read_bytes() + damage)
    chain = read_chain(str(tmp_path))
    assert (len(chain.events), chain.cut) == (3, "")
    assert "record.jsonl:4: is no event of a record" in str(chain.broken)


def test_the_last_event_of_a_type_is_found_without_reading_the_rest(tmp_path):
    assert last_of_type(str(tmp_path), "start") is None
    write(tmp_path, *RUN, ("check", "note", {"message": '"type": "start"'}), ("check", "start", {"user": "bert"}), ("check", "note", {}))
    assert last_of_type(str(tmp_path), "start") == {"user": "bert"}
    assert last_of_type(str(tmp_path), "state") is None


def test_a_run_without_a_record_is_told(tmp_path):
    with pytest.raises(InvalidInput, match="no record of this run"):
        read_record(str(tmp_path))


@pytest.mark.parametrize(
    ("more", "verdict"),
    [
        (RUN[4:], "OK"),
        ((), "INTERIM"),
        ((("apply", "outcome", written("failed", "bank", error="no")), *RUN[4:]), "FAILED"),
        ((("apply", "outcome", written("failed", "bank")), ("apply", "outcome", written("done", "bank")), *RUN[4:]), "OK"),
        ((("verify", "finding", {"severity": "warning", "problem": "w"}), *RUN[4:]), "OK WITH WARNINGS"),
        ((("verify", "finding", {"severity": "warning"}), ("verify", "finding", {"severity": "problem"}), *RUN[4:]), "PROBLEMS"),
        ((("report", "end", {"failed": True}),), "FAILED"),
    ],
)
def test_the_verdict_follows_from_the_record(tmp_path, more, verdict):
    write(tmp_path, *RUN[:4], *more)
    assert make_report(read_record(str(tmp_path)), "run-1")["verdict"] == verdict


def test_the_same_record_gives_the_same_reports(tmp_path):
    write(tmp_path, *RUN)
    first, again = (make_report(read_record(str(tmp_path)), "run-1") for _time in range(2))
    assert json.dumps(first) == json.dumps(again)
    assert to_markdown(first) == to_markdown(again)
    assert to_html(first) == to_html(again)


def test_a_broken_chain_is_the_verdict_and_only_what_stands_before_it_is_told(tmp_path):
    write(tmp_path, *RUN)
    file = tmp_path / "record.jsonl"
    lines = file.read_text().splitlines()
    lines[2] = lines[2].replace("shop", "bank")
    file.write_text("\n".join(lines) + "\n")
    events, broken, _cut = read_chain(str(tmp_path))
    report = make_report(events, "run-1", broken)
    assert (report["verdict"], report["record"]["chain"], len(events)) == ("BROKEN RECORD", "broken", 2)
    assert "record.jsonl:3: doesn't follow" in report["findings"][0]["problem"]
    assert "bank" not in json.dumps(report)
    assert "the chain is broken" in to_html(report)
    assert "- record: broken" in to_markdown(report)


def test_a_run_that_was_taken_up_again_is_not_over_because_its_first_attempt_was(tmp_path):
    write(tmp_path, *RUN, ("check", "start", {"user": "bert"}))
    report = make_report(read_record(str(tmp_path)), "run-1")
    assert report["verdict"] == "INTERIM"
    assert report["clock"]["attempts"] == 2


def test_the_report_for_people_puts_the_verdict_and_what_is_wrong_first(tmp_path):
    write(tmp_path, *RUN[:3], ("apply", "outcome", written("failed", "bank", error="refused | no")), *RUN[4:])
    report = make_report(read_record(str(tmp_path)), "run-1")
    text = to_markdown(report)
    assert text.startswith("# FAILOVER unplanned north -> south run-1: FAILED\n")
    assert "| create | security_rule | bank | failed | refused \\| no |" in text
    assert "## Writes of unknown outcome\n\n| verb | kind | name |\n|---|---|---|\n| create | security_rule | shop |" in text
    assert text.index("failed or were skipped") < text.index("## Steps")
    assert summary_line(report) == "FAILOVER unplanned north -> south run-1: FAILED, 1 failed, 4.0 s"


def test_the_summary_says_what_was_verified_last_and_what_was_written(tmp_path):
    seen = {"expected": 62, "ok": 60, "problem": 2}
    good = {"name": "web-1", "status": "ok", "secured_by": {"shop": "enforce"}, "expected": {"shop": "enforce"}, "findings": []}
    bad = {**good, "status": "problem", "secured_by": {}, "findings": ["problem: is secured by nothing"]}
    write(
        tmp_path,
        *RUN[:4],
        ("apply", "check", {"check": "drift north -> south", "verdict": "equal", "counts": {"equal": 102}}),
        ("workloads", "check", {"check": "coverage of south", "verdict": "problem", "counts": seen, "workloads": [bad]}),
        ("remediate", "outcome", {"site": "south", "verb": "set categories", "kind": "vm", "name": "web-1", "status": "done"}),
        ("verify", "check", {"check": "coverage of south", "verdict": "ok", "counts": {**seen, "ok": 62}, "workloads": [good]}),
        *RUN[4:],
    )
    report = make_report(read_record(str(tmp_path)), "run-1")
    line = summary_line(report)
    assert ": OK, 102 objects equal, 62 of 62 VMs verified, 1 repaired, 1 written" in line
    assert report["workloads"] == [good], "as the last look found them"
    assert "| web-1 | ok | shop enforce | shop enforce |  |" in to_markdown(report)
    assert report["coverage"] == {
        "vms": 1,
        "before": {"enforced": 1, "monitored": 0, "not_secured": 0},
        "after": {"enforced": 1, "monitored": 0, "not_secured": 0},
    }


NASTY = "<script>alert('x')</script>&\"|`*"


def test_everything_that_sites_and_people_wrote_is_escaped(tmp_path):
    vm = {"name": NASTY, "status": "problem", "secured_by": {NASTY: "monitor"}, "expected": {}, "findings": [NASTY]}
    write(
        tmp_path,
        ("check", "start", {"user": NASTY}),
        ("check", "gate", {"verdict": "go_with_waivers", "reasons": [f"waived BASELINE_OLD: {NASTY}"]}),
        ("lock", "state", {"what": "begun", "verb": NASTY, "before": "READY", "after": "READY", "active": NASTY, "epoch": 1}),
        ("apply", "plan", {"site": NASTY, "plan_digest": NASTY, "summary": {NASTY: NASTY}}),
        ("apply", "intent", written("", NASTY)),
        ("apply", "outcome", written("failed", NASTY, error=NASTY)),
        ("apply", "outcome", written("done", f"2{NASTY}", task=NASTY)),
        ("verify", "check", {"check": NASTY, "verdict": NASTY, "counts": {}, "workloads": [vm]}),
        ("verify", "finding", {"check": NASTY, "severity": NASTY, "problem": NASTY, "fix": NASTY, "code": NASTY}),
        ("verify", "note", {"message": NASTY}),
        ("report", "end", {"title": NASTY, "reason": NASTY, "failure": NASTY, "failed": True}),
    )
    report = make_report(read_record(str(tmp_path)), NASTY)
    page = to_html(report)
    assert page.count("<script") == 1, "its own"
    assert page.index("&lt;script") < page.index("<script")
    assert page.count("&lt;script&gt;alert(") >= 25
    assert "<script" not in to_markdown(report)


class Page(html.parser.HTMLParser):
    """Whether every element of a page is closed, and what it would load."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.loads: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("meta", "br"):
            self.open.append(tag)
        self.loads += [f"{tag} {name}={value}" for name, value in attrs if name in ("src", "href", "srcset") and not str(value).startswith("#")]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_is_whole_and_needs_nothing_else(tmp_path):
    write(tmp_path, *RUN)
    text = to_html(make_report(read_record(str(tmp_path)), "run-1"))
    page = Page()
    page.feed(text)
    assert page.open == []
    assert page.loads == []
    assert "url(" not in text
    assert "@import" not in text
    assert text.index("<strong>OK</strong>") < text.index("<h2")

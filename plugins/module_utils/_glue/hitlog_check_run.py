# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The run of hitlog_check: hit logs and the policies of one site in, what contradicts and what was seen at work out. Changes nothing."""

from __future__ import annotations

import re
import typing as t

from ansible.module_utils.basic import AnsibleModule

from .._engine.estate import Estate
from .._engine.hit_log_check import HitLogCheck
from .._engine.hit_log_judge import AGREES, CANNOT_TELL, KINDS, TURNED, Judge
from .._engine.hit_log_told import Words, depends_on, findings, rules_data, shown_time
from .._errors import DrError, Finding, InvalidInput
from .._evidence.hit_log_files import LogFile, log_files
from .._segmentation.site_facts import PROBLEM, SEVERITIES
from .._segmentation.verdict import Segmentation
from .._segmentation.wording import reading_data
from .estate_options import ESTATE_RULES, estate_spec, fail_at_spec, open_estate, reaches, readings_from, readings_spec
from .journey_options import record_spec
from .module import Result, make_module, run
from .recording import Recorder, recorder

AGREE, CONTRADICT, NOTHING = "agree", "contradict", "no_evidence"
_METHOD = "Each line of the hit logs is compared with what the policy engine says of the end that logged it."
_TIME = re.compile(r"(\d{4})[-/](\d\d)[-/](\d\d)[ T](\d\d:\d\d:\d\d)")
_SHOWN = 20
_NO_LIMIT = 1_000_000


def run_hitlog_check() -> None:
    """The whole of the module."""
    spec = {
        "logs": {"type": "list", "elements": "path", "required": True},
        "since": {"type": "str"},
        "until": {"type": "str"},
        **fail_at_spec(PROBLEM),
        "limit": {"type": "int", "default": 100},
        "check_readings": {"type": "bool", "default": True},
        **estate_spec(),
        **readings_spec(),
        **record_spec(),
    }
    empty = {"changed": False, "groups": [], "findings": [], "counts": {}}
    run(make_module(spec, connects=False, **ESTATE_RULES), _work, empty=empty)


def _work(module: AnsibleModule) -> Result:
    params = module.params
    with recorder(module, "hitlog_check") as record:
        files = _files(params)
        since, until = (_time(params, option) for option in ("since", "until"))
        estate = open_estate(params)
        judge = Judge(Segmentation(estate.for_engine(), readings_from(params)), estate.rule_ids)
        check = HitLogCheck(judge, since=since, until=until, limit=params["limit"] or _NO_LIMIT)
        for file in files:
            if not file.same_as:
                check.read(file)
        result = _told(check, estate, files, params)
        _record(record, check, result)
        if reaches(result["severity"], params["fail_at"]):
            result["failed_with"] = _failure(result, params["fail_at"])
        return result


def _files(params: t.Mapping[str, t.Any]) -> list[LogFile]:
    if not params["logs"]:
        raise InvalidInput([Finding("logs", "names no file", "name the files or directories of the hit logs")], verb="read", kind="hit_log")
    return log_files(params["logs"])


def _time(params: t.Mapping[str, t.Any], option: str) -> str:
    """A time as the hosts write it."""
    text = params[option] or ""
    found = _TIME.fullmatch(text)
    if text and not found:
        problem = f"{text!r} is no time without a time zone"
        raise InvalidInput([Finding(option, problem, "write it by the clock of the hosts, as 2026-01-05 10:00:00")], verb="read", kind="hit_log")
    return f"{found[1]}/{found[2]}/{found[3]} {found[4]}" if found else ""


def _told(check: HitLogCheck, estate: Estate, files: t.Sequence[LogFile], params: t.Mapping[str, t.Any]) -> Result:
    words, kept = Words(check.judge), check.groups
    matters = depends_on(kept, check.judge) if params["check_readings"] else {}
    readings = readings_from(params)
    groups = [{**words.group(one), "depends_on": reading_data(matters.get(id(one), ()), readings)} for one in kept]
    told_files = [
        {"path": one.path, "format": one.form, "sha256": one.digest, "lines": one.lines, "same_as": one.same_as, "damage": one.damage}
        for one in files
    ]
    found = findings(check, groups, told_files)
    rules = rules_data(check, words)
    contradicted = any(check.counts[kind] for kind in KINDS if kind not in (AGREES, TURNED, CANNOT_TELL))
    return {
        "changed": False,
        "verdict": CONTRADICT if contradicted else AGREE if check.counts[AGREES] + check.counts[TURNED] else NOTHING,
        "severity": max((one["severity"] for one in found), key=SEVERITIES.index, default=""),
        "site": estate.site,
        "read_from": estate.origin,
        "digest": estate.digest,
        "lines": {"total": sum(check.lines.values()), **check.lines},
        "counts": check.counts,
        "cannot_tell": check.cannot_tell,
        "groups": groups,
        "findings": found,
        "rules": rules,
        "rules_seen": _seen(rules),
        "unknown_policies": check.unknown_policies,
        "renamed_policies": check.renamed,
        "files": told_files,
        "unread": [one._asdict() for one in check.unread],
        "first": shown_time(check.first),
        "last": shown_time(check.last),
        "notes": [*_notes(check, files), *([f"{estate.site} doesn't tell {estate.addresses_unknown}"] if estate.addresses_unknown else [])],
    }


def _seen(rules: t.Iterable[t.Mapping[str, t.Any]]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for one in rules:
        counts[one["seen"]] = counts.get(one["seen"], 0) + 1
    return counts


def _notes(check: HitLogCheck, files: t.Sequence[LogFile]) -> list[str]:
    notes = [f"{one.path} has the same content as {one.same_as}, and was read once" for one in files if one.same_as]
    notes += [f"policy {name} is not on the site ({lines} lines)" for name, lines in sorted(check.unknown_policies.items())]
    notes += [f"policy {old} is called {new} now" for old, new in sorted(check.renamed.items())]
    if check.lines_without_group:
        notes.append(f"{check.lines_without_group} lines that don't agree are counted, and in none of 'groups' (limit)")
    return notes


def _record(record: Recorder, check: HitLogCheck, result: Result) -> None:
    rules: dict[str, list[str]] = {"allowed": [], "denied": [], "monitored": [], "never": [], "not_logged": []}
    for one in result["rules"]:
        for word in one["seen"].split("+"):
            rules[word].append(f"{one['policy']}: {one['entry_text'] or one['entry']}")
    # Repetitions and lines of other programs hide nothing.
    unread = {"damaged": check.lines["damaged"]} if check.lines["damaged"] else {}
    hit_log = {
        "lines": result["lines"]["total"],
        "judged": result["lines"]["judged"],
        "unread": unread,
        "first": result["first"],
        "last": result["last"],
        "agreements": check.counts[AGREES] + check.counts[TURNED],
        "contradictions": [_recorded(one) for one in result["groups"]],
        "rules": rules,
    }
    inputs = {result["site"]: {name: result[name] for name in ("site", "read_from", "digest")}}
    inputs.update({one["path"]: {"site": result["site"], "read_from": one["path"], "digest": one["sha256"]} for one in result["files"]})
    data = {"site": result["site"], "counts": check.counts, "inputs": inputs, "method": _METHOD, "notes": result["notes"], "hit_log": hit_log}
    told = [{**one, "problem": f"{one['subject']} {one['problem']}"} for one in result["findings"]]
    record.check(f"hit log {result['site']}", result["severity"] or "ok", data, told)


def _recorded(group: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    example, expected = group["example"], group["expected"]
    return {
        "class": group["kind"],
        "severity": group["severity"],
        "count": group["lines"],
        "policy": group["logged"]["policy"],
        "examples": [
            {
                "source": example["from"],
                "destination": example["to"],
                "service": example["service"],
                "logged": group["logged"]["action"].lower(),
                "expected": expected["action"] if expected else "cannot tell",
                "reason": group["explanation"],
                "line": f"{example['file']}:{example['line']}",
            }
        ],
    }


def _failure(result: Result, fail_at: str) -> DrError:
    bad = [one for one in result["findings"] if reaches(one["severity"], fail_at)]
    lines = [f"\n  - {one['severity']}: {one['subject']} {one['problem']}" for one in bad[:_SHOWN]]
    more = f"\n  - and {len(bad) - _SHOWN} more" if len(bad) > _SHOWN else ""
    said = f"{result['lines']['judged']} hits judged"
    return DrError(f"{said}{''.join(lines)}{more}", verb="compare hit logs", site=result["site"], fix="Look at 'findings' and 'groups'")

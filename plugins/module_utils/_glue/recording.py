# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a module leaves in the record of its run: plans, intents, outcomes, findings, and how it ended. Knows Ansible; the record knows its format."""

from __future__ import annotations

import contextlib
import datetime
import platform
import typing as t

from ansible.module_utils.basic import AnsibleModule

from .._engine.apply import Outcome
from .._engine.plan import Step
from .._errors import DrError, Finding, InvalidInput
from .._evidence.record import append, last_of_type
from .._evidence.tool import NAME, VERSION
from .holder import this_holder, user

Data = t.Mapping[str, t.Any]


class Recorder:
    """Events of one task. Without a path (no ``record`` option, or check mode) it records nothing."""

    def __init__(self, path: str | None, step: str, module: str) -> None:
        self.path = path
        self.step = step
        self.module = module
        self.site = ""
        self._began = datetime.datetime.now(datetime.timezone.utc)
        self._waited = 0.0

    def begin(self, ansible_core: str) -> None:
        """Say who works on the run and with what, if this is the first task of the playbook: of its first one, or of one that takes it up again."""
        if not self.path:
            return
        process = this_holder().process
        last = last_of_type(self.path, "start")
        if last is None or (process and last.get("process") != process):
            tool = {"name": NAME, "version": VERSION, "ansible_core": ansible_core, "python": platform.python_version()}
            self._add(("start", {"user": user(), "process": process, "tool": tool}))

    def finish(self) -> None:
        """Say when the task began; that it ends now, the record knows."""
        began = self._began.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        self._add(("time", {"module": self.module, "began": began, **({"waited": round(self._waited, 1)} if self._waited else {})}))

    def waited(self, seconds: float) -> None:
        """Count this time as waiting for people, or for what people use to move the workloads."""
        self._waited += seconds

    def facts(self, data: Data) -> None:
        """What the task was given: digests, direction."""
        self._add(("note", {"module": self.module, "message": _sentence(data), **data}))

    def plan(self, data: Data, site: str) -> None:
        """What is about to be done on a site, before the first write."""
        self.site = site
        self._add(("plan", {"site": site, **data}))

    def before(self, steps: t.Sequence[Step]) -> None:
        """Steps that go to the site now."""
        self._add(*(("intent", self._named(step.verb, step.kind, step.name)) for step in steps))

    def after(self, outcomes: t.Sequence[Outcome]) -> None:
        """What became of them."""
        self._add(*(("outcome", self._outcome(outcome)) for outcome in outcomes))

    def intents(self, verb: str, kind: str, names: t.Iterable[str], site: str) -> None:
        """Writes that are no steps of a plan."""
        self.site = site
        self._add(*(("intent", self._named(verb, kind, name)) for name in names))

    def outcome(self, verb: str, kind: str, name: str, error: DrError | None) -> None:
        """What became of one of them."""
        told = {"status": "failed", "error": str(error)} if error else {"status": "done"}
        self._add(("outcome", {**self._named(verb, kind, name), **told}))

    def check(self, name: str, verdict: str, data: Data, findings: t.Sequence[Data] = ()) -> None:
        """A judgement and what it found; a later one of the same name takes the place of this one."""
        told = {"check": name, "verdict": verdict, **data}
        self._add(("check", told), *(("finding", {"check": name, **finding}) for finding in findings))

    def state(self, data: Data) -> None:
        """What became of the state of the pair, and of its lock."""
        self._add(("state", data))

    def gate(self, data: Data) -> None:
        self._add(("gate", data))

    def failed(self, error: DrError) -> None:
        """Why the task ended before its time."""
        found = error.findings if isinstance(error, InvalidInput) else (Finding(error.subject(), error.cause, error.fix),)
        code = type(error).__name__
        self._add(*(("finding", {"check": self.module, "severity": "problem", "code": code, **_told(finding)}) for finding in found))

    def _add(self, *events: tuple[str, Data]) -> None:
        if self.path and events:
            append(self.path, self.step, events)

    def _named(self, verb: str, kind: str, name: str) -> dict[str, t.Any]:
        return {"site": self.site, "verb": verb, "kind": kind, "name": name}

    def _outcome(self, outcome: Outcome) -> dict[str, t.Any]:
        step = outcome.step
        told = {"status": outcome.status, "error": str(outcome.error) if outcome.error else None, "task": outcome.task or None}
        return {**self._named(step.verb, step.kind, step.name), **told}


@contextlib.contextmanager
def recorder(module: AnsibleModule, name: str) -> t.Iterator[Recorder]:
    """The recorder of a task. A DrError that ends the task is recorded on its way out."""
    option = module.params.get("record") or {}
    path = None if module.check_mode else option.get("path")
    record = Recorder(path, option.get("step", ""), name)
    record.begin(str(module.ansible_version))
    try:
        yield record
    except DrError as error:
        record.failed(error)
        raise
    finally:
        record.finish()


def _told(finding: Finding) -> dict[str, str]:
    return {"where": finding.where, "problem": f"{finding.where}: {finding.problem}" if finding.where else finding.problem, "fix": finding.fix}


def _sentence(data: Data) -> str:
    return ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in data.items())

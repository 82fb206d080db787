# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The run of vm_categories: options in, changes planned and written, result out. Decides nothing."""

from __future__ import annotations

import typing as t
import uuid

from ansible.module_utils.basic import AnsibleModule

from .._engine.site import Site
from .._engine.vm_categories import VmChange, plan_vm_categories
from .._engine.vm_categories_apply import VmOutcome, apply_vm_categories
from .._model.form_categories import from_category_names
from .._model.readable import readable
from .journey_options import record_spec
from .module import Result, make_module, open_site, run
from .recording import Recorder, recorder

_VERB = "set categories"

_SPEC = {
    "vms": {
        "type": "list",
        "elements": "dict",
        "required": True,
        "options": {"name": {"type": "str", "required": True}, "categories": {"type": "dict", "required": True}},
    },
    "mode": {"type": "str", "choices": ["at_least", "exactly"], "default": "at_least"},
    "site": {"type": "str"},
}


def run_vm_categories() -> None:
    """The whole of the module."""
    run(make_module({**_SPEC, **record_spec()}), _work, empty={"changed": False, "vms": [], "outcomes": [], "diff": []})


def _work(module: AnsibleModule) -> Result:
    with recorder(module, "vm_categories") as record:
        return _set(module, record)


def _set(module: AnsibleModule, record: Recorder) -> Result:
    site = open_site(module.params, label=module.params["site"] or "")
    wanted = [(vm["name"], vm["categories"]) for vm in module.params["vms"]]
    site.load(["vm", "category"])
    system = {held.name for held in site.held("category") if held.system}
    changes = plan_vm_categories(wanted, site.bodies("vm"), site.directory, exactly=module.params["mode"] == "exactly", kept=system)
    outcomes = [] if module.check_mode else _write(changes, site, record)
    result: Result = {
        "changed": any(change.changed for change in changes),
        "vms": [{"name": change.name, "categories": from_category_names(change.after)} for change in changes],
        "diff": [_diff(change, site) for change in changes if change.changed],
        "outcomes": [_outcome(outcome) for outcome in outcomes],
    }
    failed = [outcome.error for outcome in outcomes if outcome.error is not None]
    if failed:
        result["changed"] = len(failed) < len(outcomes)
        result["failed_with"] = failed[0]
    return result


def _write(changes: t.Sequence[VmChange], site: Site, record: Recorder) -> list[VmOutcome]:
    record.intents(_VERB, "vm", [change.name for change in changes if change.changed], site.label)
    outcomes = apply_vm_categories(changes, site, run_id=str(uuid.uuid4()))
    for outcome in outcomes:
        record.outcome(_VERB, "vm", outcome.change.name, outcome.error)
    return outcomes


def _diff(change: VmChange, site: Site) -> dict[str, str]:
    title = f"categories of VM '{change.name}' on {site.label}"
    before, after = ({"categories": from_category_names(names)} for names in (change.before, change.after))
    return {"before_header": title, "after_header": title, "before": readable(before), "after": readable(after)}


def _outcome(outcome: VmOutcome) -> dict[str, t.Any]:
    change = outcome.change
    return {
        "kind": "vm",
        "name": change.name,
        "added": from_category_names(change.add),
        "taken": from_category_names(change.take),
        "status": "failed" if outcome.error else "done",
        "error": str(outcome.error) if outcome.error else None,
    }

# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The run of protected_resource: finds the VMs, tells how they are replicated, promotes or restores them. Knows options and results."""

from __future__ import annotations

import typing as t
import uuid
from datetime import datetime, timezone

from ansible.module_utils.basic import AnsibleModule

from .._engine.clusters import cluster_id
from .._engine.protected_vms import NOTHING, REFUSE, Seen, newest_points, read_resource, state_of, verdict
from .._engine.recovery_site import RecoverySite
from .._entities.registry import ENTITIES
from .._errors import DrError, Finding, InvalidInput
from .._evidence.baseline import read_baseline
from .._prism.parallel import in_threads
from .._prism.request_ids import request_id
from .module import Result, make_module, run
from .recovery_options import WITH_PEERS, open_recovery_site

_STATUS, _PROMOTE, _RESTORE = "status", "promote", "restore"
_SPEC: dict[str, dict[str, t.Any]] = {
    "vms": {"type": "list", "elements": "str", "required": True},
    "action": {"type": "str", "choices": [_STATUS, _PROMOTE, _RESTORE], "default": _STATUS},
    "baseline": {"type": "path"},
    "cluster": {"type": "str"},
    "restore_time": {"type": "str"},
}
# VMs at the same time. The throttle of the client decides how fast their calls go.
_AT_ONCE = 4


def run_protected_resource() -> None:
    """The whole of the module."""
    module = make_module({**_SPEC, **WITH_PEERS.spec}, required_if=[("action", _RESTORE, ("cluster",))])
    run(module, _work, empty={"changed": False, "vms": [], "outcomes": [], "diff": []})


def _work(module: AnsibleModule) -> Result:
    action, names = module.params["action"], sorted(set(module.params["vms"]))
    site = open_recovery_site(module.params)
    seen = _look(site, _ids(module.params, site, names), names)
    decided = {one.name: verdict(one, action) for one in seen} if action != _STATUS else {}
    result: Result = {
        "changed": any(verb not in (NOTHING, REFUSE) for verb, _why in decided.values()),
        "vms": [{"name": one.name, **one.state, "_prism": {"ext_id": one.ext_id}} for one in seen],
        "outcomes": [],
        "diff": [_diff(one, action, site.label) for one in seen if decided.get(one.name, (NOTHING, ""))[0] == action],
    }
    refused = [Finding(f"VM '{name}'", why) for name, (verb, why) in decided.items() if verb == REFUSE]
    if refused:
        raise InvalidInput(refused, cause="nothing was done", verb=action, site=site.label)
    if module.check_mode or not result["changed"]:
        return result
    outcomes = _act(module, site, [one for one in seen if decided[one.name][0] == action])
    failed = [error for _one, _new, error in outcomes if error is not None]
    result["outcomes"] = [{"name": one.name, "source": one.ext_id, "recovered": new, "error": str(error) if error else None} for one, new, error in outcomes]
    result["changed"] = len(failed) < len(outcomes)
    return {**result, "failed_with": failed[0]} if failed else result


def _ids(params: t.Mapping[str, t.Any], site: RecoverySite, names: t.Sequence[str]) -> dict[str, str]:
    """The id of each VM at its source: of the baseline, if one is given, which needs no source to answer; else of the live sites."""
    if not params["baseline"]:
        return {name: site.directory.id_of("recoverable_vm", name) for name in names}
    members = read_baseline(params["baseline"], ENTITIES).content.membership.get("vms") or ()
    known = {str(vm["name"]): str((vm.get("_prism") or {}).get("ext_id") or "") for vm in members}
    unknown = [Finding(f"VM '{name}'", "is not in the baseline", "correct 'vms', or export the baseline again") for name in names if not known.get(name)]
    if unknown:
        raise InvalidInput(unknown, verb="read")
    return {name: known[name] for name in names}


def _look(site: RecoverySite, ids: t.Mapping[str, str], names: t.Sequence[str]) -> list[Seen]:
    own = site.identity_of(site).ext_id
    here = {str(body.get("name") or "") for body in site.client.list("vmm", "ahv/config/vms", select="extId,name")}
    points = newest_points(site.client)
    now = datetime.now(timezone.utc)
    resources = in_threads(lambda name: read_resource(site.client, ids[name]), names, threads=_AT_ONCE)
    return [
        Seen(name, ids[name], state_of(resource, points.get(ids[name]), own, now), name in here)
        for name, resource in zip(names, resources, strict=True)
    ]


def _act(module: AnsibleModule, site: RecoverySite, seen: t.Sequence[Seen]) -> list[tuple[Seen, str | None, DrError | None]]:
    action, run_id = module.params["action"], str(uuid.uuid4())
    body: dict[str, t.Any] | None = None
    if action == _RESTORE:
        when = {"restoreTime": module.params["restore_time"]} if module.params["restore_time"] else {}
        body = {"clusterExtId": cluster_id(site.client, module.params["cluster"]), **when}

    def act(one: Seen) -> tuple[Seen, str | None, DrError | None]:
        known = request_id(run_id, action, one.name, one.ext_id)
        try:
            task = site.client.writes.act("dataprotection", f"config/protected-resources/{one.ext_id}", action, body, request_id=known)
        except DrError as error:
            return one, None, error.about(verb=action, kind="vm", name=one.name, site=site.label)
        told = {pair.get("name"): pair.get("value") for pair in (task or {}).get("completionDetails") or ()}
        return one, str(told.get("promotedVmExtId") or told.get("vmExtIds") or "") or None, None

    return in_threads(act, seen, threads=_AT_ONCE)


def _diff(one: Seen, action: str, site: str) -> dict[str, str]:
    title = f"vm '{one.name}' on {site}"
    return {"before_header": f"{title} (not there)", "after_header": f"{title} ({action})", "before": "", "after": f"name: {one.name}\n"}

# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The run of baseline: a site in, a directory out. Decides nothing; in check mode nothing is written."""

from __future__ import annotations

import os
import typing as t

from ansible.module_utils.basic import AnsibleModule

from .._engine.export import select
from .._engine.inventory import addresses_unknown, prism_central, vms
from .._engine.native_sync import synced_objects
from .._engine.scope import Scope
from .._engine.settled import wait_until_settled
from .._engine.site import Site
from .._engine.site_map_file import load_site_map
from .._engine.vanished import check_not_vanished, check_shows_something
from .._entities.registry import ENTITIES
from .._errors import InvalidInput
from .._evidence.baseline import Content, read_baseline, write_baseline
from .._evidence.compare import EQUAL, compare
from .._evidence.manifest import FILE
from .._evidence.signature import sign
from .._model.entity import Canonical, name_of
from .._model.readable import readable
from .commands import commands_of
from .coverage_run import covered
from .journey_options import record_spec
from .module import Result, make_module, open_site, run
from .recording import recorder

_SPEC = {
    "path": {"type": "path", "required": True},
    "site": {"type": "str", "required": True},
    "site_map": {"type": "path"},
    "accept_unrepresented": {"type": "list", "elements": "str", "default": []},
    "sign_key": {"type": "path", "no_log": False},
}


def run_baseline() -> None:
    """The whole of the module."""
    run(make_module({**_SPEC, **record_spec()}), _work, empty={"changed": False, "written": [], "diff": []})


def _work(module: AnsibleModule) -> Result:
    params = module.params
    with recorder(module, "baseline") as record:
        scope = load_site_map(params["site_map"]).scope if params["site_map"] else Scope()
        site = open_site(params, label=params["site"])
        content = _content(site, params["site"], scope, params["accept_unrepresented"])
        before, previous = _before(params["path"])
        otherwise = "if they are really gone, export to a new directory"
        check_not_vanished(before, content.objects, verb="export", site=site.label, otherwise=otherwise)
        written = write_baseline(params["path"], content, ENTITIES, dry=module.check_mode)
        signed = bool(params["sign_key"]) and not module.check_mode and sign(params["path"], params["sign_key"], commands_of(module))
        counts = {kind: len(objects) for kind, objects in content.objects.items()}
        record.check("export", "equal", {"site": params["site"], "baseline_digest": written.digest, "previous_digest": previous, "counts": counts})
        return {
            "changed": bool(written.files) or signed,
            "digest": written.digest,
            "previous_digest": previous,
            "counts": counts,
            "written": list(written.files),
            "excluded": [dict(item) for item in content.excluded],
            "not_carried": [dict(item) for item in content.not_carried],
            "synced": list(content.membership.get("synced", ())),
            "diff": _diff(before, content, params["path"]),
        }


def _content(site: Site, site_id: str, scope: Scope, accept: t.Sequence[str]) -> Content:
    """What the site has, read until two readings agree, and beside it what was true of its VMs."""
    wait_until_settled(site, list(ENTITIES))
    held = {kind: site.held(kind) for kind in ENTITIES}
    check_shows_something(held, verb="export", site=site.label)
    name, release = prism_central(site)
    minors = {namespace: f"{minor[0]}.{minor[1]}" for namespace, minor in site.minors(ENTITIES).items()}
    return select(
        ENTITIES,
        held,
        [item for kind in ENTITIES for item in site.unreadable(kind)],
        scope,
        accept=accept,
        source={"site": site_id, "prism_central": name, "release": release, "api": minors},
        membership=_membership(site),
    )


def _membership(site: Site) -> dict[str, t.Any]:
    """The VMs, what secures them, and what the Prism Centrals keep in sync. With their addresses: policies that name addresses can
    only be proved with them."""
    rules = covered(site)
    members = []
    for vm in vms(site):
        secured_by = {rule: secured._asdict() for rule, secured in sorted(rules.get(vm["name"], {}).items())}
        told = {name: value for name, value in vm.items() if name != "ext_id"}
        members.append({**told, "secured_by": secured_by, "_prism": {"ext_id": vm["ext_id"]}})
    unknown = addresses_unknown(site)
    synced = [item.as_result() for item in synced_objects(site)]
    return {"vms": members, "synced": synced, **({"addresses_unknown": unknown} if unknown else {})}


def _before(path: str) -> tuple[t.Mapping[str, t.Sequence[Canonical]], str]:
    """The objects and the digest of the baseline that is there. One that can't be read is replaced whole, and shown as such."""
    if not os.path.exists(os.path.join(path, FILE)):
        return {}, ""
    try:
        baseline = read_baseline(path, ENTITIES, membership=False)
    except InvalidInput:
        return {}, ""
    return baseline.content.objects, baseline.digest


def _diff(before: t.Mapping[str, t.Sequence[Canonical]], content: Content, path: str) -> list[dict[str, str]]:
    old, new = _texts(before), _texts(content.objects)
    entries = []
    for verdict in compare(ENTITIES, before, content.objects):
        if verdict.status != EQUAL:
            title = f"{verdict.kind.replace('_', ' ')} '{verdict.name}' in {path}"
            key = (verdict.kind, verdict.name)
            entries.append({"before_header": title, "after_header": title, "before": old.get(key, ""), "after": new.get(key, "")})
    return entries


def _texts(objects: t.Mapping[str, t.Sequence[Canonical]]) -> dict[tuple[str, str], str]:
    return {(kind, name_of(ENTITIES[kind], item)): readable(item) for kind, items in objects.items() for item in items}

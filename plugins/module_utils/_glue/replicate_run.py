# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The run of replicate: a baseline and a site map in, a target that has it. Decides nothing."""

from __future__ import annotations

import gc
import typing as t
from concurrent.futures import ThreadPoolExecutor

from ansible.module_utils.basic import AnsibleModule

from .._engine.replicate import check_prune, wanted_on_target
from .._engine.site import Site
from .._engine.site_map_file import load_site_map
from .._engine.vanished import check_shows_something
from .._entities.registry import ENTITIES
from .._evidence.baseline import Baseline
from .baseline_info_run import verified_baseline
from .careful_write import write_carefully
from .journey_options import baseline_spec, check_direction, direction_spec, record_spec, signers_spec, site_map_spec, write_spec
from .module import Result, make_module, open_site, run
from .recording import recorder

_SPEC = {
    "stage": {"type": "bool", "default": False},
    "stage_mode": {"type": "str", "choices": ["save", "monitor"], "default": "save"},
    "prune": {"type": "bool", "default": False},
}


def run_replicate() -> None:
    """The whole of the module."""
    # What is read stays until the end; to search it for garbage again and again costs a tenth of the time.
    gc.disable()
    spec = {**_SPEC, **baseline_spec(), **signers_spec(), **site_map_spec(), **direction_spec(), **write_spec(), **record_spec()}
    run(make_module(spec), _work, empty={"changed": False, "summary": {}, "outcomes": [], "diff": []})


def _work(module: AnsibleModule) -> Result:
    params = module.params
    with recorder(module, "replicate") as record:
        # Files before sites: what is wrong in the map is found without a call.
        site_map = load_site_map(params["site_map"])
        site = open_site(params, label=params["target"])
        baseline = _read_both(module, site)
        check_direction(params, site_map, baseline)
        record.facts({"baseline_digest": baseline.digest, "source": params["source"], "target": params["target"]})
        held = {kind: site.held(kind) for kind in ENTITIES}
        check_shows_something(held, verb="plan", site=site.label)
        content = baseline.content
        wanted = wanted_on_target(
            ENTITIES,
            content.objects,
            content.system,
            baseline.retired,
            site_map,
            params["source"],
            params["target"],
            held,
            stage=params["stage_mode"] if params["stage"] else "",
            prune=params["prune"],
        )
        plan = site.plan(wanted.objects, whole=True, remove=wanted.remove)
        check_prune(wanted, plan, site=site.label)
        result = write_carefully(module, site, plan, site_map, wanted.digest(*_options(params, baseline)), record)
        return {
            **result,
            "baseline_digest": baseline.digest,
            "compared": [dict(reference._asdict()) for reference in wanted.compared],
            "untouched": [dict(reference._asdict()) for reference in wanted.untouched],
            "notes": [dict(finding._asdict()) for finding in wanted.notes],
        }


def _read_both(module: AnsibleModule, site: Site) -> Baseline:
    """The baseline, read while the target is listed, for either takes seconds when there are a thousand rules."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        listing = pool.submit(site.load, list(ENTITIES))
        baseline, _signer = verified_baseline(module, module.params["baseline"])
        listing.result()
    return baseline


def _options(params: t.Mapping[str, t.Any], baseline: Baseline) -> list[str]:
    """What besides the objects is approved: the direction, and what may happen to the rest."""
    retired = sorted("/".join(reference) for reference in baseline.retired) if params["prune"] else []
    stage = params["stage_mode"] if params["stage"] else ""
    return [params["source"], params["target"], f"stage={stage}", *retired]

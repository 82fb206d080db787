# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The run of site_map: two sites and a file in, a validated file out. Decides nothing; in check mode nothing is written."""

from __future__ import annotations

import os
import typing as t

from ansible.module_utils.basic import AnsibleModule

from .._engine.cluster_pairs import cluster_pairs
from .._engine.inventory import containers, networks, prism_central
from .._engine.site import Site
from .._engine.site_map import SiteMap
from .._engine.site_map_check import check_against_site, check_coverage
from .._engine.site_map_file import new_text, parse_site_map, save_site_map, site_map_text, with_entries
from .._engine.site_map_generate import Proposal, new_site_map, propose
from .._entities.registry import ENTITIES
from .._errors import Finding, InvalidInput
from .._evidence.baseline import read_baseline
from .._evidence.yaml_text import from_yaml
from .journey_options import open_one_of, record_spec, sites_spec
from .module import Result, make_module, run
from .recording import recorder

_SPEC = {
    "path": {"type": "path", "required": True},
    "primary": {"type": "str", "required": True},
    "recovery": {"type": "str", "required": True},
    "pair": {"type": "str"},
    "generate": {"type": "bool", "default": True},
    "baseline": {"type": "path"},
}


def run_site_map() -> None:
    """The whole of the module."""
    module = make_module({**_SPEC, **sites_spec(), **record_spec()}, connects=False)
    run(module, _work, empty={"changed": False, "site_map": {}, "cluster_pairs": [], "findings": [], "unmatched": [], "diff": []})


def _work(module: AnsibleModule) -> Result:
    params = module.params
    with recorder(module, "site_map") as record:
        path = params["path"]
        sites = {site_id: open_one_of(params["sites"], site_id) for site_id in (params["primary"], params["recovery"])}
        if len(sites) < 2:
            raise InvalidInput([Finding("recovery", "is the same site as primary", "name the other one")])
        before = site_map_text(path) if os.path.exists(path) or not params["generate"] else ""
        old = parse_site_map(before, path) if before else None
        _check_ids(old, sites)
        known = {site_id: networks(site) for site_id, site in sites.items()}
        if old is not None and old.pairing is not None:
            known = {site_id: {**known[site_id], "containers": containers(site)} for site_id, site in sites.items()}
        after, proposal = before, Proposal({}, ())
        if params["generate"]:
            proposal = propose(known, old)
            after = with_entries(before, proposal.entries, path) if old else new_text(_new_map(module, sites, known), proposal.entries)
        site_map = parse_site_map(after, path)
        findings = [
            finding for site_id, site in sites.items() for finding in check_against_site(site_map, site_id, known[site_id], *_names(site))
        ]
        if params["baseline"]:
            findings += _uncovered(site_map, params["baseline"])
        if findings:
            raise InvalidInput(findings, verb="validate", kind="site_map", name=path)
        if not module.check_mode:
            save_site_map(path, after)
        record.check("site_map", "ok", {"pair": site_map.pair, "unmatched": len(proposal.unmatched)})
        return {
            "changed": before != after,
            "site_map": from_yaml(after, path),
            "cluster_pairs": [pair.as_result() for pair in cluster_pairs(site_map)],
            "unmatched": [dict(finding._asdict()) for finding in proposal.unmatched],
            "findings": [],
            "diff": [{"before_header": path, "after_header": path, "before": before, "after": after}] if before != after else [],
        }


def _check_ids(old: SiteMap | None, sites: t.Mapping[str, Site]) -> None:
    if old is not None and set(old.sites) != set(sites):
        problem = f"the map is of {' and '.join(old.sites)}, the task names {' and '.join(sites)}"
        raise InvalidInput([Finding(old.where("sites"), problem, "correct the ids in one of the two")], verb="read", kind="site_map")


def _names(site: Site) -> tuple[list[str], str]:
    """The categories of a site, and the name of its Prism Central."""
    return site.directory.names("category"), prism_central(site)[0]


def _new_map(module: AnsibleModule, sites: t.Mapping[str, Site], known: t.Mapping[str, t.Mapping[str, t.Any]]) -> dict[str, t.Any]:
    parts = {
        site_id: {"prism_central": prism_central(site)[0], "clusters": known[site_id]["clusters"]} for site_id, site in sites.items()
    }
    return new_site_map(module.params["pair"] or "-".join(sites), parts)


def _uncovered(site_map: SiteMap, path: str) -> list[Finding]:
    baseline = read_baseline(path, ENTITIES, membership=False)
    source = str(baseline.manifest.source.get("site", ""))
    if source not in site_map.sites:
        return [Finding(path, f"is a baseline of '{source}', which is no site of the map", "give the baseline of one of the two sites")]
    target = next(site_id for site_id in site_map.sites if site_id != source)
    return check_coverage(site_map, source, target, ENTITIES, baseline.content.objects)

# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options that modules of the journeys share: sites, baseline, site map, direction, limits, record. Knows Ansible's option format."""

from __future__ import annotations

import typing as t

from .._engine.moved_vms import Recovered
from .._engine.site import Site
from .._engine.site_map import SiteMap
from .._errors import Finding, InvalidInput
from .._evidence.baseline import Baseline
from .._model.problems import Problems
from .._net.retry import RetryPolicy
from .._prism.central_v4 import CentralV4
from .connection import Spec, connection_rules, connection_spec, endpoint_from
from .module import open_site

#: Seconds to wait for one answer of a site that may be dead.
_PROBE_SECONDS = 10.0
_PATH = {"type": "path"}
_REQUIRED_PATH = {"type": "path", "required": True}
_REQUIRED_NAME = {"type": "str", "required": True}


def sites_spec() -> Spec:
    """The sites of a journey: the same connection options for each, told apart by ``id``."""
    options: Spec = {"id": {"type": "str", "required": True}, **connection_spec()}
    return {"sites": {"type": "list", "elements": "dict", "required": True, "options": options, **connection_rules()}}


def baseline_spec(*, required: bool = True) -> Spec:
    return {"baseline": _REQUIRED_PATH if required else _PATH}


def signers_spec() -> Spec:
    return {"allowed_signers": _PATH}


def site_map_spec() -> Spec:
    return {"site_map": _REQUIRED_PATH}


def direction_spec() -> Spec:
    return {"source": _REQUIRED_NAME, "target": _REQUIRED_NAME}


def write_spec() -> Spec:
    """For modules that write to a site: how far they may go, what was approved, and the name of the run."""
    return {
        "max_vm_percent": {"type": "int"},
        "max_deletes": {"type": "int"},
        "confirmed_digest": {"type": "str"},
        "run_id": {"type": "str"},
    }


def recovered_spec() -> Spec:
    """For modules that look at VMs after recovery plans have moved them."""
    options = {"name": {"type": "str"}, "source": _REQUIRED_NAME, "recovered": _REQUIRED_NAME}
    return {"recovered": {"type": "list", "elements": "dict", "default": [], "options": options}}


def recovered_from(params: t.Mapping[str, t.Any]) -> list[Recovered]:
    return [Recovered(one["name"] or "", one["source"], one["recovered"]) for one in params["recovered"]]


def record_spec() -> Spec:
    return {"record": {"type": "dict", "options": {"path": _REQUIRED_PATH, "step": _REQUIRED_NAME}}}


def open_one_of(sites: t.Sequence[t.Mapping[str, t.Any]], site_id: str) -> Site:
    """The site with this id out of the option ``sites``. Nothing is sent yet. Raises InvalidInput."""
    return open_site(params_of(sites, site_id), label=site_id)


def open_to_probe(sites: t.Sequence[t.Mapping[str, t.Any]], site_id: str, *, patience: float = _PROBE_SECONDS) -> CentralV4:
    """A client that asks once and doesn't wait long (seconds): for finding out whether a site answers."""
    endpoint = endpoint_from(params_of(sites, site_id), label=site_id)
    patience = min(endpoint.timeout, patience)
    return CentralV4(endpoint._replace(timeout=patience), policy=RetryPolicy(tries=1, few_tries=1, total=2 * patience))


def params_of(sites: t.Sequence[t.Mapping[str, t.Any]], site_id: str) -> t.Mapping[str, t.Any]:
    """The connection options with this id out of the option ``sites``. Raises InvalidInput unless there are exactly one."""
    found = [params for params in sites if params["id"] == site_id]
    if len(found) != 1:
        known = ", ".join(sorted(params["id"] for params in sites)) or "none"
        problem = "is not listed" if not found else f"is listed {len(found)} times"
        raise InvalidInput([Finding("sites", f"'{site_id}' {problem}", f"listed: {known}")], verb="open", site=site_id)
    return found[0]


def check_direction(params: t.Mapping[str, t.Any], site_map: SiteMap, baseline: Baseline | None) -> None:
    """Source and target must be sites of the map, and the baseline must be one of the source. Raises InvalidInput."""
    problems = Problems()
    for option in ("source", "target"):
        if params[option] not in site_map.sites:
            problems.unknown(option, params[option], site_map.sites, "site")
    exported = str(baseline.manifest.source.get("site", "")) if baseline else params["source"]
    if exported != params["source"]:
        problems.add("source", f"is {params['source']}, but the baseline was exported from {exported}", "name the site that the baseline is of")
    problems.check(verb="read")

# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options that say where the policies and VMs of a site come from: live, a baseline or an estate file. Knows Ansible's option format."""

from __future__ import annotations

import typing as t

from .._engine.estate import Estate, estate_of_baseline, estate_of_file, estate_of_site
from .._engine.scope import Scope
from .._entities.registry import ENTITIES
from .._errors import Finding, InvalidInput
from .._evidence.baseline import read_baseline
from .._evidence.estate_file import read_estate
from .._segmentation.readings import SWITCHES, Readings
from .._segmentation.site_facts import SEVERITIES
from .connection import Spec
from .journey_options import open_one_of, sites_spec

Params = t.Mapping[str, t.Any]
_NEVER = "never"


def estate_spec() -> Spec:
    """For modules that look at one site."""
    return {
        "site": {"type": "str"},
        "sites": {**sites_spec()["sites"], "required": False, "default": []},
        "baseline": {"type": "path"},
        "estate": {"type": "path"},
    }


ESTATE_RULES: dict[str, t.Any] = {
    "mutually_exclusive": [("baseline", "estate")],
    "required_one_of": [("site", "baseline", "estate")],
}


def readings_spec() -> Spec:
    options: Spec = {name: {"type": "bool"} for name in SWITCHES}
    options["model"] = {"type": "str", "choices": ["ng", "gen1"]}
    return {"readings": {"type": "dict", "options": options}}


def fail_at_spec(default: str) -> Spec:
    return {"fail_at": {"type": "str", "choices": [*reversed(SEVERITIES), _NEVER], "default": default}}


def reaches(severity: str, fail_at: str) -> bool:
    """Whether the worst that was found (empty: nothing) makes the task fail."""
    return bool(severity) and fail_at != _NEVER and SEVERITIES.index(severity) >= SEVERITIES.index(fail_at)


def readings_from(params: Params) -> Readings:
    """The readings of a task: the documented ones, but for those that are given."""
    said = {name: value for name, value in (params["readings"] or {}).items() if value is not None}
    return Readings(**said)


def open_estate(params: Params) -> Estate:
    """The site that the options of ``estate_spec`` name."""
    return estate_from(params["sites"], params["site"] or "", baseline=params["baseline"], file=params["estate"])


def estate_from(
    sites: t.Sequence[Params],
    site: str,
    *,
    baseline: str | None = None,
    file: str | None = None,
    scope: Scope | None = None,
    accept: t.Collection[str] = (),
) -> Estate:
    """One site out of where it is to be read. Raises DrError."""
    if file:
        return estate_of_file(read_estate(file, ENTITIES), site or file)
    if baseline:
        found = read_baseline(baseline, ENTITIES)
        exported = str(found.manifest.source.get("site", ""))
        if site and exported and site != exported:
            raise InvalidInput([Finding("baseline", f"is one of {exported}, not of {site}", "name the site that the baseline is of")], verb="read")
        return estate_of_baseline(found, site or exported)
    return estate_of_site(open_one_of(sites, site), scope, accept)

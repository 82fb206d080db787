# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The inventory plugin's way to its sites: its options checked like those of a module, all VMs of each site. Knows no inventory."""

from __future__ import annotations

import typing as t

from ansible.module_utils.basic import missing_required_lib
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from .._engine.inventory import vms
from .._errors import CANNOT_TELL, DrError, Finding, InvalidInput
from .._net.session import HAS_REQUESTS
from .._prism.parallel import in_threads
from .journey_options import params_of, sites_spec
from .module import open_site

Vms = list[dict[str, t.Any]]
_SITES_AT_ONCE = 4


class SiteVms(t.NamedTuple):
    """``vms`` by id of the site; ``unanswered``: why there are none of a site that gave no answer."""

    vms: dict[str, Vms]
    unanswered: dict[str, str]


def read_sites(sites: t.Sequence[t.Mapping[str, t.Any]], *, skip_unanswered: bool) -> SiteVms:
    """All VMs of these sites, given as the option ``sites`` of modules. Raises DrError; with ``skip_unanswered`` not for a site that
    leaves open what it has, as long as another one answers."""
    if not HAS_REQUESTS:
        raise InvalidInput([Finding("", missing_required_lib("requests"))], verb="read")
    checked = _checked(sites)
    answers = dict(zip([str(site["id"]) for site in checked], in_threads(_vms, checked, threads=_SITES_AT_ONCE), strict=True))
    errors = {site: answer for site, answer in answers.items() if isinstance(answer, DrError)}
    found = {site: answer for site, answer in answers.items() if not isinstance(answer, DrError)}
    for error in errors.values():
        if not (skip_unanswered and found and isinstance(error, CANNOT_TELL)):
            raise error
    return SiteVms(found, {site: str(error) for site, error in errors.items()})


def _checked(sites: t.Sequence[t.Mapping[str, t.Any]]) -> t.Sequence[t.Mapping[str, t.Any]]:
    """With defaults and what environment variables give. Raises InvalidInput."""
    result = ArgumentSpecValidator(sites_spec()).validate({"sites": list(sites)})
    if result.error_messages:
        raise InvalidInput([Finding("sites", message) for message in result.error_messages], verb="read")
    checked: t.Sequence[t.Mapping[str, t.Any]] = result.validated_parameters["sites"]
    if not checked:
        raise InvalidInput([Finding("sites", "names no site", "list at least one, with its id and nutanix_host")], verb="read")
    for site in checked:
        params_of(checked, site["id"])
    return checked


def _vms(params: t.Mapping[str, t.Any]) -> Vms | DrError:
    site = open_site(params, label=params["id"])
    try:
        return vms(site)
    except DrError as error:
        return error
    finally:
        site.client.close()

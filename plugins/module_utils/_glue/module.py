# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one place where our errors become a failed task and our sites come from options. Knows AnsibleModule."""

from __future__ import annotations

import typing as t

from ansible.module_utils.basic import AnsibleModule, missing_required_lib

from .._engine.site import Site
from .._entities.registry import ENTITIES
from .._errors import DrError
from .._net.session import HAS_REQUESTS
from .._prism.central_v4 import CentralV4
from .connection import connection_rules, connection_spec, endpoint_from

if t.TYPE_CHECKING:
    from .._model.entity import Entity

Result = dict[str, t.Any]


class Opening(t.NamedTuple):
    """How a module comes to its site: the options that this needs beside those of the connection, what opens it, and the kinds of
    objects that it has."""

    spec: t.Mapping[str, t.Any]
    open: t.Callable[[t.Mapping[str, t.Any]], Site]
    entities: t.Mapping[str, Entity] = ENTITIES


def make_module(spec: t.Mapping[str, t.Any], *, connects: bool = True, **rules: t.Any) -> AnsibleModule:
    """An AnsibleModule with check mode; ``connects`` adds the connection options and their rules to ``rules``."""
    options = dict(spec)
    if connects:
        options = {**connection_spec(), **options}
        for rule, value in connection_rules().items():
            rules[rule] = [*value, *rules.get(rule, [])]
    return AnsibleModule(argument_spec=options, supports_check_mode=True, **rules)


def open_site(params: t.Mapping[str, t.Any], *, label: str = "") -> Site:
    """The site that a set of connection options names. Nothing is sent yet."""
    endpoint = endpoint_from(params, label=label)
    return Site(CentralV4(endpoint, task_timeout=float(params["wait_timeout"])))


#: The way of most modules.
DIRECT = Opening({}, open_site)


def run(module: AnsibleModule, work: t.Callable[[AnsibleModule], Result], *, empty: Result | None = None) -> None:
    """Do ``work`` and leave Ansible with its result. A DrError becomes a failed task that still has all result keys
    (``empty`` gives those that the work didn't come to fill)."""
    if not HAS_REQUESTS:
        module.fail_json(msg=missing_required_lib("requests"))
    try:
        result = work(module)
    except DrError as error:
        _fail(module, empty or {}, error)
        return
    failed = result.pop("failed_with", None)
    if failed is not None:
        _fail(module, result, failed)
        return
    module.exit_json(**result)


def _fail(module: AnsibleModule, result: Result, error: DrError) -> None:
    # Imported here: a run in which all goes well needs none of it.
    from .failure import failure

    module.fail_json(**{**result, **failure(error)})

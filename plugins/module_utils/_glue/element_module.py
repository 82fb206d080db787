# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The connection options of modules that talk to one cluster's Prism Element, and the client they become. Knows no kinds of objects."""

from __future__ import annotations

import typing as t

from .._engine.clusters import check_is_cluster, cluster_id
from .._errors import Finding, InvalidInput
from .._prism.element import Element
from .connection import Spec, connection_spec, endpoint_from


def element_spec() -> Spec:
    """Which cluster is meant and the way to it; ``make_module`` adds the connection options. Both come first in ``nutanix_host``."""
    return {"cluster": {"type": "str"}, "via_prism_central": {"type": "bool", "default": False}}


def element_rules() -> dict[str, t.Any]:
    """The rules between the options of ``element_spec``, as AnsibleModule takes them."""
    return {"required_if": [("via_prism_central", True, ("cluster",))]}


def peer_spec() -> dict[str, t.Any]:
    """An option with the connection options of another cluster."""
    return {"type": "dict", "options": {**connection_spec(), **element_spec()}, **element_rules()}


def open_element(params: t.Mapping[str, t.Any], *, label: str = "") -> Element:
    """The cluster that a set of options names, called by that name in messages. Asks once which one it is, if ``cluster`` is given.

    Raises ``InvalidInput``, ``UnknownReference``, ``Ambiguous`` and ``CANNOT_TELL``.
    """
    name, host = params["cluster"] or "", params["nutanix_host"]
    endpoint = endpoint_from(params, label=label or name or host)
    if params["via_prism_central"]:
        # Imported here: those that go directly never need it.
        from .._prism.central_v4 import CentralV4

        central = CentralV4(endpoint_from(params, label=host))
        try:
            return Element(endpoint, cluster_uuid=cluster_id(central, name))
        finally:
            central.close()
    if params["nutanix_api_key"]:
        finding = Finding("nutanix_api_key", "a Prism Element takes no API key", "give user name and password, or go via_prism_central")
        raise InvalidInput([finding], site=endpoint.label)
    element = Element(endpoint)
    if name:
        check_is_cluster(element, name, host)
    return element

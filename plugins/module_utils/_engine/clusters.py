# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which cluster a name means: among those of a Prism Central, and whether a Prism Element is the one that was meant. Reads only."""

from __future__ import annotations

import typing as t

from .._errors import Ambiguous, DrError, Finding, InvalidInput, UnknownReference

if t.TYPE_CHECKING:
    from .._prism.central_v4 import CentralV4
    from .._prism.element import Element


def cluster_id(central: CentralV4, name: str) -> str:
    """The id of a cluster that is registered with a Prism Central, which is how it is called through it.

    Raises ``UnknownReference`` or ``Ambiguous``; ``CANNOT_TELL`` when the Prism Central doesn't answer.
    """
    try:
        found = {str(body["extId"]): str(body.get("name") or "") for body in central.list("clustermgmt", "config/clusters") if not is_central(body)}
    except DrError as error:
        raise error.about(verb="list", kind="cluster", site=central.site) from error
    ids = sorted(ext_id for ext_id, called in found.items() if called == name)
    if not ids:
        known = ", ".join(sorted(filter(None, found.values()))) or "none"
        raise UnknownReference(
            f"no cluster of this name is registered there; there are: {known}", kind="cluster", name=name, site=central.site, fix="Correct 'cluster'"
        )
    if len(ids) > 1:
        raise Ambiguous(f"{len(ids)} clusters have this name", ids=ids, kind="cluster", name=name, site=central.site, fix="Rename all but one")
    return ids[0]


def check_is_cluster(element: Element, name: str, host: str) -> None:
    """Raises ``InvalidInput`` unless the Prism Element is that of the cluster of this name."""
    called = str(element.get("cluster").get("name") or "")
    if called != name:
        raise InvalidInput(
            [Finding("cluster", f"{host} is the Prism Element of '{called}', not of '{name}'", "correct 'nutanix_host' or 'cluster'")], site=element.site
        )


def is_central(body: t.Mapping[str, t.Any]) -> bool:
    """A Prism Central lists itself among its clusters."""
    return "PRISM_CENTRAL" in ((body.get("config") or {}).get("clusterFunction") or ())

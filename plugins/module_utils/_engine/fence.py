# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Powers VMs off that a failover has left behind, so that they can't run beside those that took over. Deletes nothing."""

from __future__ import annotations

import typing as t

from .._errors import DrError, NotFound
from .._prism.parallel import in_threads
from .._prism.request_ids import request_id

if t.TYPE_CHECKING:
    from .._prism.central_v4 import CentralV4
    from .recovery_picture import Stale

_PATH = "ahv/config/vms"
# VMs at the same time. The throttle of the client decides how fast their calls go.
_AT_ONCE = 4


class Fenced(t.NamedTuple):
    """What became of one VM."""

    name: str
    error: DrError | None


def power_off(client: CentralV4, copies: t.Sequence[Stale], run_id: str) -> list[Fenced]:
    """One outcome per VM, in their order. One that is off or gone already is done."""

    def one(copy: Stale) -> Fenced:
        try:
            here = client.get("vmm", _PATH, copy.ext_id)
            if here.body.get("powerState") != "OFF":
                known = request_id(run_id, "power-off", copy.ext_id, str(here.etag))
                client.writes.act("vmm", f"{_PATH}/{copy.ext_id}", "power-off", etag=here.etag, request_id=known)
        except NotFound:
            return Fenced(copy.name, None)
        except DrError as error:
            return Fenced(copy.name, error.about(verb="power off", kind="vm", name=copy.name, site=client.site))
        return Fenced(copy.name, None)

    return in_threads(one, copies, threads=_AT_ONCE)

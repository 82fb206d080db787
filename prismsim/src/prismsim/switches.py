# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The named choices for what the contract leaves unknown. Knows names, defaults and meanings; others act on them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any


@dataclass(frozen=True)
class Switches:
    """One field per unknown; an estate's ``switches:`` overrides the defaults."""

    #: A mutation without NTNX-Request-Id answers 400.
    require_request_id: bool = True
    #: A request id is known again whatever the method and path of the second call.
    request_id_ignores_path: bool = False
    #: Every DELETE needs If-Match, not only those of VMs.
    delete_requires_etag: bool = False
    #: A name that is taken answers 409 at once instead of ending as a FAILED task.
    name_conflict_answers_409: bool = False
    #: A body that carries members which the server sets itself answers 400.
    refuse_server_set_fields: bool = False
    #: A list with no hit leaves ``data`` out instead of answering ``[]``.
    empty_list_omits_data: bool = True
    #: Entity-sync keeps the extId of an object equal on both Prism Centrals.
    entity_sync_keeps_ids: bool = False
    #: OPTIONS /api/<ns>/unversioned/info is answered on 4.0 and 4.1 too.
    version_info_before_4_2: bool = False
    #: The array maxima that only the 4.0.b1 specification tells (contract/v4 section 9.9) are enforced.
    enforce_array_maxima: bool = False
    #: A 401 carries a JSON body.
    unauthorized_has_body: bool = True
    #: Rules, secured categories and isolation groups are answered in another order than sent.
    shuffle: bool = True
    #: A stale If-Match on a VM action ends as a FAILED task (VMM-30303) instead of 412.
    vm_etag_mismatch_fails_task: bool = False
    #: Deleting a category, group or VPC that a policy uses ends as a FAILED task.
    refuse_delete_in_use: bool = True
    # Disaster recovery of Prism Central (contract/v4 sections 11 and 12).
    #: Protection policies and recovery plans are the same objects on all Prism Centrals that they name.
    plans_are_synced: bool = True
    #: The task of a write names the stage, mapping or setting; else only the recovery plan that it is part of.
    plan_parts_named_in_task: bool = False
    #: A VM that a plan recovers keeps its uuid where that is free (a test copy never does).
    recovered_vm_keeps_uuid: bool = False
    #: Failovers are taken by the Prism Central of the target only.
    failover_only_at_target: bool = True
    #: An unplanned failover powers off the VMs of a source that answers; else they are left as they are.
    unplanned_failover_powers_off: bool = False
    #: The task of a recovery job tells the job's id from the beginning; else only at its end.
    job_named_at_once: bool = False
    # Prism Element (contract/element section 8).
    #: A remote site's status is written in lower case.
    element_status_lower_case: bool = False
    #: Status and latency of a remote site are null unless full details are asked for.
    element_status_needs_full_details: bool = False
    #: A remote site whose other half is missing stays HANDSHAKING instead of RELATIONSHIP_NOT_ESTABLISHED.
    element_one_half_handshakes: bool = False
    #: A remote site shows ``remote_ip_address_ports`` beside ``remote_ip_ports``.
    element_address_ports: bool = False
    #: Full details fill ``remote_vstore_info`` with the peer's vStores.
    element_remote_vstore_info: bool = False
    #: PATCH of a remote site changes only what it names; else it replaces like PUT.
    element_patch_merges: bool = True
    #: A vStore map is checked against both clusters; else unknown names are kept in silence.
    element_unknown_vstore_refused: bool = True
    #: A broken rule (name taken, unknown vStore, bad address) answers 422 instead of 500.
    element_rules_answer_422: bool = False
    #: An unknown name answers 404 instead of 500.
    element_unknown_name_answers_404: bool = True
    #: Deleting a remote site that a schedule or a replication uses is refused instead of held back.
    element_delete_in_use_refused: bool = False
    #: What lies in an unmapped container goes to the container of the same name; else it cannot be replicated.
    element_unmapped_goes_to_same_name: bool = False
    #: Limits of a bandwidth policy are megabytes per second instead of bytes per second.
    element_bandwidth_in_megabytes: bool = False
    #: A VM that a protection domain recovers keeps its uuid where that is free.
    element_recovered_vm_keeps_uuid: bool = False
    #: A VM that a protection domain recovers keeps the categories that exist there.
    element_recovered_vm_keeps_categories: bool = False


def switches_from(chosen: Mapping[str, Any]) -> Switches:
    """The defaults with an estate's choices applied. Raises ValueError for an unknown name or a wrong type."""
    known = {field.name for field in fields(Switches)}
    for name, value in chosen.items():
        if name not in known:
            raise ValueError(f"unknown switch '{name}' (known: {', '.join(sorted(known))})")
        if not isinstance(value, bool):
            raise ValueError(f"switch '{name}' must be true or false")
    return Switches(**chosen)

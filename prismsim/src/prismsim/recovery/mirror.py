# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Protection policies and recovery plans are one object on all Prism Centrals that they name: each write is copied there.

Ids stay the same, but for those of categories, which each Prism Central has its own of. A Prism Central that is down gets
its copies when it is back.
"""

from __future__ import annotations

from typing import Any

from prismsim.crud import PARENT, children
from prismsim.objects import Document, Record, unique_name
from prismsim.site import Site

_PENDING = "copies to send"


def managers(document: Document) -> list[str]:
    """The ids of the Prism Centrals that a protection policy or a recovery plan names, in its order."""
    places = document.get("replicationLocations") or [document[name] for name in ("primaryLocation", "recoveryLocation") if name in document]
    return list(dict.fromkeys(place["domainManagerExtId"] for place in places))


def copy(site: Site, record: Record, removed: bool) -> None:
    """Bring a written or removed object, which may be part of a policy or plan, to the other Prism Centrals that this names."""
    owners = [site.objects.find(kind, record.document.get(PARENT, "")) for kind in ("recovery_plan", "protection_policy")]
    copy_to(site, managers(next((owner.document for owner in owners if owner), record.document)), record, removed)


def remove_with_parts(site: Site, record: Record, kinds: tuple[str, ...]) -> None:
    """Remove the parts of a policy or plan that was removed, and all of it elsewhere."""
    parts = [part for kind in kinds for part in children(site, record, kind)]
    for part in parts:
        site.objects.remove(part)
    for gone in [*parts, record]:
        copy_to(site, managers(record.document), gone, True)


def copy_to(site: Site, wanted: list[str], record: Record, removed: bool) -> None:
    """Bring a written or removed object to those Prism Centrals, at once or when they are back."""
    if not site.switches.plans_are_synced:
        return
    for manager in wanted:
        peer = site.peers.get(manager)
        if peer is not None and site.answers and peer.answers:
            _put(site, peer, record, removed)
        elif peer is not None:
            later = [*(site.recall(_PENDING) or []), {"peer": manager, "kind": record.kind, "extId": record.id, "removed": removed}]
            site.remember(_PENDING, later)


def catch_up(sites: dict[str, Site]) -> None:
    """Send what could not be sent while a Prism Central was down."""
    for site in sites.values():
        waiting = site.recall(_PENDING)
        if not waiting or not site.answers:
            continue
        left = [entry for entry in waiting if not site.peers[entry["peer"]].answers]
        site.remember(_PENDING, left)
        for entry in waiting:
            if entry not in left:
                _send(site, site.peers[entry["peer"]], entry)


def _send(site: Site, peer: Site, entry: dict[str, Any]) -> None:
    record = site.objects.find(entry["kind"], entry["extId"])
    if record is not None:
        _put(site, peer, record, False)
    elif entry["removed"]:
        there = peer.objects.find(entry["kind"], entry["extId"])
        if there is not None:
            peer.objects.remove(there)


def _put(site: Site, peer: Site, record: Record, removed: bool) -> None:
    there = peer.objects.find(record.kind, record.id)
    if not removed:
        peer.put(record.kind, _with_categories_of(site, peer, record.document))
    elif there is not None:
        peer.objects.remove(there)
    peer.objects.clear()


def _with_categories_of(site: Site, peer: Site, value: Any) -> Any:
    """The document with the peer's ids of the same categories; one that the peer has not keeps its foreign id."""
    if isinstance(value, dict):
        return {key: _with_categories_of(site, peer, item) for key, item in value.items()}
    if isinstance(value, list):
        return [_with_categories_of(site, peer, item) for item in value]
    category = site.objects.find("category", value) if isinstance(value, str) else None
    there = peer.objects.named("category", unique_name("category", category.document)) if category else []
    return there[0].id if there else value

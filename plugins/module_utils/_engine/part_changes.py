# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which parts of an object to write to get from those that are there to those that are wanted, with the fewest calls. Pure."""

from __future__ import annotations

import typing as t

from .._model.codec import Body
from .._model.directory import Directory
from .._model.entity import Canonical, Entity, decode
from .._model.parts import PartList


class PartChange(t.NamedTuple):
    """One write: a new part (no ``ext_id``), another content (both), or a part that goes (no ``body``)."""

    ext_id: str
    body: Body | None


def part_changes(entity: Entity, part: PartList, now: Body, wanted: Body, after: Canonical, directory: Directory) -> list[PartChange]:
    """Parts that are as wanted are left alone; one that is no longer wanted takes the content of one that is missing, of the same key
    if there is such. ``now`` and ``wanted`` are whole bodies, ``after`` is the canonical object of ``wanted``."""
    here = [(str(body["extId"]), read_part(entity, part, now, body, directory)) for body in now[part.property]]
    missing = list(zip(after.get(part.field, []), wanted[part.property], strict=True))
    spare: list[tuple[str, Canonical]] = []
    for ext_id, canonical in here:
        same = next((one for one in missing if one[0] == canonical), None)
        if same is None:
            spare.append((ext_id, canonical))
        else:
            missing.remove(same)
    changes: list[PartChange] = []
    for alike in (True, False):
        for ext_id, canonical in list(spare):
            taken = next((one for one in missing if not alike or _key(part, one[0]) == _key(part, canonical)), None)
            if taken is not None:
                missing.remove(taken)
                spare.remove((ext_id, canonical))
                changes.append(PartChange(ext_id, taken[1]))
    changes += [PartChange("", body) for _canonical, body in missing]
    return changes + [PartChange(ext_id, None) for ext_id, _canonical in spare]


def _key(part: PartList, canonical: Canonical) -> list[t.Any]:
    return [canonical.get(word) for word in part.key]


def read_part(entity: Entity, part: PartList, now: Body, body: Body, directory: Directory) -> Canonical:
    """One part alone, read beside the lists that it may refer to."""
    others = {other.property: [] if other.property == part.property else now[other.property] for other in entity.part_lists}
    found: Canonical = decode(entity, {**now, **others, part.property: [body]}, directory).canonical[part.field][0]
    return found

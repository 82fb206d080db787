# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The stages of a recovery plan: who is recovered in which order, written and on the wire (contract/v4 section 11.3)."""

from __future__ import annotations

import typing as t

from .._model.codec import FIX_UPDATE, Body, Reader, name_at
from .._model.codec_categories import AnyOfCategories
from .._model.codec_spans import seconds_of, span_of
from .._model.directory import Directory
from .._model.form import Number
from .._model.form_categories import Categories
from .._model.form_names import Names
from .._model.spans import Span
from .._model.struct import Field, ListOf, Struct, as_set, without_absent

_DELAY = "datapolicies.v4.config.DelayAction"
_UNITS = ("s", "m", "h")
_CATEGORIES = AnyOfCategories("categoryExtIds")
_FIELDS = (
    Field("priority", Number(1, 1000), default=1),
    Field("vms", Names("recoverable_vm"), absent=[]),
    Field("categories", Categories(), absent={}),
    Field("delay", Span(_UNITS)),
)


def in_order(stages: t.Iterable[dict[str, t.Any]]) -> list[dict[str, t.Any]]:
    """Stages as they are recovered."""
    return sorted(as_set(stages), key=lambda stage: int(stage.get("priority") or 0))


class _Stages(ListOf):
    def arranged(self, items: list[t.Any]) -> t.Any:
        return in_order(items)


STAGES = _Stages(Struct(_FIELDS, example="write {priority: 1, categories: {AppTier: DB}, delay: 1m}"))


def encode_stage(stage: t.Mapping[str, t.Any], directory: Directory) -> Body:
    """The body of one stage. Raises UnknownReference or Ambiguous."""
    body: Body = {"entityType": "VM", "priority": stage["priority"]}
    if stage.get("vms"):
        body["entities"] = [{"extId": directory.id_of("recoverable_vm", name)} for name in stage["vms"]]
    if stage.get("categories"):
        body.update(_CATEGORIES.encode(stage["categories"], directory))
    if stage.get("delay"):
        body["postActions"] = [{"config": {"$objectType": _DELAY, "delaySecs": seconds_of(stage["delay"])}}]
    return body


def decode_stage(reader: Reader, directory: Directory) -> dict[str, t.Any]:
    """What a stage says. Raises NotRepresentable and UnknownReference."""
    reader.ignore(("extId",))
    kind = reader.take("entityType")
    if kind != "VM":
        reader.refuse("entityType", f"is {kind!r}; this collection has no words for stages of volume groups", FIX_UPDATE)
    vms = [name_at(each, "extId", directory, "recoverable_vm", str(each.take("extId"))) for each in reader.each("entities")]
    found = {
        "priority": reader.take("priority"),
        "vms": sorted(vms),
        "categories": _CATEGORIES.decode(reader, directory),
        "delay": _delay(reader),
    }
    reader.finish()
    return without_absent(_FIELDS, found)


def _delay(reader: Reader) -> str | None:
    """Several delays after one stage are one that is as long as all of them."""
    total = 0
    for action in reader.each("postActions"):
        config = action.inner("config")
        if config is None or config.object_type != _DELAY:
            action.refuse("config", "is no delay", FIX_UPDATE)
        total += int(config.take("delaySecs"))
        config.finish()
        action.finish()
    return span_of(total, _UNITS) if total else None

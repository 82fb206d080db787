# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The groups of a security rule, written (by secured group) and read from the wire (one flat list of rules that repeat it)."""

from __future__ import annotations

import typing as t

from .._model.codec import Reader, Word
from .._model.codec_services import ServiceLists
from .._model.directory import Directory
from .._model.form import Choice
from .._model.form_services import Services
from .._model.problems import Problems
from .._model.struct import Field, ListOf, Struct, as_set, decode_fields, sort_key, without_absent
from .rule_entries import NETWORK_FUNCTION_FIELD, RULE_FIELDS, SERVICES_FIELD, Decoder, EntryForm
from .selectors import (
    DESTINATION_SIDE,
    PEER,
    SECURED,
    SECURED_SIDE,
    SOURCE_SIDE,
    decode_side,
)

APPLICATION_SPEC = "microseg.v4.config.ApplicationRuleSpec"
INTRA_SPEC = "microseg.v4.config.IntraEntityGroupRuleSpec"
DIRECTIONS = ("inbound", "outbound", "bidirectional")
SPEC_FIELDS = (SERVICES_FIELD, NETWORK_FUNCTION_FIELD)
_FROM = Field("from", PEER, required=True)
_TO = Field("to", PEER, required=True)

INTRA_SPEC_FIELDS = (
    Field(
        "action",
        Choice(("allow", "deny")),
        Word("securedGroupAction", {"allow": "ALLOW", "deny": "DENY"}),
        required=True,
    ),
    Field(
        "services",
        Services(),
        ServiceLists(groups="securedGroupServiceReferences"),
        since=(4, 1),
        absent=["any"],
    ),
)


class IntraForm(ListOf):
    """``allow``, ``deny``, one mapping or a list of these; the shortest that says it is the canonical one."""

    def option(self) -> dict[str, t.Any]:
        return {"type": "raw"}

    def canonical(self, value: t.Any, at: str, problems: Problems) -> t.Any:
        several = isinstance(value, (list, tuple))
        found = [
            self.form.canonical(
                {"action": one} if isinstance(one, str) else one, f"{at}[{index}]" if several else at, problems
            )
            for index, one in enumerate(value if several else [value])
        ]
        for entry in found:
            services = entry.get("services")
            if services is not None and (not services or "any" in services):
                problems.add(at, f"has services {services}", "name services, or leave them out to mean all")
        return self.arranged(found)

    def items(self, value: t.Any) -> t.Sequence[t.Any]:
        return spell_out(value)

    def arranged(self, items: list[t.Any]) -> t.Any:
        return shorten(items)


def spell_out(intra: t.Any) -> list[dict[str, t.Any]]:
    """A canonical ``intra`` as the list of mappings it is short for."""
    several = intra if isinstance(intra, list) else [] if intra is None else [intra]
    return [{"action": one} if isinstance(one, str) else one for one in several]


def shorten(entries: t.Sequence[dict[str, t.Any]]) -> t.Any:
    """The canonical ``intra`` of some mappings; None for none."""
    short = [one["action"] if set(one) == {"action"} else one for one in as_set(entries)]
    return short[0] if len(short) == 1 else short or None


class BothWaysForm(EntryForm):
    """One API rule with a source and a destination, or (the API allows it) with neither."""

    def canonical(self, value: t.Any, at: str, problems: Problems) -> t.Any:
        found = super().canonical(value, at, problems)
        if ("from" in found) != ("to" in found) and not problems.any_at(at):
            there, place = ("from", "inbound") if "from" in found else ("to", "outbound")
            problems.add(at, f"has only '{there}'", f"write the entry under {place}")
        if "from" in found and "network_function" in found:
            problems.add(
                at, "leads both directions through a network function, which the API refuses (MIC-30108)", "write two entries"
            )
        return found


class GroupForm(Struct):
    """One secured group with everything that is allowed around it."""

    def canonical(self, value: t.Any, at: str, problems: Problems) -> t.Any:
        found = super().canonical(value, at, problems)
        if set(found) == {"secured"} and not problems.any_at(at):
            problems.add(
                at, "has neither intra nor inbound nor outbound", "to block all, write inbound: [{from: none, services: any}]"
            )
        return found


class GroupsForm(ListOf):
    """Several groups; those that secure the same are one."""

    def arranged(self, items: list[t.Any]) -> t.Any:
        return join_groups(items)


def join_groups(groups: t.Iterable[dict[str, t.Any]]) -> list[dict[str, t.Any]]:
    """Canonical groups, one per secured selector, in canonical order."""
    joined: dict[str, dict[str, t.Any]] = {}
    for group in groups:
        into = joined.setdefault(sort_key(group.get("secured")), {"secured": group.get("secured")})
        into["intra"] = into.get("intra", []) + spell_out(group.get("intra"))
        for direction in DIRECTIONS:
            into[direction] = into.get(direction, []) + group.get(direction, [])
    return [_canonical_group(joined[key]) for key in sorted(joined)]


def _canonical_group(group: dict[str, t.Any]) -> dict[str, t.Any]:
    """A group whose lists, ``intra`` too, may hold doubles in any order."""
    found = {"secured": group["secured"], "intra": shorten(group["intra"])}
    found.update({direction: as_set(group[direction]) for direction in DIRECTIONS})
    return {part: value for part, value in found.items() if value}


_INTRA = IntraForm(EntryForm((*INTRA_SPEC_FIELDS, *RULE_FIELDS), example="write allow, deny or {action: allow, ports: 22}"))
_ENTRY_EXAMPLE = "write {from: any, services: [tcp/443]}"
GROUPS = GroupsForm(
    GroupForm(
        (
            Field("secured", SECURED, required=True),
            Field("intra", _INTRA),
            Field("inbound", ListOf(EntryForm((_FROM, *SPEC_FIELDS, *RULE_FIELDS), example=_ENTRY_EXAMPLE)), absent=[]),
            Field("outbound", ListOf(EntryForm((_TO, *SPEC_FIELDS, *RULE_FIELDS), example=_ENTRY_EXAMPLE)), absent=[]),
            Field(
                "bidirectional",
                ListOf(
                    BothWaysForm(
                        (_FROM._replace(required=False), _TO._replace(required=False), *SPEC_FIELDS, *RULE_FIELDS),
                        example=_ENTRY_EXAMPLE,
                    )
                ),
                absent=[],
            ),
        ),
        example="write {secured: {categories: {AppType: Web}}, inbound: [{from: any, services: [tcp/443]}]}",
    )
)


def decode_intra(rule: Reader, spec: Reader, directory: Directory) -> dict[str, t.Any]:
    """An INTRA_GROUP rule -> a group of this one entry. Raises NotRepresentable and UnknownReference."""
    fields = (*INTRA_SPEC_FIELDS, *RULE_FIELDS)
    secured = _decode_secured(spec, directory)
    found = {**decode_fields(INTRA_SPEC_FIELDS, spec, directory), **decode_fields(RULE_FIELDS, rule, directory)}
    if found["action"] is None:
        spec.refuse("securedGroupAction", "is missing")
    return {"secured": secured, "intra": shorten([without_absent(fields, found)])}


def decode_entry(rule: Reader, spec: Reader, directory: Directory) -> dict[str, t.Any]:
    """A rule with an ApplicationRuleSpec -> a group of this one entry. Raises NotRepresentable and UnknownReference."""
    secured = _decode_secured(spec, directory)
    found = {
        "from": decode_side(SOURCE_SIDE, spec, directory),
        "to": decode_side(DESTINATION_SIDE, spec, directory),
        **decode_fields(SPEC_FIELDS, spec, directory),
        **decode_fields(RULE_FIELDS, rule, directory),
    }
    entry = without_absent((_FROM, _TO, *SPEC_FIELDS, *RULE_FIELDS), found)
    direction = {(True, False): "inbound", (False, True): "outbound"}.get(("from" in entry, "to" in entry), "bidirectional")
    return {"secured": secured, direction: [entry]}


DECODERS: t.Mapping[str, Decoder] = {"INTRA_GROUP": decode_intra, **dict.fromkeys(("APPLICATION", "QUARANTINE", "SHARED_SERVICE"), decode_entry)}


def _decode_secured(spec: Reader, directory: Directory) -> t.Any:
    secured = decode_side(SECURED_SIDE, spec, directory)
    if secured is None:
        spec.refuse("", "secures nothing: neither categories nor an entity group")
    return secured

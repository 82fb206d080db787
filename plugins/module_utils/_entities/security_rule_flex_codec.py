# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the Flex rules of a security rule travel as API rules, both ways (contract/v4 section 9.5)."""

from __future__ import annotations

import typing as t

from .._model.codec import Body, Codec, IdsOf, Reader
from .._model.codec_addresses import Prefixes
from .._model.directory import Directory
from .._model.encode import encode_fields
from .._model.struct import decode_fields, without_absent
from .rule_entries import RULE_FIELDS, Decoder
from .security_rule_flex import FIELDS, SPEC_FIELDS
from .selectors import ANY, NONE

_SPEC = "microseg.v4.config.FlexRuleSpec"


class FlexPeer(Codec):
    """One side of a Flex rule; a side that says nothing is ``none``."""

    def __init__(self, everything: str, entity_groups: str, subnet: str) -> None:
        self.everything = everything
        self.parts = {"entity_groups": IdsOf(entity_groups, "entity_group"), "cidr": Prefixes(subnet)}

    def encode(self, value: t.Any, directory: Directory) -> Body:
        if isinstance(value, str):
            return {self.everything: True} if value == ANY else {}
        body: Body = {}
        for name, found in value.items():
            body.update(self.parts[name].encode(found, directory))
        return body

    def decode(self, reader: Reader, directory: Directory) -> t.Any:
        everything = reader.take(self.everything)
        found = {name: one for name, codec in self.parts.items() if (one := codec.decode(reader, directory)) is not None}
        if everything and found:
            reader.refuse(self.everything, f"stands beside {', '.join(found)}")
        return ANY if everything else found or NONE


_PEERS = {
    "from": FlexPeer("shouldAllowAnySrc", "srcEntityGroupReferences", "srcSubnet"),
    "to": FlexPeer("shouldAllowAnyDst", "destEntityGroupReferences", "destSubnet"),
}


def encode_flex_rule(rule: t.Mapping[str, t.Any], directory: Directory) -> Body:
    """The API rule of one Flex rule."""
    spec = {"$objectType": _SPEC, **encode_fields(SPEC_FIELDS, rule, directory)}
    for side, peer in _PEERS.items():
        spec.update(peer.encode(rule[side], directory))
    return {"type": "FLEX", **encode_fields(RULE_FIELDS, rule, directory), "spec": spec}


def decode_flex_rule(rule: Reader, spec: Reader, directory: Directory) -> dict[str, t.Any]:
    """A FLEX rule. Raises NotRepresentable and UnknownReference."""
    found = {**decode_fields(SPEC_FIELDS, spec, directory), **decode_fields(RULE_FIELDS, rule, directory)}
    found.update({side: peer.decode(spec, directory) for side, peer in _PEERS.items()})
    for name in ("action", "direction"):
        if found[name] is None:
            spec.refuse(name, "is missing")
    return without_absent(FIELDS, found)


DECODERS: t.Mapping[str, Decoder] = {"FLEX": decode_flex_rule}

# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The security rule: one Flow policy. Its table, and which part each API rule goes to (contract/v4 section 9)."""

from __future__ import annotations

import typing as t

from .._model.codec import Body, Property, Reader, Word
from .._model.directory import Directory
from .._model.entity import Canonical, Entity
from .._model.form import Choice, Flag, Minor, Number
from .._model.problems import Problems
from .._model.struct import Field
from .common import TIMES, all_projects_field, description_field, name_field
from .rule_entries import Decoder
from .security_rule_flex import FLEX_RULES, FLEX_TYPES
from .security_rule_groups import APPLICATION_SPEC, DECODERS, GROUPS, INTRA_SPEC
from .security_rule_isolations import ISOLATIONS
from .security_rule_scope import SCOPE, ScopeCodec

TYPES = ("application", "isolation", "quarantine", "shared_service", *FLEX_TYPES)
#: The part that holds the rules, per type.
PART_OF = {
    **dict.fromkeys(("application", "quarantine", "shared_service"), "groups"),
    "isolation": "isolations",
    **dict.fromkeys(FLEX_TYPES, "flex_rules"),
}
_FORMS = {"groups": GROUPS, "isolations": ISOLATIONS, "flex_rules": FLEX_RULES}
# The API rules in each type, with the names of their specs.
_SPECS = {
    "application": {"INTRA_GROUP": INTRA_SPEC, "APPLICATION": APPLICATION_SPEC},
    "isolation": {
        "TWO_ENV_ISOLATION": "microseg.v4.config.TwoEnvIsolationRuleSpec",
        "MULTI_ENV_ISOLATION": "microseg.v4.config.MultiEnvIsolationRuleSpec",
    },
    "quarantine": {"INTRA_GROUP": INTRA_SPEC, "QUARANTINE": APPLICATION_SPEC},
    "shared_service": {"INTRA_GROUP": INTRA_SPEC, "SHARED_SERVICE": APPLICATION_SPEC},
    **dict.fromkeys(FLEX_TYPES, {"FLEX": "microseg.v4.config.FlexRuleSpec"}),
}


class RulesCodec:
    """The one list of API rules <-> groups, isolations or flex_rules."""

    def encode(self, canonical: Canonical, directory: Directory) -> Body:
        # Imported here: only a run that writes needs it.
        from .security_rule_encode import encode_rules

        return encode_rules(canonical, directory)

    def decode(self, reader: Reader, directory: Directory, found: Canonical) -> Canonical:
        policy_type = found["type"]
        if policy_type is None:
            reader.refuse("type", "is missing")
        part = PART_OF[policy_type]
        decoders = _decoders(part)
        rules = [_decode_rule(rule, policy_type, decoders, directory) for rule in reader.each("rules")]
        return {part: _FORMS[part].arranged(rules)}


def _decoders(part: str) -> t.Mapping[str, Decoder]:
    """What reads the API rules of one part, by their type."""
    if part == "groups":
        return DECODERS
    # Imported here: most security rules have groups.
    if part == "isolations":
        from .security_rule_isolations_codec import DECODERS as decoders
    else:
        from .security_rule_flex_codec import DECODERS as decoders
    return decoders


def _decode_rule(rule: Reader, policy_type: str, decoders: t.Mapping[str, Decoder], directory: Directory) -> dict[str, t.Any]:
    rule_type = rule.take("type")
    spec_type = _SPECS[policy_type].get(rule_type)
    if spec_type is None:
        if any(rule_type in specs for specs in _SPECS.values()):
            rule.refuse("type", f"is {rule_type}, which has no place in a security rule of type {policy_type}")
        rule.refuse("type", f"is {rule_type!r}, which this collection doesn't know")
    spec = rule.inner("spec")
    if spec is None:
        rule.refuse("spec", "is missing")
    if spec.object_type not in ("", spec_type):
        rule.refuse("spec", f"is a {spec.object_type} in a rule of type {rule_type}")
    value = decoders[rule_type](rule, spec, directory)
    spec.finish()
    rule.ignore(("extId",))
    rule.finish()
    return value


def _check(canonical: Canonical, where: str, minor: Minor | None, problems: Problems) -> None:
    # Imported here, as below: only a run that writes checks.
    from .security_rule_checks import check_content, check_descriptions

    check_content(canonical, where, minor, problems)
    check_descriptions(canonical, where, minor, problems)


def _check_new(canonical: Canonical, where: str, minor: Minor | None, problems: Problems) -> None:
    from .security_rule_checks import check_creatable

    check_creatable(canonical, where, minor, problems)


SECURITY_RULE = Entity(
    kind="security_rule",
    plural="security_rules",
    namespace="microseg",
    path="config/policies",
    object_type="microseg.v4.config.NetworkSecurityPolicy",
    fields=(
        name_field(63),
        Field(
            "type",
            Choice(TYPES, since={"shared_service": (4, 1), **dict.fromkeys(FLEX_TYPES, (4, 3))}),
            Word("type", {word: word.replace("_", "").upper() for word in TYPES}),
            required=True,
            immutable=True,
        ),
        Field(
            "mode",
            Choice(("save", "monitor", "enforce")),
            Word("state", {"save": "SAVE", "monitor": "MONITOR", "enforce": "ENFORCE"}, missing="save"),
            required=True,
        ),
        description_field(512),
        Field("scope", SCOPE, ScopeCodec(), default="vlans"),
        Field("priority", Number(1, 350), Property("priority"), since=(4, 3)),
        Field("hit_log", Flag(), Property("isHitlogEnabled"), absent=False),
        Field("allow_ipv6", Flag(), Property("isIpv6TrafficAllowed"), absent=False),
        Field("ipv4_scope", Flag(), Property("isIpv4AddressScope"), since=(4, 2)),
        Field("ipv6_scope", Flag(), Property("isIpv6AddressScope"), since=(4, 2)),
        all_projects_field(),
        Field("groups", GROUPS, absent=[]),
        Field("isolations", ISOLATIONS, absent=[]),
        Field("flex_rules", FLEX_RULES, since=(4, 3), absent=[]),
    ),
    server_made=(
        "securedGroups",
        "securedEntityGroupReferences",
        "sourceEntityGroupReferences",
        "destinationEntityGroupReferences",
        "appliedToEntityGroupReferences",
        "networkFunctionReferences",
        "createdBy",
        *TIMES,
    ),
    site_owned=("projectExtId",),
    system_property="isSystemDefined",
    refers_to=("category", "address_group", "service_group", "entity_group", "vpc", "network_function"),
    parts=RulesCodec(),
    checks=(_check,),
    checks_of_new=(_check_new,),
)

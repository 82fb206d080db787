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
from .._model.struct import Field, as_set
from .common import TIMES, all_projects_field, description_field, name_field
from .security_rule_flex import FLEX_RULES, FLEX_TYPES, in_priority
from .security_rule_groups import APPLICATION_SPEC, GROUPS, INTRA_SPEC, decode_entry, decode_intra, join_groups
from .security_rule_isolations import ISOLATIONS
from .security_rule_scope import SCOPE, ScopeCodec

TYPES = ("application", "isolation", "quarantine", "shared_service", *FLEX_TYPES)
_TYPE_WORDS = {policy_type: policy_type.replace("_", "").upper() for policy_type in TYPES}
# The API rule type of an entry in ``groups``, per type of security rule.
_ENTRY_TYPES = {"application": "APPLICATION", "quarantine": "QUARANTINE", "shared_service": "SHARED_SERVICE"}


class _RuleType(t.NamedTuple):
    """How to read one API rule type: the part it belongs to, the name of its spec, and the reader of it."""

    part: str
    spec: str
    decode: t.Callable[[Reader, Reader, Directory], dict[str, t.Any]]


def _decode_two_env(rule: Reader, spec: Reader, directory: Directory) -> dict[str, t.Any]:
    # Imported here, as below: most security rules isolate nothing.
    from .security_rule_isolations_codec import decode_two_env

    return decode_two_env(rule, spec, directory)


def _decode_multi_env(rule: Reader, spec: Reader, directory: Directory) -> dict[str, t.Any]:
    from .security_rule_isolations_codec import decode_multi_env

    return decode_multi_env(rule, spec, directory)


def _decode_flex(rule: Reader, spec: Reader, directory: Directory) -> dict[str, t.Any]:
    from .security_rule_flex_codec import decode_flex_rule

    return decode_flex_rule(rule, spec, directory)


_RULE_TYPES = {
    "INTRA_GROUP": _RuleType("groups", INTRA_SPEC, decode_intra),
    **{rule_type: _RuleType("groups", APPLICATION_SPEC, decode_entry) for rule_type in _ENTRY_TYPES.values()},
    "TWO_ENV_ISOLATION": _RuleType("isolations", "microseg.v4.config.TwoEnvIsolationRuleSpec", _decode_two_env),
    "MULTI_ENV_ISOLATION": _RuleType("isolations", "microseg.v4.config.MultiEnvIsolationRuleSpec", _decode_multi_env),
    "FLEX": _RuleType("flex_rules", "microseg.v4.config.FlexRuleSpec", _decode_flex),
}
_RULE_TYPES_OF = {
    **{policy_type: ("INTRA_GROUP", rule_type) for policy_type, rule_type in _ENTRY_TYPES.items()},
    "isolation": ("TWO_ENV_ISOLATION", "MULTI_ENV_ISOLATION"),
    **dict.fromkeys(FLEX_TYPES, ("FLEX",)),
}


class RulesCodec:
    """The one list of API rules <-> groups, isolations and flex_rules."""

    def encode(self, canonical: Canonical, directory: Directory) -> Body:
        rules: list[Body] = []
        if canonical.get("groups"):
            from .security_rule_groups_encode import encode_group

            for group in canonical["groups"]:
                rules += encode_group(group, _ENTRY_TYPES[canonical["type"]], directory)
        if canonical.get("isolations"):
            from .security_rule_isolations_codec import encode_isolation

            rules += [encode_isolation(isolation, directory) for isolation in canonical["isolations"]]
        if canonical.get("flex_rules"):
            from .security_rule_flex_codec import encode_flex_rule

            rules += [encode_flex_rule(rule, directory) for rule in canonical["flex_rules"]]
        return {"rules": rules} if rules else {}

    def decode(self, reader: Reader, directory: Directory, found: Canonical) -> Canonical:
        parts: dict[str, list[t.Any]] = {"groups": [], "isolations": [], "flex_rules": []}
        if found["type"] is None:
            reader.refuse("type", "is missing")
        for rule in reader.each("rules"):
            part, value = _decode_rule(rule, found["type"], directory)
            parts[part].append(value)
        return {
            "groups": join_groups(parts["groups"]),
            "isolations": as_set(parts["isolations"]),
            "flex_rules": in_priority(as_set(parts["flex_rules"])),
        }


def _check(canonical: Canonical, where: str, minor: Minor | None, problems: Problems) -> None:
    # Imported here, as below: only a run that writes checks.
    from .security_rule_checks import check_content, check_descriptions

    check_content(canonical, where, minor, problems)
    check_descriptions(canonical, where, minor, problems)


def _check_new(canonical: Canonical, where: str, minor: Minor | None, problems: Problems) -> None:
    from .security_rule_checks import check_creatable

    check_creatable(canonical, where, minor, problems)


def _decode_rule(rule: Reader, policy_type: str, directory: Directory) -> tuple[str, t.Any]:
    rule_type = rule.take("type")
    known = _RULE_TYPES.get(rule_type)
    if known is None:
        rule.refuse("type", f"is {rule_type!r}, which this collection doesn't know")
    if rule_type not in _RULE_TYPES_OF[policy_type]:
        rule.refuse("type", f"is {rule_type}, which has no place in a security rule of type {policy_type}")
    spec = rule.inner("spec")
    if spec is None:
        rule.refuse("spec", "is missing")
    if spec.object_type not in ("", known.spec):
        rule.refuse("spec", f"is a {spec.object_type} in a rule of type {rule_type}")
    value = known.decode(rule, spec, directory)
    spec.finish()
    rule.ignore(("extId",))
    rule.finish()
    return known.part, value


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
            Word("type", _TYPE_WORDS),
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

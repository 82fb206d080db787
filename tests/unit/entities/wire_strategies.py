"""Random API bodies over the whole schema of the v4 API (tests/unit/data/wire_models.json), for hypothesis.

``anything`` keeps to the types and bounds of the schema and to nothing else. ``sensible`` keeps as well to what the server
demands beyond its schema, so that every body of it must have words in our language.
"""

from __future__ import annotations

import json
import string
from functools import partial
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from hypothesis import strategies as st

from ansible_collections.nutanix_flow.dr.plugins.module_utils._model.directory import Directory

_DATA = json.loads((Path(__file__).parents[1] / "data" / "wire_models.json").read_text())
MODELS: dict[str, Any] = _DATA["models"]
# "Model", "Model.property" or "Model.property=VALUE" -> the minor that brought it, where that isn't 4.0.
SINCE = {name: (int(minor[0]), int(minor[2:])) for name, minor in _DATA["since"].items()}
POLICY = "microseg.v4.config.NetworkSecurityPolicy"
RULE = "microseg.v4.config.NetworkSecurityPolicyRule"
APPLICATION_SPEC = "microseg.v4.config.ApplicationRuleSpec"
FLEX_SPEC = "microseg.v4.config.FlexRuleSpec"
ROOT_OF = {
    "security_rule": POLICY,
    "entity_group": "microseg.v4.config.EntityGroup",
    "address_group": "microseg.v4.config.AddressGroup",
    "service_group": "microseg.v4.config.ServiceGroup",
    "category": "prism.v4.config.Category",
}

NAMES = {
    "category": [f"{key}/{value}" for key in ("AppType", "AppTier", "Environment") for value in ("a", "b", "12", "yes")],
    **{
        kind: [f"{kind} {number}" for number in range(4)]
        for kind in ("entity_group", "address_group", "service_group", "vpc", "vm", "subnet", "network_function")
    },
}
# The kind of object whose id a property holds. Properties that the server makes are not in it.
REFERENCES = {
    "securedGroupCategoryReferences": "category",
    "srcCategoryReferences": "category",
    "destCategoryReferences": "category",
    "groupCategoryReferences": "category",
    "firstIsolationGroup": "category",
    "secondIsolationGroup": "category",
    "scopeReferences": "category",
    "vpcReferences": "vpc",
    "securedGroupEntityGroupReference": "entity_group",
    "srcEntityGroupReference": "entity_group",
    "destEntityGroupReference": "entity_group",
    "groupEntityGroupReference": "entity_group",
    "srcEntityGroupReferences": "entity_group",
    "destEntityGroupReferences": "entity_group",
    "appliedToEntityGroupReferences": "entity_group",
    "srcAddressGroupReferences": "address_group",
    "destAddressGroupReferences": "address_group",
    "serviceGroupReferences": "service_group",
    "securedGroupServiceReferences": "service_group",
    "networkFunctionReference": "network_function",
}
_MEMBER_KINDS = {"VM": "vm", "SUBNET": "subnet", "ADDRESS_GROUP": "address_group"}


def id_at(site: str, kind: str, name: str) -> str:
    return str(uuid5(NAMESPACE_URL, f"{site} {kind} {name}"))


def directory(site: str) -> Directory:
    """A site that has every name, under ids of its own."""
    found = Directory(site)
    for kind, names in NAMES.items():
        for name in names:
            found.add(kind, name, id_at(site, kind, name))
    return found


def ids(kind: str) -> st.SearchStrategy[str]:
    return st.sampled_from([id_at("pc-a", kind, name) for name in NAMES[kind]])


def _text(field: dict[str, Any]) -> st.SearchStrategy[str]:
    pattern, longest = field.get("pattern", ""), field.get("maxLength", 40)
    if "{8}-" in pattern:
        return st.uuids().map(str)
    if "25[0-5]" in pattern:
        return st.ip_addresses(v=6 if "A-Fa-f" in pattern else 4).map(str)
    if pattern.startswith("^[^$"):
        return st.text(alphabet=string.ascii_letters + string.digits + " -_.@~", min_size=1, max_size=longest).filter(str.strip)
    edges = st.sampled_from(string.ascii_letters + string.digits)
    middle = st.text(alphabet=string.ascii_letters + string.digits + "-_. ", max_size=min(longest, 30) - 2)
    return st.tuples(edges, middle, edges).map("".join)


def _one(name: str, field: dict[str, Any], *, sensible: bool) -> st.SearchStrategy[Any]:
    kind = field["type"]
    if name in REFERENCES:
        return ids(REFERENCES[name])
    if "enum" in field:
        return st.sampled_from(field["enum"])
    if kind == "boolean":
        return st.booleans()
    if kind == "integer":
        return st.integers(field.get("min", 0), field.get("max", 1000))
    if kind == "date-time":
        return st.just("2026-02-10T08:30:00Z")
    if kind == "string":
        return _text(field)
    return sensible_object(kind) if sensible else any_object(kind)


def _properties(model: str, *, sensible: bool, without: frozenset[str] = frozenset()) -> st.SearchStrategy[dict[str, Any]]:
    required, optional = {}, {}
    for name, field in MODELS[model]["fields"].items():
        if name in without:
            continue
        one = _one(name, field, sensible=sensible)
        value = st.lists(one, min_size=1 if sensible else 0, max_size=3) if field.get("array") else one
        (required if field.get("required") else optional)[name] = value
    return st.fixed_dictionaries(required, optional=optional)


def any_object(model: str) -> st.SearchStrategy[dict[str, Any]]:
    """Anything that the schema of ``model`` allows."""
    if MODELS[model]["kind"] == "oneOf":
        return st.one_of([any_object(name) for name in MODELS[model]["alternatives"]])
    body = _properties(model, sensible=False)
    return body.map(lambda found: {**found, "$objectType": model})


def sensible_object(model: str) -> st.SearchStrategy[dict[str, Any]]:
    """What a server can hold of ``model``."""
    body = _SENSIBLE[model]() if model in _SENSIBLE else _properties(model, sensible=True)
    return body.map(lambda found: {**found, "$objectType": model})


def _ranges(model: str, first: str, last: str) -> st.SearchStrategy[dict[str, Any]]:
    def ordered(body: dict[str, Any]) -> dict[str, Any]:
        low, high = body[first], body[last]
        return {**body, first: high, last: low} if _number(low) > _number(high) else body

    return _properties(model, sensible=True).map(ordered)


def _number(value: int | str) -> int:
    return value if isinstance(value, int) else int(ip_address(value))


def _icmp(model: str) -> st.SearchStrategy[dict[str, Any]]:
    def one_or_all(body: dict[str, Any]) -> dict[str, Any]:
        return {"isAllAllowed": True} if "type" not in body else {**body, "isAllAllowed": False}

    return _properties(model, sensible=True).map(one_or_all)


def _side(body: dict[str, Any], categories: str, group: str) -> dict[str, Any]:
    """Categories or an entity group; categories if there was neither."""
    if categories in body:
        return {key: value for key, value in body.items() if key != group}
    return body if group in body else {**body, categories: [id_at("pc-a", "category", "AppTier/a")]}


def _application_spec() -> st.SearchStrategy[dict[str, Any]]:
    def settle(body: dict[str, Any]) -> dict[str, Any]:
        body = _side(body, "securedGroupCategoryReferences", "securedGroupEntityGroupReference")
        for side in ("src", "dest"):
            others = [name for name in body if name.startswith(side) and not name.endswith(("AllowSpec", "EntityType"))]
            if others:
                body.pop(f"{side}AllowSpec", None)
        return body

    return _properties(APPLICATION_SPEC, sensible=True, without=frozenset({"networkFunctionChainReference"})).map(settle).flatmap(
        lambda body: st.sampled_from([body, _without(body, "src"), _without(body, "dest")])
    ).map(_one_direction_through_functions)


def _without(body: dict[str, Any], side: str) -> dict[str, Any]:
    return {name: value for name, value in body.items() if not name.startswith(side)}


def _one_direction_through_functions(body: dict[str, Any]) -> dict[str, Any]:
    """MIC-30108: no network function where both directions are set."""
    both = all(any(name.startswith(side) and not name.endswith("EntityType") for name in body) for side in ("src", "dest"))
    return {name: value for name, value in body.items() if not both or name != "networkFunctionReference"}


def _intra_spec() -> st.SearchStrategy[dict[str, Any]]:
    body = _properties("microseg.v4.config.IntraEntityGroupRuleSpec", sensible=True)
    return body.map(lambda found: _side(found, "securedGroupCategoryReferences", "securedGroupEntityGroupReference"))


def _isolation_group() -> st.SearchStrategy[dict[str, Any]]:
    body = _properties("microseg.v4.config.IsolationGroup", sensible=True)
    return body.map(lambda found: _side(found, "groupCategoryReferences", "groupEntityGroupReference"))


def _all_to_all() -> st.SearchStrategy[dict[str, Any]]:
    groups = st.lists(sensible_object("microseg.v4.config.IsolationGroup"), min_size=2, max_size=4, unique_by=_isolated)
    return groups.map(lambda found: {"isolationGroups": found})


def _isolated(group: dict[str, Any]) -> str:
    categories = group.get("groupCategoryReferences")
    kind = group.get("groupCategoryAssociatedEntityType", "VM") if categories else "group"
    return f"{kind} {sorted(set(categories or [group.get('groupEntityGroupReference')]))}"


def _two_env() -> st.SearchStrategy[dict[str, Any]]:
    body = _properties("microseg.v4.config.TwoEnvIsolationRuleSpec", sensible=True)
    return body.filter(lambda found: set(found["firstIsolationGroup"]) != set(found["secondIsolationGroup"]))


def _flex_spec() -> st.SearchStrategy[dict[str, Any]]:
    def settle(body: dict[str, Any]) -> dict[str, Any]:
        for flag, side in (("shouldAllowAnySrc", "src"), ("shouldAllowAnyDst", "dest")):
            if body.get(flag):
                body = _without(body, side)
        if body["direction"] == "IN_OUT":
            body.pop("networkFunctionReference", None)
        return body

    return _properties(FLEX_SPEC, sensible=True).map(settle)


_TYPES_OF_RULES = {
    "APPLICATION": ("APPLICATION", "INTRA_GROUP"),
    "QUARANTINE": ("QUARANTINE", "INTRA_GROUP"),
    "SHAREDSERVICE": ("SHARED_SERVICE", "INTRA_GROUP"),
    "ISOLATION": ("TWO_ENV_ISOLATION", "MULTI_ENV_ISOLATION"),
    **dict.fromkeys(("CRITICAL", "COREINFRASTRUCTURE", "ZONE", "WORKLOAD"), ("FLEX",)),
}
_SPECS = {
    "INTRA_GROUP": "microseg.v4.config.IntraEntityGroupRuleSpec",
    "TWO_ENV_ISOLATION": "microseg.v4.config.TwoEnvIsolationRuleSpec",
    "MULTI_ENV_ISOLATION": "microseg.v4.config.MultiEnvIsolationRuleSpec",
    "FLEX": FLEX_SPEC,
    **dict.fromkeys(("APPLICATION", "QUARANTINE", "SHARED_SERVICE"), APPLICATION_SPEC),
}


def loose_policy() -> st.SearchStrategy[dict[str, Any]]:
    """A policy whose rules have the right type and the right kind of spec, with anything in it."""

    def with_rules(policy_type: str) -> st.SearchStrategy[dict[str, Any]]:
        rules = st.one_of([any_object(_SPECS[name]).map(lambda spec, name=name: {"type": name, "spec": spec}) for name in _TYPES_OF_RULES[policy_type]])
        return st.lists(rules, min_size=1, max_size=2).map(lambda found: {"name": "loose", "type": policy_type, "rules": found})

    return st.sampled_from(sorted(_TYPES_OF_RULES)).flatmap(with_rules)


def _rule(rule_type: str) -> st.SearchStrategy[dict[str, Any]]:
    rest = _properties(RULE, sensible=True, without=frozenset({"type", "spec"}))
    return st.tuples(rest, sensible_object(_SPECS[rule_type])).map(lambda two: {**two[0], "type": rule_type, "spec": two[1]})


def _policy() -> st.SearchStrategy[dict[str, Any]]:
    rest = _properties(POLICY, sensible=True, without=frozenset({"type", "rules"}))

    def with_rules(policy_type: str) -> st.SearchStrategy[dict[str, Any]]:
        rules = st.lists(st.one_of([_rule(name) for name in _TYPES_OF_RULES[policy_type]]), max_size=4)
        return st.tuples(rest, rules).map(lambda two: _settle_policy({**two[0], "type": policy_type, "rules": two[1]}))

    return st.sampled_from(sorted(_TYPES_OF_RULES)).flatmap(with_rules)


def _settle_policy(body: dict[str, Any]) -> dict[str, Any]:
    if body["type"] not in ("CRITICAL", "COREINFRASTRUCTURE", "ZONE", "WORKLOAD"):
        body.pop("priority", None)
    lists = {"VPC_LIST": "vpcReferences", "VPC_AS_CATEGORY": "scopeReferences"}
    scope = body.get("scope") or next((word for word, name in lists.items() if name in body), None)
    for word, name in lists.items():
        if word != scope:
            body.pop(name, None)
        elif name not in body:
            kind = REFERENCES[name]
            body[name] = [id_at("pc-a", kind, NAMES[kind][0])]
    return body


def _member() -> st.SearchStrategy[dict[str, Any]]:
    """One entity of an entity group, in one of the combinations of type and selectBy that the API has."""

    def entity(kind: str, selector: str, **properties: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
        return st.fixed_dictionaries({"type": st.just(kind), "selectBy": st.just(selector), **properties})

    def listed(one: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
        return st.lists(one, min_size=1, max_size=3)

    words = st.text(alphabet=string.ascii_lowercase + "=.-", min_size=1, max_size=12)
    match = st.sampled_from(["CONTAINS", "STARTS_WITH", "ENDS_WITH", "EQUALS"])
    return st.one_of(
        *(entity(kind, "CATEGORY_EXT_ID", referenceExtIds=listed(ids("category"))) for kind in ("VM", "SUBNET", "VPC")),
        *(entity(kind, "EXT_ID", referenceExtIds=listed(ids(name))) for kind, name in _MEMBER_KINDS.items()),
        entity("VM", "REGEX", referenceString=words, matchCriteria=match),
        entity("ADDRESS_GROUP", "FQDN_VALUES", fqdns=listed(words)),
        _address_member(),
        *(
            entity(f"KUBE_{kind}", selector, kubeEntities=listed(words))
            for kind in ("CLUSTER", "NAMESPACE", "PODS", "SERVICE")
            for selector in ("NAME", "LABELS")
        ),
    )


def _address_member() -> st.SearchStrategy[dict[str, Any]]:
    values = st.fixed_dictionaries(
        {},
        optional={
            "addresses": sensible_object("microseg.v4.config.Addresses"),
            "ipRanges": sensible_object("microseg.v4.config.IpRange"),
        },
    ).filter(lambda body: any("ipv4Addresses" in one or "ipv4Ranges" in one for one in body.values()))
    return values.map(lambda body: {"type": "ADDRESS_GROUP", "selectBy": "IP_VALUES", **body})


def _exception() -> st.SearchStrategy[dict[str, Any]]:
    groups = st.lists(ids("address_group"), min_size=1, max_size=3)
    by_id = groups.map(lambda found: {"type": "ADDRESS_GROUP", "selectBy": "EXT_ID", "referenceExtIds": found})
    return st.one_of(by_id, _address_member())


def _not_empty(model: str, but: frozenset[str]) -> st.SearchStrategy[dict[str, Any]]:
    """A group that holds something."""
    lists = {name for name, field in MODELS[model]["fields"].items() if field.get("array")} - but
    return _properties(model, sensible=True).filter(lambda body: bool(lists & set(body)))


_SENSIBLE = {
    **{
        ROOT_OF[kind]: partial(_not_empty, ROOT_OF[kind], frozenset({"policyReferences"})) for kind in ("address_group", "service_group")
    },
    POLICY: _policy,
    APPLICATION_SPEC: _application_spec,
    FLEX_SPEC: _flex_spec,
    "microseg.v4.config.IntraEntityGroupRuleSpec": _intra_spec,
    "microseg.v4.config.IsolationGroup": _isolation_group,
    "microseg.v4.config.AllToAllIsolationGroup": _all_to_all,
    "microseg.v4.config.TwoEnvIsolationRuleSpec": _two_env,
    "OneOfmicroseg.v4.config.MultiEnvIsolationRuleSpecspec": lambda: sensible_object("microseg.v4.config.AllToAllIsolationGroup"),
    "microseg.v4.config.AllowedEntity": _member,
    "microseg.v4.config.ExceptEntity": _exception,
    "microseg.v4.config.TcpPortRangeSpec": lambda: _ranges("microseg.v4.config.TcpPortRangeSpec", "startPort", "endPort"),
    "microseg.v4.config.UdpPortRangeSpec": lambda: _ranges("microseg.v4.config.UdpPortRangeSpec", "startPort", "endPort"),
    "microseg.v4.config.IPv4Range": lambda: _ranges("microseg.v4.config.IPv4Range", "startIp", "endIp"),
    "microseg.v4.config.IPv6Range": lambda: _ranges("microseg.v4.config.IPv6Range", "startIp", "endIp"),
    "microseg.v4.config.IcmpTypeCodeSpec": lambda: _icmp("microseg.v4.config.IcmpTypeCodeSpec"),
    "microseg.v4.config.IcmpV6TypeCodeSpec": lambda: _icmp("microseg.v4.config.IcmpV6TypeCodeSpec"),
}

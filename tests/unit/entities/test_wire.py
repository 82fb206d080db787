"""What travels: bodies as the contract wants them, and strictness about what comes back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from ansible_collections.nutanix_flow.dr.plugins.module_utils._entities.recovery_registry import RECOVERY_ENTITIES
from ansible_collections.nutanix_flow.dr.plugins.module_utils._entities.registry import ENTITIES
from ansible_collections.nutanix_flow.dr.plugins.module_utils._errors import Ambiguous, NotRepresentable, UnknownReference
from ansible_collections.nutanix_flow.dr.plugins.module_utils._model.compare import changes
from ansible_collections.nutanix_flow.dr.plugins.module_utils._model.directory import Directory, Reference
from ansible_collections.nutanix_flow.dr.plugins.module_utils._model.encode import encode
from ansible_collections.nutanix_flow.dr.plugins.module_utils._model.entity import Entity, complete, decode, merge, read_params, references
from ansible_collections.nutanix_flow.dr.plugins.module_utils._model.entity_checks import immutable_changes
from ansible_collections.nutanix_flow.dr.plugins.module_utils._model.newer import newer_than
from ansible_collections.nutanix_flow.dr.plugins.module_utils._model.problems import Problems
from ansible_collections.nutanix_flow.dr.plugins.module_utils._model.translate import translate

RULE = ENTITIES["security_rule"]
WEB = {"categories": {"AppTier": "Web"}}
POLICY = {"name": "shop", "type": "APPLICATION", "state": "ENFORCE", "scope": "ALL_VLAN"}
SECURED = {"securedGroupCategoryReferences": ["id-web"]}


@pytest.fixture
def site() -> Directory:
    found = Directory("pc-a")
    found.add("category", "AppTier/Web", "id-web")
    found.add("category", "AppTier/App", "id-app")
    found.add("entity_group", "dns", "id-dns")
    found.add("network_function", "fw", "id-fw")
    found.add("service_group", "https-alt", "id-alt")
    return found


def rules_of(site: Directory, **parts: Any) -> list[dict[str, Any]]:
    """The API rules of a rule with these canonical parts."""
    kind = "isolation" if "isolations" in parts else "zone" if "flex_rules" in parts else "application"
    found: list[dict[str, Any]] = encode(RULE, {"name": "shop", "type": kind, "mode": "enforce", "scope": "vlans", **parts}, site)["rules"]
    return found


def read(site: Directory, rule: dict[str, Any], **policy: Any) -> dict[str, Any]:
    return decode(RULE, {**POLICY, **policy, "rules": [rule]}, site).canonical


def test_a_spec_says_what_it_is(site: Directory) -> None:
    (intra, entry) = rules_of(site, groups=[{"secured": WEB, "intra": "deny", "inbound": [{"from": "any", "services": ["tcp/443"]}]}])
    assert intra == {
        "type": "INTRA_GROUP",
        "spec": {"$objectType": "microseg.v4.config.IntraEntityGroupRuleSpec", **SECURED, "securedGroupAction": "DENY"},
    }
    assert entry == {
        "type": "APPLICATION",
        "spec": {
            "$objectType": "microseg.v4.config.ApplicationRuleSpec",
            **SECURED,
            "srcAllowSpec": "ALL",
            "tcpServices": [{"startPort": 443, "endPort": 443}],
        },
    }


def test_an_isolation_of_many_environments_says_what_its_inner_spec_is(site: Directory) -> None:
    (rule,) = rules_of(site, isolations=[{"between": [WEB, {"entity_group": "dns"}], "kind": "multi_env"}])
    assert rule["spec"] == {
        "$objectType": "microseg.v4.config.MultiEnvIsolationRuleSpec",
        "spec": {
            "$objectType": "microseg.v4.config.AllToAllIsolationGroup",
            "isolationGroups": [{"groupCategoryReferences": ["id-web"]}, {"groupEntityGroupReference": "id-dns"}],
        },
    }


def test_a_flex_rule_from_nobody_says_nothing_about_its_source(site: Directory) -> None:
    flex = {"action": "reject", "direction": "out", "from": "none", "to": "any", "services": ["any"], "ip_version": "both"}
    (rule,) = rules_of(site, flex_rules=[flex])
    assert rule["spec"] == {
        "$objectType": "microseg.v4.config.FlexRuleSpec",
        "action": "REJECT",
        "direction": "OUT",
        "shouldAllowAnyDst": True,
        "isAllProtocolAllowed": True,
        "ipVersion": "IPV4_IPV6",
    }


def test_vm_categories_are_sent_without_a_type_since_4_0_has_none(site: Directory) -> None:
    (rule,) = rules_of(site, groups=[{"secured": {"subnet_categories": {"AppTier": "Web"}}, "inbound": [{"from": WEB, "services": ["any"]}]}])
    assert rule["spec"]["securedGroupCategoryAssociatedEntityType"] == "SUBNET"
    assert "srcCategoryAssociatedEntityType" not in rule["spec"]


@pytest.mark.parametrize("extra", [
    {}, {"securedGroupCategoryAssociatedEntityType": "VM"}, {"srcCategoryAssociatedEntityType": "SUBNET"}, {"srcCategoryReferences": []},
])
def test_a_type_beside_no_categories_says_nothing(site: Directory, extra: dict[str, Any]) -> None:
    spec = {**SECURED, "srcAllowSpec": "ALL", "isAllProtocolAllowed": True, **extra}
    assert read(site, {"type": "APPLICATION", "spec": spec})["groups"] == [
        {"secured": WEB, "inbound": [{"from": "any", "services": ["any"]}]}
    ]


@pytest.mark.parametrize(("rule", "path", "reason"), [
    ({"type": "APPLICATION", "spec": {**SECURED, "networkFunctionChainReference": "x"}}, "spec.networkFunctionChainReference", "no words for"),
    ({"type": "APPLICATION", "spec": {**SECURED, "brandNew": 1}}, "spec.brandNew", "no words for"),
    ({"type": "APPLICATION", "spec": SECURED, "brandNew": False}, "rules[0].brandNew", "no words for"),
    ({"type": "APPLICATION", "spec": {**SECURED, "srcSubnet": {"value": "10.0.0.0", "zone": 1}}}, "srcSubnet.zone", "no words for"),
    ({"type": "APPLICATION", "spec": {**SECURED, "tcpServices": [{"startPort": 1, "endPort": 2, "step": 2}]}}, "tcpServices[0].step", "no words"),
    ({"type": "APPLICATION", "spec": {**SECURED, "tcpServices": [{"startPort": 2, "endPort": 1}]}}, "tcpServices[0]", "ends before"),
    ({"type": "APPLICATION", "spec": {**SECURED, "tcpServices": [{"startPort": 2}]}}, "tcpServices[0]", "lacks startPort or endPort"),
    ({"type": "APPLICATION", "spec": {**SECURED, "icmpServices": [{"isAllAllowed": False}]}}, "icmpServices[0]", "isAllAllowed or a type"),
    ({"type": "APPLICATION", "spec": {**SECURED, "srcAllowSpec": "ALL", "srcCategoryReferences": ["id-app"]}}, "srcAllowSpec", "beside"),
    ({"type": "APPLICATION", "spec": {**SECURED, "securedGroupEntityGroupReference": "id-dns"}}, "spec", "has both"),
    ({"type": "APPLICATION", "spec": {"srcAllowSpec": "ALL"}}, "spec", "secures nothing"),
    ({"type": "APPLICATION", "spec": {**SECURED, "$objectType": "microseg.v4.config.FlexRuleSpec"}}, "spec", "FlexRuleSpec in a rule"),
    ({"type": "APPLICATION"}, "rules[0].spec", "is missing"),
    ({"type": "APPLICATION", "spec": "x"}, "rules[0].spec", "where an object is expected"),
    ({"type": "SHARED_SERVICE", "spec": SECURED}, "rules[0].type", "no place in a security rule of type application"),
    ({"type": "TELEPATHY", "spec": SECURED}, "rules[0].type", "doesn't know"),
    ({"type": "INTRA_GROUP", "spec": SECURED}, "spec.securedGroupAction", "is missing"),
])
def test_what_has_no_words_is_refused_with_its_path(site: Directory, rule: dict[str, Any], path: str, reason: str) -> None:
    with pytest.raises(NotRepresentable) as caught:
        read(site, rule)
    assert caught.value.path.startswith("security_rule.rules[0]")
    assert caught.value.path.endswith(path)
    assert reason in caught.value.cause
    assert (caught.value.name, caught.value.site) == ("shop", "pc-a")


@pytest.mark.parametrize("policy", [
    {"brandNew": 1}, {"scope": "GLOBAL", "scopeReferences": ["id-web"]}, {"scope": "VPC_LIST"}, {"scope": "MARS"}, {"state": "SLEEP"}, {"type": None},
])
def test_what_has_no_words_on_the_policy_is_refused(site: Directory, policy: dict[str, Any]) -> None:
    with pytest.raises(NotRepresentable):
        decode(RULE, {**POLICY, **policy}, site)


def test_a_dangling_id_is_told_with_its_place(site: Directory) -> None:
    with pytest.raises(UnknownReference, match=r"rules\[0\]\.spec\.srcCategoryReferences: id gone names no category"):
        read(site, {"type": "APPLICATION", "spec": {**SECURED, "srcCategoryReferences": ["gone"]}})


def test_a_name_that_two_objects_share_is_never_the_first_of_them(site: Directory) -> None:
    site.add("entity_group", "dns", "id-other")
    with pytest.raises(Ambiguous, match=r"rules\[0\]\.spec\.srcEntityGroupReference: 2 entity group objects are called 'dns'"):
        read(site, {"type": "APPLICATION", "spec": {**SECURED, "srcEntityGroupReference": "id-dns"}})
    with pytest.raises(Ambiguous, match="2 entity group objects are called 'dns': id-dns, id-other"):
        encode(RULE, {"name": "x", "type": "application", "mode": "save", "groups": [{"secured": {"entity_group": "dns"}, "intra": "allow"}]}, site)


def test_a_missing_state_is_saved_only_and_is_sent_in_words(site: Directory) -> None:
    held = decode(RULE, {"name": "x", "type": "APPLICATION", "state": None}, site)
    assert held.canonical == {"name": "x", "type": "application", "mode": "save", "scope": "vlans"}
    assert encode(RULE, held.canonical, site) == {"name": "x", "type": "APPLICATION", "state": "SAVE", "scope": "ALL_VLAN"}


@pytest.mark.parametrize(("body", "scope"), [
    ({}, "vlans"), ({"vpcReferences": ["id-vpc"]}, {"vpcs": ["prod"]}), ({"scopeReferences": ["id-web"]}, {"vpc_categories": {"AppTier": "Web"}}),
])
def test_a_missing_scope_follows_from_its_references(site: Directory, body: dict[str, Any], scope: Any) -> None:
    site.add("vpc", "prod", "id-vpc")
    assert decode(RULE, {"name": "x", "type": "APPLICATION", **body}, site).canonical["scope"] == scope


def test_the_system_and_the_project_are_kept_apart_from_the_object(site: Directory) -> None:
    held = decode(RULE, {**POLICY, "extId": "id-1", "isSystemDefined": True, "projectExtId": "p", "securedGroups": ["id-web"]}, site)
    assert (held.system, held.site_owned, held.ext_id) == (True, {"projectExtId": "p"}, "id-1")
    assert set(held.canonical) == {"name", "type", "mode", "scope"}


def test_unmentioned_is_kept_and_absent_clears() -> None:
    current = {"name": "x", "type": "application", "mode": "enforce", "description": "old", "scope": "global", "hit_log": True}
    desired = read_params(RULE, {"name": "x", "mode": "monitor", "hit_log": False, "description": "", "scope": None}, Problems())
    assert merge(RULE, current, desired) == {"name": "x", "type": "application", "mode": "monitor", "scope": "global"}


def test_a_given_list_is_the_whole_list() -> None:
    problems = Problems()
    current = {"name": "x", "type": "application", "mode": "save", "scope": "vlans", "groups": [{"secured": WEB, "intra": "allow"}]}
    desired = read_params(RULE, {"name": "x", "groups": [{"secured": WEB, "intra": "deny"}]}, problems)
    assert merge(RULE, current, desired)["groups"] == [{"secured": WEB, "intra": "deny"}]
    assert "groups" not in merge(RULE, current, read_params(RULE, {"name": "x", "groups": []}, problems))
    assert problems.findings == []


def test_in_a_baseline_what_is_left_out_is_absent() -> None:
    wanted = {"name": "x", "type": "application", "mode": "save"}
    current = {**wanted, "scope": "global", "description": "old", "groups": [{"secured": WEB, "intra": "allow"}], "ipv4_scope": True}
    merged = merge(RULE, current, complete(RULE, wanted))
    assert {name: merged.get(name) for name in ("scope", "description", "groups")} == {"scope": "vlans", "description": None, "groups": None}
    assert changes({**wanted, "scope": "vlans"}, {**wanted, "scope": "global"}) == [("scope", "vlans", "global")]


def test_a_change_of_type_is_told_apart_from_a_change() -> None:
    current = {"name": "x", "type": "application", "mode": "save"}
    assert immutable_changes(RULE, current, {**current, "type": "isolation"}) == ["type"]
    assert immutable_changes(RULE, current, {**current, "mode": "enforce"}) == []


@pytest.mark.parametrize(("part", "at", "needs"), [
    ({"groups": [{"secured": WEB, "inbound": [{"from": "any", "services": ["any"], "log": True}]}]}, "groups[0].inbound[0].log", (4, 3)),
    ({"groups": [{"secured": WEB, "inbound": [{"from": {"cidr": ["2001:db8::/32"]}, "services": []}]}]}, "from.cidr (IPv6)", (4, 2)),
    ({"groups": [{"secured": WEB, "inbound": [{"from": "any", "services": ["icmpv6"]}]}]}, "services (ICMPv6)", (4, 2)),
    ({"groups": [{"secured": WEB, "intra": {"action": "allow", "services": ["tcp/22"]}}]}, "groups[0].intra[0].services", (4, 1)),
    ({"groups": [{"secured": {"entity_group": "dns"}, "intra": "allow"}]}, "groups[0].secured.entity_group", (4, 1)),
    ({"scope": "global"}, "scope=global", (4, 1)),
    ({"scope": {"vpc_categories": {"A": "b"}}}, "scope.vpc_categories", (4, 1)),
    ({"type": "zone"}, "type=zone", (4, 3)),
    ({"ipv6_scope": False}, "ipv6_scope", (4, 2)),
])
def test_what_is_newer_than_the_target_is_named_with_the_minor_it_needs(part: dict[str, Any], at: str, needs: tuple[int, int]) -> None:
    canonical = {"name": "x", "type": "application", "mode": "save", "scope": "vlans", **part}
    (found,) = newer_than(RULE, canonical, (needs[0], needs[1] - 1))
    assert found.needs == needs
    assert found.at.startswith("security rule 'x' ")
    assert found.at.endswith(at)
    assert newer_than(RULE, canonical, needs) == []


class Moved:
    """Everything is called otherwise on the other site."""

    def reference(self, kind: str, name: str, at: str) -> str:
        return "AppTier/Same" if kind == "category" else f"{name}-b"

    def addresses(self, values: Any, at: str) -> list[str]:
        return [value.replace("10.1.", "10.2.") for value in values]


def test_a_rule_moves_with_all_it_names() -> None:
    rule = {
        "name": "x", "type": "application", "mode": "save", "scope": {"vpcs": ["prod"]},
        "groups": [
            {"secured": WEB, "intra": {"action": "allow", "services": ["group:ssh"]}},
            {"secured": {"categories": {"AppTier": "App"}}, "outbound": [{"to": {"cidr": ["10.1.0.0/16"]}, "services": ["any"], "network_function": "fw"}]},
        ],
    }
    assert references(RULE, rule) == {
        Reference("vpc", "prod"), Reference("category", "AppTier/Web"), Reference("category", "AppTier/App"),
        Reference("service_group", "ssh"), Reference("network_function", "fw"),
    }
    moved = translate(RULE, rule, Moved())
    assert moved["scope"] == {"vpcs": ["prod-b"]}
    assert moved["groups"] == [  # both secured groups are called the same over there, so they are one
        {
            "secured": {"categories": {"AppTier": "Same"}},
            "intra": {"action": "allow", "services": ["group:ssh-b"]},
            "outbound": [{"to": {"cidr": ["10.2.0.0/16"]}, "services": ["any"], "network_function": "fw-b"}],
        }
    ]


@pytest.mark.parametrize("registry", [ENTITIES, RECOVERY_ENTITIES])
def test_every_kind_comes_after_those_it_refers_to(registry: Mapping[str, Entity]) -> None:
    seen: set[str] = set()
    for kind, entity in registry.items():
        assert {other for other in entity.refers_to if other in registry} <= seen
        seen.add(kind)
    assert seen == set(registry)

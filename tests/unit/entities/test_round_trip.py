"""Whatever a site can hold survives the way to another site and through a file, or is refused by name."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ansible_collections.nutanix_flow.dr.plugins.module_utils._entities.registry import ENTITIES
from ansible_collections.nutanix_flow.dr.plugins.module_utils._errors import NotRepresentable, UnknownReference
from ansible_collections.nutanix_flow.dr.plugins.module_utils._model.directory import Directory
from ansible_collections.nutanix_flow.dr.plugins.module_utils._model.encode import encode
from ansible_collections.nutanix_flow.dr.plugins.module_utils._model.entity import Entity, decode, merge, read_params
from ansible_collections.nutanix_flow.dr.plugins.module_utils._model.entity_checks import check_whole
from ansible_collections.nutanix_flow.dr.plugins.module_utils._model.newer import newer_than
from ansible_collections.nutanix_flow.dr.plugins.module_utils._model.problems import Problems
from tests.unit.entities.wire_strategies import MODELS, REFERENCES, ROOT_OF, SINCE, any_object, directory, id_at, loose_policy, sensible_object

_SAMPLES = sorted((Path(__file__).parents[1] / "data" / "samples").glob("*.json"))
SITE_A, SITE_B = directory("pc-a"), directory("pc-b")


def bounded(examples: int) -> settings:
    """The same examples in every run, and no more than so many."""
    unwell = [HealthCheck.too_slow, HealthCheck.data_too_large]
    return settings(max_examples=examples, deadline=None, derandomize=True, suppress_health_check=unwell)


# Why a body within the schema may be refused; nothing else may be the reason.
REASONS = (
    r"no words for .*networkFunctionChainReference",
    r"no words for",  # properties of one way to select beside another one
    r"which has no place in a security rule of type",
    r"is a microseg\S+ in a rule of type",
    r"is (ALL|NONE) beside",
    r"stands beside",
    r"secures nothing",
    r"selects nothing",
    r"isolates (a group from itself|fewer than two groups)",
    r"has both \S+ and \S+",
    r"with \d+ vpcReferences and \d+ scopeReferences",
    r"is no (service|address):",
    r"must say either isAllAllowed or a type",
    r"is empty",
    r"which this collection (doesn't know|has no words for)",
    r"with referenceString",
)


def survives(entity: Entity, body: dict[str, Any], order: random.Random, site_a: Directory = SITE_A, site_b: Directory = SITE_B) -> None:
    """decode -> encode elsewhere -> read back, and -> file -> read, all give one canonical form that holds all of the body."""
    canonical = decode(entity, body, site_a).canonical
    own = {key: value for key, value in body.items() if key not in (entity.system_property, *entity.server_made)}
    assert set(said(own)) - set(said(encode(entity, canonical, site_a))) == set()
    assert decode(entity, as_read_back(encode(entity, canonical, site_b), order), site_b).canonical == canonical
    assert from_file(entity, canonical) == canonical


# Properties whose values travel as they are; others have several spellings (addresses, flags that are false).
VERBATIM = {
    *REFERENCES, "referenceExtIds", "kubeEntities", "fqdns", "referenceString", "matchCriteria", "startPort", "endPort", "code", "type", "selectBy",
    "name", "description", "priority", "action", "direction", "ipVersion", "securedGroupAction", "srcAllowSpec", "destAllowSpec", "scope", "state",
}  # fmt: skip


def said(body: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Property and value of all that a body says in so many words."""
    for key, value in body.items():
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, dict):
                yield from said(one)
            elif key in VERBATIM:
                yield {"secondIsolationGroup": "firstIsolationGroup"}.get(key, key), one  # the two have no order


def thinned(value: Any, model: str, order: random.Random) -> Any:
    """The body with most of its optional properties left out, so that one new property stands alone in it."""
    fields = MODELS[model]["fields"]
    found = {}
    for key, one in value.items():
        field = fields.get(key, {"required": True, "type": ""})
        if field.get("required") or key in ("rules", "allowedConfig", "exceptConfig", "entities", "isolationGroups") or order.random() < 0.3:
            inner = [thinned(each, each["$objectType"], order) if isinstance(each, dict) and "$objectType" in each else each for each in _several(one)]
            found[key] = inner if isinstance(one, list) else inner[0]
    return found


def _several(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def as_read_back(body: dict[str, Any], order: random.Random) -> dict[str, Any]:
    """What a server makes of a body: other order, rules with ids of their own, ids and times on top."""
    found = shuffled(body, order)
    for rule in found.get("rules", []):
        rule.update({"extId": f"rule-{order.random()}", "links": [{"rel": "self"}], "$reserved": {"$fv": "v4.r3"}})
    return {**found, "extId": "0001", "tenantId": "0002", "$reserved": {"ETag": "x"}} if "name" in found else found


def shuffled(value: Any, order: random.Random) -> Any:
    if isinstance(value, dict):
        return {key: shuffled(one, order) for key, one in value.items()}
    if isinstance(value, list):
        found = [shuffled(one, order) for one in value]
        order.shuffle(found)
        return found
    return value


def from_file(entity: Entity, canonical: dict[str, Any]) -> dict[str, Any]:
    problems = Problems()
    found = merge(entity, {}, read_params(entity, yaml.safe_load(yaml.safe_dump(canonical)), problems))
    check_whole(entity, found, problems)
    assert [str(finding) for finding in problems.findings] == []
    return found


def is_a_refusal_with_a_reason(error: NotRepresentable | UnknownReference, kind: str) -> None:
    assert error.fix
    if isinstance(error, UnknownReference):
        assert error.cause.startswith(kind)  # the schema can't tell of what kind a member's id is
        return
    assert error.path.startswith(kind)
    assert any(re.search(reason, error.cause) for reason in REASONS), error.cause


def empty_arrays(value: Any) -> bool:
    if isinstance(value, dict):
        return any(empty_arrays(one) for one in value.values())
    return value == [] or (isinstance(value, list) and any(empty_arrays(one) for one in value))


@pytest.mark.parametrize("kind", sorted(ROOT_OF))
def test_what_a_server_can_hold_survives_the_way_to_another_site_and_through_a_file(kind: str) -> None:
    @bounded(200 if kind == "security_rule" else 50)
    @given(body=sensible_object(ROOT_OF[kind]), order=st.randoms(use_true_random=False))
    def check(body: dict[str, Any], order: random.Random) -> None:
        survives(ENTITIES[kind], body, order)

    check()


@pytest.mark.parametrize(
    ("kind", "bodies"), [*((kind, any_object(root)) for kind, root in sorted(ROOT_OF.items())), ("security_rule", loose_policy())]
)
def test_whatever_the_schema_allows_survives_or_is_refused_with_its_path(kind: str, bodies: st.SearchStrategy[dict[str, Any]]) -> None:
    @bounded(120 if kind == "security_rule" else 50)
    @given(body=bodies, order=st.randoms(use_true_random=False))
    def check(body: dict[str, Any], order: random.Random) -> None:
        try:
            canonical = decode(ENTITIES[kind], body, SITE_A).canonical
        except (NotRepresentable, UnknownReference) as error:
            is_a_refusal_with_a_reason(error, kind)
            return
        assert decode(ENTITIES[kind], as_read_back(encode(ENTITIES[kind], canonical, SITE_B), order), SITE_B).canonical == canonical

    check()


@pytest.mark.parametrize("kind", sorted(ROOT_OF))
def test_no_empty_array_is_ever_sent(kind: str) -> None:
    @bounded(40)
    @given(body=sensible_object(ROOT_OF[kind]))
    def check(body: dict[str, Any]) -> None:
        assert not empty_arrays(encode(ENTITIES[kind], decode(ENTITIES[kind], body, SITE_A).canonical, SITE_B))

    check()


@pytest.mark.parametrize("kind", sorted(ROOT_OF))
def test_what_is_not_called_too_new_holds_nothing_that_is_newer_than_the_target(kind: str) -> None:
    @bounded(200 if kind in ("security_rule", "entity_group") else 40)
    @given(body=sensible_object(ROOT_OF[kind]), minor=st.sampled_from([(4, 0), (4, 1), (4, 2)]), order=st.randoms(use_true_random=False))
    def check(body: dict[str, Any], minor: tuple[int, int], order: random.Random) -> None:
        try:
            canonical = decode(ENTITIES[kind], thinned(body, ROOT_OF[kind], order), SITE_A).canonical
        except NotRepresentable:
            return  # too thin to mean anything
        sent = set(words_of(encode(ENTITIES[kind], canonical, SITE_B), ROOT_OF[kind]))
        newer = {word for word in sent if SINCE.get(word, (4, 0)) > minor}
        assert bool(newer) == bool(newer_than(ENTITIES[kind], canonical, minor))

    check()


def words_of(body: dict[str, Any], model: str) -> Iterator[str]:
    """The models, properties and enum values of a body, as SINCE calls them."""
    name = model.rpartition(".")[2]
    yield name
    for key, value in body.items():
        field = MODELS[model]["fields"].get(key)
        if field is None:
            assert key == "$objectType"
            continue
        yield f"{name}.{key}"
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, dict):
                yield from words_of(one, one.get("$objectType", field["type"]))
            elif "enum" in field:
                assert one in field["enum"]
                yield f"{name}.{key}={one}"


def test_the_strategies_know_which_properties_hold_ids() -> None:
    """A property with ids that the table lacks would be filled with ids of nothing."""
    server_made = {name for entity in ENTITIES.values() for name in (*entity.server_made, *entity.site_owned)}
    suspects = {
        name
        for model in MODELS.values()
        for name, field in model.get("fields", {}).items()
        if re.search(r"References?$", name) and field["type"] == "string"
    }
    assert suspects - server_made - {"networkFunctionChainReference"} <= set(REFERENCES)


@pytest.mark.parametrize("path", [path for path in _SAMPLES if "policy_rules" not in path.name], ids=lambda path: path.stem)
def test_the_samples_of_the_contract_survive(path: Path) -> None:
    sample = json.loads(path.read_text())
    body = sample["wire"]
    survives(ENTITIES[sample["kind"]], body, random.Random(1), everything_in(body, "pc-a"), everything_in(body, "pc-b"))


def test_the_rules_listed_by_themselves_survive_in_a_policy() -> None:
    (path,) = (path for path in _SAMPLES if "policy_rules" in path.name)
    body = {"name": "listed", "type": "APPLICATION", "rules": json.loads(path.read_text())["wire"]}
    survives(ENTITIES["security_rule"], body, random.Random(1), everything_in(body, "pc-a"), everything_in(body, "pc-b"))


def everything_in(body: dict[str, Any], site: str) -> Directory:
    """A site that knows every id of a body; only pc-a has them under the same ids."""
    found = Directory(site)
    for ext_id in re.findall(r'"([0-9a-f]{8}-[0-9a-f-]{27})"', json.dumps(body)):
        for kind in ("category", "service_group"):
            name = f"Key/{ext_id[:4]}" if kind == "category" else f"group {ext_id[:4]}"
            found.add(kind, name, ext_id if site == "pc-a" else id_at(site, kind, name))
    return found

# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the isolations of a security rule travel as API rules, both ways (contract/v4 section 9.4)."""

from __future__ import annotations

import typing as t

from .._model.codec import Body, Reader, name_at
from .._model.directory import Directory
from .._model.encode import encode_fields
from .._model.form_categories import category_names, from_category_names
from .._model.struct import as_set, decode_fields, without_absent
from .rule_entries import RULE_FIELDS, Decoder
from .security_rule_isolations import ISOLATION_FIELDS, MULTI_ENV, TWO_ENV
from .selectors import ISOLATED_SIDE, Selector, decode_side
from .selectors_encode import encode_side

_TWO_ENV_SPEC = "microseg.v4.config.TwoEnvIsolationRuleSpec"
_MULTI_ENV_SPEC = "microseg.v4.config.MultiEnvIsolationRuleSpec"
_ALL_TO_ALL = "microseg.v4.config.AllToAllIsolationGroup"
_TWO_ENV_SIDES = ("firstIsolationGroup", "secondIsolationGroup")


def encode_isolation(isolation: t.Mapping[str, t.Any], directory: Directory) -> Body:
    """The API rule of one isolation."""
    spec: Body
    if isolation["kind"] == TWO_ENV:
        spec = {"$objectType": _TWO_ENV_SPEC}
        for name, group in zip(_TWO_ENV_SIDES, isolation["between"], strict=True):
            spec[name] = [directory.id_of("category", one) for one in category_names(group["categories"])]
    else:
        groups = [encode_side(ISOLATED_SIDE, group, directory) for group in isolation["between"]]
        spec = {"$objectType": _MULTI_ENV_SPEC, "spec": {"$objectType": _ALL_TO_ALL, "isolationGroups": groups}}
    rule_type = "TWO_ENV_ISOLATION" if isolation["kind"] == TWO_ENV else "MULTI_ENV_ISOLATION"
    return {"type": rule_type, **encode_fields(RULE_FIELDS, isolation, directory), "spec": spec}


def decode_two_env(rule: Reader, spec: Reader, directory: Directory) -> dict[str, t.Any]:
    """A TWO_ENV_ISOLATION rule. Raises NotRepresentable and UnknownReference."""
    groups: list[Selector] = []
    for name in _TWO_ENV_SIDES:
        ids = spec.take(name)
        if not ids:
            spec.refuse(name, "is empty")
        groups.append({"categories": from_category_names(name_at(spec, name, directory, "category", one) for one in ids)})
    return _isolation(TWO_ENV, groups, rule, spec, directory)


def decode_multi_env(rule: Reader, spec: Reader, directory: Directory) -> dict[str, t.Any]:
    """A MULTI_ENV_ISOLATION rule. Raises NotRepresentable and UnknownReference."""
    inner = spec.inner("spec")
    if inner is None:
        spec.refuse("spec", "is missing")
    groups: list[Selector] = []
    for reader in inner.each("isolationGroups"):
        group = decode_side(ISOLATED_SIDE, reader, directory)
        if group is None:
            reader.refuse("", "selects nothing")
        reader.finish()
        groups.append(group)
    inner.finish()
    return _isolation(MULTI_ENV, groups, rule, spec, directory)


DECODERS: t.Mapping[str, Decoder] = {"TWO_ENV_ISOLATION": decode_two_env, "MULTI_ENV_ISOLATION": decode_multi_env}


def _isolation(kind: str, groups: list[Selector], rule: Reader, spec: Reader, directory: Directory) -> dict[str, t.Any]:
    between = as_set(groups)
    if len(between) != len(groups):
        spec.refuse("", "isolates a group from itself")
    if len(between) < 2:
        spec.refuse("", "isolates fewer than two groups")
    return without_absent(ISOLATION_FIELDS, {"between": between, "kind": kind, **decode_fields(RULE_FIELDS, rule, directory)})

# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The query of a list call: page, limit, filter, order, select, expand. Knows bounds and allowed fields, no objects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from prismsim.contract import Catalog, Operation, list_fields
from prismsim.errors import ApiError, Message, bad_query
from prismsim.odata import ODataError, Predicate, compile_filter, compile_order, read

_T = TypeVar("_T")

DEFAULT_LIMIT = 50
MAX_LIMIT = 100

#: Lists whose fields were never published (they came after 4.0): contract/v4 section 3.
_LATER = {
    ("microseg", "config/entity-groups"): ("name", "extId", "description", "creationTime", "lastUpdateTime"),
    ("datapolicies", "config/entity-sync-policies"): (
        "entityName", "entityType", "extId", "ownerExtId", "remoteDomainManagerExtId", "status",
    ),
    ("datapolicies", "config/protection-policies/{protectionPolicyExtId}/consistency-rules"): ("name", "extId"),
    ("datapolicies", "config/recovery-plans"): ("name", "extId"),
    ("datapolicies", "config/recovery-plans/{recoveryPlanExtId}/stages"): ("entityType", "extId", "priority"),
    ("datapolicies", "config/recovery-plans/{recoveryPlanExtId}/network-mappings"): ("extId", "isIpMappingEnabled"),
    ("datapolicies", "config/recovery-plans/{recoveryPlanExtId}/recovery-settings"): ("extId", "scope"),
    ("datapolicies", "config/recovery-plans/{recoveryPlanExtId}/data-services-ip-mappings"): ("extId",),
    ("dataprotection", "config/recovery-plan-jobs"): (
        "actionType", "endTime", "extId", "name", "percentageComplete", "recoveryPlanExtId", "startTime", "status",
    ),
    ("dataprotection", "config/recovery-plan-jobs/{recoveryPlanJobExtId}/execution-steps"): (
        "extId", "operationType", "phase", "stageExtId", "startTime", "status",
    ),
    ("dataprotection", "config/recovery-plan-jobs/{recoveryPlanJobExtId}/validation-errors"): (
        "errorCode", "errorGroup", "extId", "severity",
    ),
    ("dataprotection", "config/cluster-capabilities"): ("clusterExtId", "extId"),
    ("networking", "config/network-functions"): ("name", "extId"),
    ("prism", "management/domain-managers/{domainManagerExtId}/products"): ("name", "extId", "enablementState"),
    ("prism", "management/domain-managers/{domainManagerExtId}/registrations"): ("extId", "remoteClusterExtId"),
    ("prism", "config/tasks/{taskExtId}/affected-entities"): ("extId", "name", "rel"),
}  # fmt: skip


@dataclass(frozen=True)
class ListQuery:
    """A checked list query."""

    page: int = 0
    limit: int = DEFAULT_LIMIT
    predicate: Predicate | None = None
    order: tuple[tuple[str, bool], ...] = ()
    select: tuple[str, ...] = ()
    expand: tuple[str, ...] = ()

    @property
    def plain(self) -> bool:
        """True when every object is shown, whole and in stored order."""
        return not (self.predicate or self.order or self.select or self.expand)

    def arrange(self, documents: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The documents that match, in order (unpaged)."""
        found = [d for d in documents if self.predicate(d)] if self.predicate else list(documents)
        for path, descending in reversed(self.order):
            found.sort(key=lambda document: _sort_key(read(document, path)), reverse=descending)
        return found

    def window(self, found: list[_T]) -> list[_T]:
        """The page that was asked for; empty past the end."""
        return found[self.page * self.limit : (self.page + 1) * self.limit]


def parse(operation: Operation, raw: Mapping[str, str], catalog: Catalog, model: str | None) -> ListQuery:
    """Check the query parameters of an operation. Raises ApiError(400)."""
    if "$apply" in raw and "$apply" in operation.query:
        message = "prismsim does not simulate $apply."
        raise ApiError(501, [Message(message, "PRISMSIM-10501", "NOT_IMPLEMENTED")])
    for name in raw:
        if name not in operation.query:
            raise bad_query(name, f"The query parameter {name} is not supported by this operation")
    path = "/".join(operation.path)
    published = list_fields(operation.namespace, path)
    later = _LATER.get((operation.namespace, path))
    return ListQuery(
        _number(raw, "$page", 0, 0, None),
        _number(raw, "$limit", DEFAULT_LIMIT, 1, MAX_LIMIT),
        _filter(raw.get("$filter"), _allowed(published, "filterFields", later)),
        _order(raw.get("$orderby"), _allowed(published, "orderFields", later)),
        _select(raw, catalog, model, published),
        _expand(raw, published),
    )


def _filter(text: str | None, allowed: frozenset[str]) -> Predicate | None:
    try:
        return compile_filter(text, allowed) if text else None
    except ODataError as error:
        raise bad_query("$filter", str(error)) from error


def _order(text: str | None, allowed: frozenset[str]) -> tuple[tuple[str, bool], ...]:
    try:
        return tuple(compile_order(text, allowed)) if text else ()
    except ODataError as error:
        raise bad_query("$orderby", str(error)) from error


def _allowed(published: dict[str, list[str]], what: str, later: tuple[str, ...] | None) -> frozenset[str]:
    return frozenset(published.get(what) or later or ())


def _number(raw: Mapping[str, str], name: str, default: int, low: int, high: int | None) -> int:
    text = raw.get(name)
    if text is None:
        return default
    try:
        number = int(text)
    except ValueError as error:
        raise bad_query(name, f"Instance type (string) does not match any allowed primitive type: '{text}'") from error
    if number < low:
        raise bad_query(name, f"Numeric instance is lower than the required minimum (minimum: {low}, found: {number})")
    if high is not None and number > high:
        raise bad_query(name, f"Numeric instance is greater than the required maximum (maximum: {high}, found: {number})")
    return number


def _select(raw: Mapping[str, str], catalog: Catalog, model: str | None, published: dict[str, list[str]]) -> tuple[str, ...]:
    """The members to show. One that was published is taken even where no object has it (``markedForRemoval``)."""
    names = [name.strip() for name in raw.get("$select", "").split(",") if name.strip()]
    if not names or "*" in names or model is None:
        return ()
    for name in names:
        if name.split("/")[0] not in catalog.models[model].fields and name not in published.get("selectFields", ()):
            raise bad_query("$select", f"The property '{name}' does not exist")
    return tuple(dict.fromkeys(["extId", *(name.split("/")[0] for name in names)]))


def _expand(raw: Mapping[str, str], published: dict[str, list[str]]) -> tuple[str, ...]:
    names = [name.split("(")[0].strip() for name in raw.get("$expand", "").split(",") if name.strip()]
    for name in names:
        if name not in published.get("expandFields", ()):
            raise bad_query("$expand", f"The property '{name}' cannot be expanded here")
    return tuple(names)


def _sort_key(value: Any) -> tuple[int, Any]:
    """Absent values first, as OData orders null lowest."""
    if value is None:
        return (0, "")
    return (1, str(value).lower() if isinstance(value, str) else value)

# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every kind of object that a baseline holds, and the order in which they depend on each other.

A table is imported when it is first asked for: every task compiles anew what it imports, and most need one kind.
"""

from __future__ import annotations

import typing as t
from collections.abc import Mapping

if t.TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .._model.entity import Entity


def _category() -> Entity:
    from .category import CATEGORY

    return CATEGORY


def _address_group() -> Entity:
    from .address_group import ADDRESS_GROUP

    return ADDRESS_GROUP


def _service_group() -> Entity:
    from .service_group import SERVICE_GROUP

    return SERVICE_GROUP


def _entity_group() -> Entity:
    from .entity_group import ENTITY_GROUP

    return ENTITY_GROUP


def _security_rule() -> Entity:
    from .security_rule import SECURITY_RULE

    return SECURITY_RULE


# Referred-to kinds before referring ones.
_TABLES: dict[str, Callable[[], Entity]] = {
    "category": _category,
    "address_group": _address_group,
    "service_group": _service_group,
    "entity_group": _entity_group,
    "security_rule": _security_rule,
}


class Registry(Mapping[str, "Entity"]):
    """Tables by kind, in dependency order."""

    def __init__(self, tables: Mapping[str, Callable[[], Entity]]) -> None:
        self._tables = tables

    def __getitem__(self, kind: str) -> Entity:
        return self._tables[kind]()

    def __iter__(self) -> Iterator[str]:
        return iter(self._tables)

    def __len__(self) -> int:
        return len(self._tables)

    def __contains__(self, kind: object) -> bool:
        return kind in self._tables


#: What a baseline holds and a journey carries from site to site.
ENTITIES: Mapping[str, Entity] = Registry(_TABLES)

# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every kind of object that the collection manages, and the order in which they depend on each other."""

from __future__ import annotations

from .._model.entity import Entity
from .address_group import ADDRESS_GROUP
from .category import CATEGORY
from .entity_group import ENTITY_GROUP
from .security_rule import SECURITY_RULE
from .service_group import SERVICE_GROUP

# Referred-to kinds before referring ones.
_IN_ORDER = (CATEGORY, ADDRESS_GROUP, SERVICE_GROUP, ENTITY_GROUP, SECURITY_RULE)
ENTITIES: dict[str, Entity] = {entity.kind: entity for entity in _IN_ORDER}


def in_dependency_order() -> tuple[Entity, ...]:
    """Create in this order, delete in reverse."""
    return _IN_ORDER

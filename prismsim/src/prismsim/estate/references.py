# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reference strings (``@kind:name``): how an estate writes an id. Knows the kinds and the ids, not what exists."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

#: The kinds a reference may name. A category's name is ``key/value``, an overlay subnet's ``vpc/subnet``,
#: a domain manager's the id of its site.
KINDS = (
    "category",
    "vpc",
    "subnet",
    "address_group",
    "service_group",
    "entity_group",
    "network_function",
    "security_policy",
    "protection_policy",
    "recovery_plan",
    "vm",
    "cluster",
    "domain_manager",
)

_NAMESPACE = uuid.UUID("8f0f1f5e-6d0b-5b7e-9a55-6e2d3b1f4c70")


def object_id(site_id: str, kind: str, name: str) -> str:
    """The uuid of a thing that an estate declares: the same at each load, different on each site."""
    return str(uuid.uuid5(_NAMESPACE, f"{site_id}\n{kind}\n{name}"))


def is_reference(value: object) -> bool:
    """True for a string that is written as a reference, well formed or not."""
    return isinstance(value, str) and value.startswith("@")


def split(reference: str) -> tuple[str, str]:
    """``@kind:name`` as (kind, name). Raises ValueError when it is malformed or the kind is not one of KINDS."""
    kind, colon, name = reference[1:].partition(":")
    if not colon or not name:
        raise ValueError(f"'{reference}' is not of the form @kind:name")
    if kind not in KINDS:
        raise ValueError(f"'{reference}' names the unknown kind '{kind}' (known: {', '.join(KINDS)})")
    return kind, name


def resolve(value: Any, to_id: Callable[[str, str], str]) -> Any:
    """A copy of a body in which each reference string became ``to_id(kind, name)``."""
    if isinstance(value, str):
        return to_id(*split(value)) if value.startswith("@") else value
    if isinstance(value, dict):
        return {key: resolve(item, to_id) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [resolve(item, to_id) for item in value]
    return value

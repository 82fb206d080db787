# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every kind of object that moves workloads. Apart from those of a baseline: what one task imports, all of it travels with the task."""

from __future__ import annotations

import typing as t

from .registry import ENTITIES, Registry

if t.TYPE_CHECKING:
    from collections.abc import Mapping

    from .._model.entity import Entity


def _category() -> Entity:
    return ENTITIES["category"]


def _protection_policy() -> Entity:
    from .protection_policy import PROTECTION_POLICY

    return PROTECTION_POLICY


def _recovery_plan() -> Entity:
    from .recovery_plan import RECOVERY_PLAN

    return RECOVERY_PLAN


#: Prism Centrals keep these objects in step themselves: each is one and the same on all that it names. Categories are among them
#: because they are referred to.
RECOVERY_ENTITIES: Mapping[str, Entity] = Registry({"category": _category, "protection_policy": _protection_policy, "recovery_plan": _recovery_plan})

# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the singular, plural and info modules of all kinds share: the state that is asked for, and objects as modules return them."""

from __future__ import annotations

from .._model.entity import Held
from .module import Result

STATE = {"type": "str", "choices": ["present", "absent"], "default": "present"}


def with_prism(held: Held) -> Result:
    """The object with what only its site knows."""
    return {**held.canonical, "_prism": {"ext_id": held.ext_id, "system_defined": held.system}}

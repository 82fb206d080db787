# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The attributes that every module declares: one fragment per kind of module, for Ansible takes attributes from one only."""

from __future__ import annotations

_ACTION_GROUP = r"""
  action_group:
    description: Use C(group/nutanix_flow.dr.all) in C(module_defaults) to set the connection options of all modules.
    support: full
    membership:
      - nutanix_flow.dr.all
"""


_STATE = r"""
options: {}
attributes:
  check_mode:
    description: Can run in C(check_mode) and say what it would change, without changing it.
    support: full
  diff_mode:
    description: Returns details on what has changed, or would change, in diff mode.
    support: full
  idempotent:
    description: When run twice in a row, the second time changes nothing.
    support: full
"""

_INFO = r"""
options: {}
attributes:
  check_mode:
    description: Can run in C(check_mode) and say what it would change, without changing it.
    support: full
    details: This module changes nothing.
  diff_mode:
    description: Returns details on what has changed, or would change, in diff mode.
    support: N/A
    details: This module changes nothing.
  idempotent:
    description: When run twice in a row, the second time changes nothing.
    support: full
    details: This module changes nothing.
"""


class ModuleDocFragment:
    # Modules that bring objects into a state, and modules that only look.
    STATE: str = _STATE + _ACTION_GROUP
    INFO: str = _INFO + _ACTION_GROUP

    # The same of modules that have no connection options of their own.
    STATE_UNGROUPED: str = _STATE
    INFO_UNGROUPED: str = _INFO

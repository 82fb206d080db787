# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Shows how far recovery jobs have come while the module of the same name follows them."""

from __future__ import annotations

from ansible_collections.nutanix_flow.dr.plugins.plugin_utils._progress import ActionWithProgress


class ActionModule(ActionWithProgress):
    """What Ansible looks for."""

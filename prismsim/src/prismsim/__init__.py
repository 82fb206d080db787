# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""prismsim: a simulator of Prism Central. Knows nothing itself; ``cli`` is the command, ``testing`` is for tests."""

from __future__ import annotations

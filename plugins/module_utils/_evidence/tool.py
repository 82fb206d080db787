# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What made a record: this collection, with its version. A test compares it with galaxy.yml."""

from __future__ import annotations

NAME = "nutanix_flow.dr"
VERSION = "1.0.0"

# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``python -m prismsim``: the same as the ``prismsim`` command."""

from __future__ import annotations

import sys

from prismsim.cli import main

sys.exit(main())

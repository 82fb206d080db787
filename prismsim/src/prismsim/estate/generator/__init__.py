# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writing large estates: same size, release and seed, same document, byte for byte."""

from __future__ import annotations

from prismsim.estate.generator.document import generate
from prismsim.estate.generator.size import RELEASES, Size, SizeError, default_size
from prismsim.estate.generator.text import to_json, to_yaml

__all__ = ["RELEASES", "Size", "SizeError", "default_size", "generate", "to_json", "to_yaml"]

# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Puts one description of an entity's options into both places that need it: singular and plural modules."""

from __future__ import annotations

import textwrap


def singular(options: str) -> str:
    """The options at the top level of a module."""
    return "options:\n" + textwrap.indent(options.strip("\n"), "  ") + "\n"


def plural(name: str, title: str, options: str) -> str:
    """The options one level deeper, under a list called ``name``."""
    head = f"""options:
  {name}:
    description:
      - The {title} to manage, each written as for the singular module, or as it stands in a baseline file.
      - The list may hold thousands; they are read in one listing and written in batches.
    type: list
    elements: dict
    required: true
    suboptions:
"""
    return head + textwrap.indent(options.strip("\n"), "      ") + "\n"

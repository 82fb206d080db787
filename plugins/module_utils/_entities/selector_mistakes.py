# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Categories written where a selector should stand, the usual mistake. Knows no site."""

from __future__ import annotations

import difflib
import typing as t


def bare_categories(value: t.Mapping[t.Any, t.Any], known: t.Collection[str]) -> str:
    """How to write ``{AppType: Web}`` as a selector; empty if the keys are rather misspelled ones of ``known``."""
    if not all(_like_category(key, one, known) for key, one in value.items()):
        return ""
    written = ", ".join(f"{key}: {one}" for key, one in value.items())
    return f"if these are categories, write {{categories: {{{written}}}}}"


def _like_category(key: t.Any, value: t.Any, known: t.Collection[str]) -> bool:
    return isinstance(key, str) and isinstance(value, (str, list)) and not difflib.get_close_matches(key, known, n=1)

# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Canonical values as text for people: YAML without a YAML library. Writes only, never reads; exact for JSON-like values."""

from __future__ import annotations

import json
import re
import typing as t

_PLAIN = re.compile(r"^[A-Za-z][A-Za-z0-9_./-]*( [A-Za-z0-9_./-]+)*$")
_WORDS = {"yes", "no", "on", "off", "true", "false", "null", "y", "n"}


def readable(value: t.Any, indent: int = 0) -> str:
    """Block-style YAML of a mapping or list, ending with a newline; short leaves stand on one line."""
    return "".join(f"{line}\n" for line in _lines(value, indent))


def _lines(value: t.Any, indent: int) -> t.Iterator[str]:
    pad = " " * indent
    if isinstance(value, dict):
        for key, item in value.items():
            if _is_leaf(item):
                yield f"{pad}{_scalar(key)}: {_leaf(item)}"
            else:
                yield f"{pad}{_scalar(key)}:"
                yield from _lines(item, indent + 2)
    elif isinstance(value, list):
        for item in value:
            if _is_leaf(item):
                yield f"{pad}- {_leaf(item)}"
                continue
            first, *rest = _lines(item, indent + 2)
            yield f"{pad}- {first[indent + 2 :]}"
            yield from rest
    else:
        yield f"{pad}{_leaf(value)}"


def _is_leaf(value: t.Any) -> bool:
    """Scalars, empty containers, and flat containers that fit on a line."""
    if isinstance(value, (dict, list)):
        items = list(value.values()) if isinstance(value, dict) else value
        return all(not isinstance(item, (dict, list)) for item in items) and len(_leaf(value)) <= 72
    return True


def _leaf(value: t.Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_scalar(key)}: {_scalar(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_scalar(item) for item in value) + "]"
    return _scalar(value)


def _scalar(value: t.Any) -> str:
    if isinstance(value, str) and _PLAIN.match(value) and value.lower() not in _WORDS:
        return value
    return json.dumps(value, ensure_ascii=False)

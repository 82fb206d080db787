# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which objects belong to a pair of sites: name patterns and JMESPath expressions per kind. Pure."""

from __future__ import annotations

import fnmatch
import typing as t

from .._model.entity import Canonical, Held

try:
    import jmespath
except ImportError:
    HAS_JMESPATH = False
else:
    HAS_JMESPATH = True

Patterns = t.Mapping[str, tuple[str, ...]]


class Scope(t.NamedTuple):
    """Keys are kinds. A kind without ``include`` is included whole; ``query`` is a JMESPath expression over one object that
    must be true; ``exclude`` and ``never_touch`` win."""

    include: Patterns = {}
    exclude: Patterns = {}
    query: t.Mapping[str, str] = {}
    never_touch: Patterns = {}

    def has(self, kind: str, name: str, canonical: Canonical) -> bool:
        """Whether the object belongs to the scope."""
        if kind in self.include and not _matches(self.include[kind], name):
            return False
        if _matches(self.exclude.get(kind, ()), name) or self.untouchable(kind, name):
            return False
        return kind not in self.query or bool(jmespath.search(self.query[kind], canonical))

    def untouchable(self, kind: str, name: str) -> bool:
        """Whether the object may never be written, whatever refers to it."""
        return _matches(self.never_touch.get(kind, ()), name)

    def view(self, held: t.Mapping[str, t.Sequence[Held]], expected: t.Mapping[str, t.Collection[str]]) -> dict[str, list[Held]]:
        """What of a site is to be compared: the objects with an expected name, and the site's own ones in scope."""
        return {
            kind: [item for item in items if item.name in expected.get(kind, ()) or (not item.system and self.has(kind, item.name, item.canonical))]
            for kind, items in held.items()
        }

    def as_data(self) -> dict[str, t.Any]:
        """For the manifest of a baseline: only what says something, in stable order."""
        parts: dict[str, t.Any] = {}
        for name in ("include", "exclude", "query", "never_touch"):
            said = {kind: list(value) if isinstance(value, tuple) else value for kind, value in sorted(getattr(self, name).items())}
            if said:
                parts[name] = said
        return parts


def query_error(expression: str) -> str:
    """What is wrong with a JMESPath expression; empty if nothing is."""
    if not HAS_JMESPATH:
        return "the Python library jmespath is not installed"
    try:
        jmespath.compile(expression)
    except jmespath.exceptions.JMESPathError as error:
        return f"is no JMESPath expression: {error}"
    return ""


def _matches(patterns: t.Iterable[str], name: str) -> bool:
    return any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns)

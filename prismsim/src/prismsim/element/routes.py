# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which code answers which path of Prism Element. Knows patterns; the modules of this package fill it at import."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from prismsim.element.cluster import Cluster
from prismsim.element.errors import malformed
from prismsim.element.fabric import Fabric
from prismsim.objects import Document


@dataclass
class Call:
    """One request to one cluster; ``body`` is in the spelling of v2.0."""

    cluster: Cluster
    fabric: Fabric
    version: str
    params: dict[str, str]
    query: Mapping[str, str]
    body: Any

    @property
    def v1(self) -> bool:
        """Whether v1 was called."""
        return self.version == "v1"

    def names(self, *spellings: str) -> set[str] | None:
        """A list parameter (repeated or comma-separated), under any of its spellings; None when it is not there."""
        found = [name for spelling in spellings for name in self.query.get(spelling, "").split(",") if name]
        return set(found) or None

    def flag(self, *spellings: str) -> bool:
        """A boolean parameter under any of its spellings; false when it is not there."""
        return any(self.query.get(spelling, "").lower() == "true" for spelling in spellings)

    def members(self, allowed: Iterable[str], required: Iterable[str] = ()) -> Document:
        """The body, which must be an object of known members. Raises ElementError(400)."""
        body = {} if self.body is None else self.body
        if not isinstance(body, dict):
            raise malformed("The body must be an object")
        strange = sorted(set(body) - set(allowed))
        if strange:
            raise malformed(f'Unrecognized field "{strange[0]}"')
        for name in required:
            if body.get(name) in (None, "", []):
                raise malformed(f"{name} is required")
        return dict(body)

    def value(self) -> Any:
        """What a wrapped scalar (``{"value": X}``) holds. Raises ElementError(400)."""
        return self.members({"value", "annotations"}, ["value"])["value"]


@dataclass(frozen=True)
class Collection:
    """A list that v2.0 wraps; v1 wraps it too unless it is ``bare`` there. ``paged`` adds the three page members."""

    entities: list[Document]
    bare: bool = True
    paged: bool = False
    count: int | None = None


@dataclass(frozen=True)
class Route:
    """One method on one pattern of paths of one version."""

    method: str
    pattern: re.Pattern[str]
    version: str
    answer: Callable[[Call], Any]


Answer = Callable[[Call], Any]
_ROUTES: list[Route] = []


def route(method: str, path: str, v1: str | None = None) -> Callable[[Answer], Answer]:
    """Register the answer of a path below the version; ``v1`` is its path there when it differs."""

    def register(answer: Answer) -> Answer:
        for version, written in (("v2.0", path), ("v1", v1 or path)):
            pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", written)
            _ROUTES.append(Route(method, re.compile(f"^{pattern}$"), version, answer))
        _ROUTES.sort(key=lambda known: known.pattern.pattern.count("("))  # a fixed path goes before one with a name in it
        return answer

    return register


def find(method: str, version: str, path: str) -> tuple[Answer | None, dict[str, str], bool]:
    """The answer of a call, the names in its path, and whether the path is known for any method."""
    known = False
    for candidate in _ROUTES:
        match = candidate.pattern.match(path) if candidate.version == version else None
        if match:
            known = True
            if candidate.method == method:
                return candidate.answer, match.groupdict(), True
    return None, {}, known

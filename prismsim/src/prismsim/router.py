# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a path to an operation of the contract at one minor. Knows which minors a release speaks; unknown means 404."""

from __future__ import annotations

import re
from functools import cache

from prismsim.contract import NAMESPACES, Catalog, Operation, catalog
from prismsim.errors import ApiError, Message
from prismsim.site import Site

_PATH = re.compile(r"^/api/([a-z]+)/v(\d+)\.(\d+)/(.+)$")
INFO = re.compile(r"^/api/([a-z]+)/unversioned/info$")


def route(site: Site, method: str, path: str) -> tuple[Catalog, Operation, dict[str, str]]:
    """The operation that a path names, and its path parameters. Raises ApiError 404 or 405."""
    match = _PATH.match(path)
    if match is None or match.group(1) not in NAMESPACES:
        raise _no_such_path(path)
    namespace, major, minor = match.group(1), int(match.group(2)), int(match.group(3))
    if major != 4 or minor > site.minor(namespace):
        raise _no_such_path(path)
    contract = catalog(namespace, minor)
    parts = match.group(4).rstrip("/").split("/")
    candidates = [
        (operation, params)
        for operation in _by_length(namespace, minor).get(len(parts), ())
        if (params := _bind(operation, parts)) is not None
    ]
    for operation, params in candidates:
        if operation.method == method:
            return contract, operation, params
    if candidates:
        allowed = sorted({operation.method for operation, _ignored in candidates})
        text = f"Method {method} is not allowed here (allowed: {', '.join(allowed)})."
        raise ApiError(405, [Message(text, "PRISMSIM-10405", "METHOD_NOT_ALLOWED")], headers={"Allow": ", ".join(allowed)})
    raise _no_such_path(path)


def version_info(site: Site, path: str) -> str | None:
    """The newest version of the namespace whose unversioned info is asked for, like ``v4.2``. Raises ApiError(404)."""
    match = INFO.match(path)
    if match is None:
        return None
    namespace = match.group(1)
    if namespace not in NAMESPACES:
        raise _no_such_path(path)
    minor = site.minor(namespace)
    if minor < 2 and not site.switches.version_info_before_4_2:
        raise _no_such_path(path)
    return f"v4.{minor}"


def error_namespace(site: Site, path: str) -> tuple[str, int]:
    """Namespace and minor in whose words an error about this path is told."""
    match = _PATH.match(path) or INFO.match(path)
    namespace = match.group(1) if match and match.group(1) in NAMESPACES else "prism"
    return namespace, site.minor(namespace)


@cache
def _by_length(namespace: str, minor: int) -> dict[int, list[Operation]]:
    """Operations by number of path parts, those with more fixed parts first."""
    found: dict[int, list[Operation]] = {}
    for operation in sorted(catalog(namespace, minor).operations, key=lambda op: sum("{" in part for part in op.path)):
        found.setdefault(len(operation.path), []).append(operation)
    return found


def _bind(operation: Operation, parts: list[str]) -> dict[str, str] | None:
    params: dict[str, str] = {}
    for pattern, part in zip(operation.path, parts, strict=False):
        if pattern.startswith("{"):
            if part.startswith("$"):
                return None
            params[pattern[1:-1]] = part
        elif pattern != part:
            return None
    return params


def _no_such_path(path: str) -> ApiError:
    return ApiError(404, [Message(f"No API serves {path} in this release.", "PRISMSIM-10404", "RESOURCE_NOT_FOUND")])

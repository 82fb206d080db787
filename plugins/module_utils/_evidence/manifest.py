# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The manifest of a baseline: what is in it, where from, and the digest over all. Pure: text in, text out."""

from __future__ import annotations

import hashlib
import json
import typing as t

from .._errors import Finding, InvalidInput

SCHEMA = "nutanix_flow.dr/baseline"
SCHEMA_VERSION = 1
FILE = "manifest.json"
# Told in the manifest but no part of what the digest stands for: an upgrade of the source or a moved VM is no change of policy.
_NOT_IN_DIGEST = ("digest", "source", "membership_sha256")


class Entry(t.NamedTuple):
    """One object of the baseline. ``depends_on`` has ``kind:name`` for everything it names, in the baseline or not."""

    kind: str
    name: str
    file: str
    sha256: str
    system: bool
    depends_on: tuple[str, ...]


class Manifest(t.NamedTuple):
    """``retired`` has ``kind:name`` of objects that ancestors of this baseline had and it has not: what a prune may remove.
    ``excluded`` and ``not_carried`` say what of the source is not in it: ``{kind, name, reason}``."""

    objects: tuple[Entry, ...]
    source: t.Mapping[str, t.Any]
    scope: t.Mapping[str, t.Any]
    excluded: tuple[t.Mapping[str, str], ...] = ()
    not_carried: tuple[t.Mapping[str, str], ...] = ()
    retired: tuple[str, ...] = ()
    parent: str | None = None
    membership_sha256: str = ""

    @property
    def counts(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for entry in self.objects:
            found[entry.kind] = found.get(entry.kind, 0) + 1
        return dict(sorted(found.items()))

    def digest(self) -> str:
        """sha256 that two baselines share exactly when they hold the same objects, scope and ancestry."""
        return _digest(self._as_data())

    def same_content(self, other: Manifest) -> bool:
        """Whether both say the same, wherever they come from."""
        return self._replace(parent=None, source={}, membership_sha256="") == other._replace(parent=None, source={}, membership_sha256="")

    def to_text(self) -> str:
        return json.dumps({**self._as_data(), "digest": self.digest()}, indent=1, sort_keys=True, ensure_ascii=False) + "\n"

    def _as_data(self) -> dict[str, t.Any]:
        data: dict[str, t.Any] = self._asdict()
        data["objects"] = [{**entry._asdict(), "depends_on": list(entry.depends_on)} for entry in self.objects]
        data.update(schema=SCHEMA, schema_version=SCHEMA_VERSION, counts=self.counts)
        for name in ("excluded", "not_carried"):
            data[name] = [dict(item) for item in data[name]]
        data["retired"] = list(self.retired)
        return data


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def read_manifest(content: bytes, file: str) -> Manifest:
    """Raises InvalidInput with the line if it is no JSON, of another schema, incomplete, or its digest is wrong."""
    try:
        data = json.loads(content)
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        line = getattr(error, "lineno", 1)
        raise InvalidInput([Finding(f"{file}:{line}", f"is no JSON: {error}", "restore it from git or export again")], verb="read") from error
    if not isinstance(data, dict) or data.get("schema") != SCHEMA:
        raise InvalidInput([Finding(file, f"is not the manifest of a baseline ({SCHEMA})")], verb="read")
    if data.get("schema_version") != SCHEMA_VERSION:
        problem = f"schema_version {data.get('schema_version')!r} is unknown, this collection reads {SCHEMA_VERSION}"
        raise InvalidInput([Finding(file, problem, "update the collection")], verb="read")
    if data.get("digest") != _digest(data):
        raise InvalidInput([Finding(file, "was changed after the export: its digest doesn't match", "restore it from git or export again")], verb="read")
    try:
        objects = tuple(Entry(**{**item, "depends_on": tuple(item["depends_on"])}) for item in data["objects"])
        parts: dict[str, t.Any] = {name: data[name] for name in Manifest._fields if name != "objects"}
        parts.update({name: tuple(value) for name, value in parts.items() if isinstance(value, list)})
        return Manifest(objects=objects, **parts)
    except (KeyError, TypeError) as error:
        raise InvalidInput([Finding(file, f"is incomplete or has more than it should: {error}", "export again")], verb="read") from error


def _digest(data: t.Mapping[str, t.Any]) -> str:
    covered = {key: value for key, value in data.items() if key not in _NOT_IN_DIGEST}
    return sha256(json.dumps(covered, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode())

# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A baseline on disk: one YAML file per object, a manifest over all, the VMs beside it. Knows files; asks no site."""

from __future__ import annotations

import os
import typing as t

from .._errors import Finding, InvalidInput
from .._model.directory import Reference
from .._model.entity import Canonical, Entity, name_of, read_params, references
from .._model.problems import Problems
from .file_names import file_names
from .files import read_file, remove_file, replace_file
from .manifest import FILE, Entry, Manifest, read_manifest, sha256
from .yaml_text import from_yaml, to_yaml

MEMBERSHIP = "membership.yml"
SIGNATURE = FILE + ".sig"
_IN_PROGRESS = ".export-in-progress"


class Content(t.NamedTuple):
    """What a baseline holds. ``objects`` by kind, canonical; ``system`` names those that every site brings along itself.
    ``membership`` is what was observed beside it: VMs, native sync; it never counts as a change of policy."""

    objects: t.Mapping[str, t.Sequence[Canonical]]
    system: frozenset[Reference] = frozenset()
    source: t.Mapping[str, t.Any] = {}
    scope: t.Mapping[str, t.Any] = {}
    excluded: t.Sequence[t.Mapping[str, str]] = ()
    not_carried: t.Sequence[t.Mapping[str, str]] = ()
    membership: t.Mapping[str, t.Any] = {}


class Baseline(t.NamedTuple):
    """A baseline as read, verified."""

    path: str
    manifest: Manifest
    content: Content

    @property
    def digest(self) -> str:
        return self.manifest.digest()

    @property
    def retired(self) -> set[Reference]:
        """What ancestors of this baseline had and it has not."""
        return {Reference(*text.split(":", 1)) for text in self.manifest.retired}


class Written(t.NamedTuple):
    """What an export did. ``changed``: the digest moved; ``files``: paths written or removed, relative."""

    changed: bool
    digest: str
    files: tuple[str, ...]


def write_baseline(path: str, content: Content, entities: t.Mapping[str, Entity], *, dry: bool = False) -> Written:
    """Make the directory hold ``content``; files that are right are left alone, ``dry`` only tells. Heals an interrupted export.

    Raises OSError of the file system, InvalidInput if the manifest that is there can't be a parent.
    """
    texts, entries = _files(content, entities)
    membership = to_yaml(dict(content.membership))
    old = _old_manifest(path)
    manifest = Manifest(
        objects=tuple(entries),
        source=dict(content.source),
        scope=dict(content.scope),
        excluded=tuple(content.excluded),
        not_carried=tuple(content.not_carried),
        retired=_retired(old, entries),
        membership_sha256=sha256(membership.encode()),
    )
    if old is not None:
        same = old.same_content(manifest)
        manifest = manifest._replace(parent=old.parent if same else old.digest())
    texts[MEMBERSHIP] = membership
    written = [name for name, text in texts.items() if read_file(os.path.join(path, name)) != text.encode()]
    removed = [name for name in _present(path, entities) if name not in texts]
    last = manifest.to_text()
    manifest_moved = read_file(os.path.join(path, FILE)) != last.encode()
    files = sorted([*written, *removed, *([FILE] if manifest_moved else [])])
    result = Written(old is None or old.digest() != manifest.digest(), manifest.digest(), tuple(files))
    if dry or not files:
        if not dry:
            remove_file(os.path.join(path, _IN_PROGRESS))
        return result
    replace_file(os.path.join(path, _IN_PROGRESS), "An export writes here. If none is running, it was interrupted: export again.\n")
    for name in written:
        replace_file(os.path.join(path, name), texts[name])
    for name in removed:
        remove_file(os.path.join(path, name))
    if replace_file(os.path.join(path, FILE), last):
        remove_file(os.path.join(path, SIGNATURE))  # it was for the manifest before
    remove_file(os.path.join(path, _IN_PROGRESS))
    return result


def vms_of(baseline: Baseline) -> list[dict[str, t.Any]]:
    """The VMs that were there when it was exported, in the shape of ``inventory.vms``."""
    members = baseline.content.membership.get("vms") or ()
    return [{**vm, "ext_id": str((vm.get("_prism") or {}).get("ext_id") or "")} for vm in members]


def read_baseline(path: str, entities: t.Mapping[str, Entity], *, membership: bool = True) -> Baseline:
    """Read and verify a baseline; without ``membership`` the VMs are verified but not read (they can be many).

    Raises InvalidInput with everything found wrong in any file.
    """
    manifest_path = os.path.join(path, FILE)
    raw = read_file(manifest_path)
    if raw is None:
        raise InvalidInput([Finding(manifest_path, "is missing, this is no baseline", "export one, or correct the path")], verb="read")
    problems = Problems()
    if os.path.exists(os.path.join(path, _IN_PROGRESS)):
        problems.add(os.path.join(path, _IN_PROGRESS), "an export was interrupted here, or is running", "export again, or restore from git")
    manifest = read_manifest(raw, manifest_path)
    listed = {entry.file for entry in manifest.objects}
    for name in _present(path, entities):
        if name not in listed:
            problems.add(os.path.join(path, name), "is not in the manifest", "remove it, or export again")
    seen: set[Reference] = set()
    objects: dict[str, list[Canonical]] = {kind: [] for kind in entities}
    for entry in manifest.objects:
        reference = Reference(entry.kind, entry.name)
        if reference in seen:
            problems.add(manifest_path, f"{entry.kind.replace('_', ' ')} '{entry.name}' is listed twice", "export again")
        seen.add(reference)
        if entry.kind not in entities:
            problems.unknown(manifest_path, entry.kind, entities, "kind")
            continue
        found = _read_object(path, entry, entities[entry.kind], problems)
        if found is not None:
            objects[entry.kind].append(found)
    observed = _read_membership(path, manifest, problems, parse=membership)
    problems.check(verb="read", kind="baseline", name=path)
    system = frozenset(Reference(entry.kind, entry.name) for entry in manifest.objects if entry.system)
    content = Content(
        {kind: found for kind, found in objects.items() if found},
        system, manifest.source, manifest.scope, manifest.excluded, manifest.not_carried, observed,
    )
    return Baseline(path, manifest, content)


def _files(content: Content, entities: t.Mapping[str, Entity]) -> tuple[dict[str, str], list[Entry]]:
    texts: dict[str, str] = {}
    entries: list[Entry] = []
    for kind in sorted(content.objects):
        entity = entities[kind]
        by_name = {name_of(entity, canonical): canonical for canonical in content.objects[kind]}
        if len(by_name) != len(content.objects[kind]):
            raise ValueError(f"two {entity.title} objects of one name in a baseline")
        for name, file in sorted(file_names(sorted(by_name)).items()):
            text = to_yaml(by_name[name])
            relative = f"{entity.plural}/{file}"
            texts[relative] = text
            depends = tuple(sorted({f"{ref.kind}:{ref.name}" for ref in references(entity, by_name[name])}))
            entries.append(Entry(kind, name, relative, sha256(text.encode()), Reference(kind, name) in content.system, depends))
    return texts, entries


def _retired(old: Manifest | None, entries: t.Iterable[Entry]) -> tuple[str, ...]:
    if old is None:
        return ()
    had = {f"{entry.kind}:{entry.name}" for entry in old.objects if not entry.system}
    return tuple(sorted((had | set(old.retired)) - {f"{entry.kind}:{entry.name}" for entry in entries}))


def _old_manifest(path: str) -> Manifest | None:
    raw = read_file(os.path.join(path, FILE))
    return None if raw is None else read_manifest(raw, os.path.join(path, FILE))


def _present(path: str, entities: t.Mapping[str, Entity]) -> list[str]:
    """Files in the folders of objects, relative to the baseline."""
    found = []
    for entity in entities.values():
        folder = os.path.join(path, entity.plural)
        if os.path.isdir(folder):
            found += [f"{entity.plural}/{name}" for name in sorted(os.listdir(folder)) if name != ".gitkeep"]
    return found


def _read_object(path: str, entry: Entry, entity: Entity, problems: Problems) -> Canonical | None:
    file = os.path.join(path, entry.file)
    if os.path.normpath(entry.file) != entry.file or not entry.file.startswith(entity.plural + "/"):
        problems.add(file, "lies outside the folder of its kind", "export again")
        return None
    raw = read_file(file)
    if raw is None:
        problems.add(file, "is missing", "restore it from git or export again")
        return None
    intact = sha256(raw) == entry.sha256
    if not intact:
        problems.add(file, "was changed after the export: its sha256 doesn't match the manifest", "restore it from git or export again")
    try:
        value = from_yaml(raw.decode(), file)
    except InvalidInput as error:
        problems.findings += error.findings
        return None
    except UnicodeDecodeError:
        problems.add(file, "is no UTF-8 text")
        return None
    if not isinstance(value, dict):
        problems.add(file, "holds no object")
        return None
    before = len(problems.findings)
    canonical = read_params(entity, value, problems, at=file)
    if len(problems.findings) == before and intact and name_of(entity, canonical) != entry.name:
        problems.add(file, f"holds '{name_of(entity, canonical)}', the manifest says '{entry.name}'", "export again")
    return canonical


def _read_membership(path: str, manifest: Manifest, problems: Problems, *, parse: bool) -> t.Mapping[str, t.Any]:
    file = os.path.join(path, MEMBERSHIP)
    raw = read_file(file)
    if raw is None:
        problems.add(file, "is missing", "restore it from git or export again")
        return {}
    if sha256(raw) != manifest.membership_sha256:
        problems.add(file, "was changed after the export: its sha256 doesn't match the manifest", "restore it from git or export again")
        return {}
    value = from_yaml(raw.decode(), file) if parse else {}
    return value if isinstance(value, dict) else {}

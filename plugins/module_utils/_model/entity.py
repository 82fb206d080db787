# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a kind of object is, declared once; everything else about it follows from the table. No I/O, no Ansible."""

from __future__ import annotations

import typing as t

from .._errors import DrError
from .codec import Body, Reader
from .directory import Directory, Reference, category_name
from .form import Minor
from .problems import Problems
from .struct import Field, canonical_fields, decode_fields, option_of, references_in, without_absent

if t.TYPE_CHECKING:
    from .parts import PartList, PartsCodec

Canonical = dict[str, t.Any]
# (canonical, where, minor of the target or None, problems)
Check = t.Callable[[Canonical, str, "Minor | None", Problems], None]


class Entity(t.NamedTuple):
    """One kind of object.

    ``kind`` is its word in our language (``security_rule``), ``namespace`` and ``path`` where the v4 API keeps it,
    ``since`` the API minor that brought it.
    ``server_made`` properties are derived by the server; ``site_owned`` ones belong to one site (kept on update,
    never compared, refused in a baseline unless accepted). ``system_property`` tells system-defined objects by its values, and
    names that begin with ``reserved`` count as such.
    ``refers_to`` lists the kinds its references need; ``checks`` find what is wrong beyond single fields,
    ``checks_of_new`` what may exist but can't be created. ``carry`` takes into the body of an update what must go on from the body
    that it replaces, and that no field says. ``part_lists`` are in the order in which they are written; ``refers_beyond`` tells
    references that no field tells by itself.
    """

    kind: str
    plural: str
    namespace: str
    path: str
    object_type: str
    fields: tuple[Field, ...]
    key: tuple[str, ...] = ("name",)
    since: Minor = (4, 0)
    synchronous: bool = False
    server_made: tuple[str, ...] = ()
    site_owned: tuple[str, ...] = ()
    system_property: str = ""
    system_values: tuple[t.Any, ...] = (True,)
    reserved: str = ""
    refers_to: tuple[str, ...] = ()
    parts: PartsCodec | None = None
    checks: tuple[Check, ...] = ()
    checks_of_new: tuple[Check, ...] = ()
    carry: t.Callable[[Body, t.Mapping[str, t.Any]], Body] | None = None
    part_lists: tuple[PartList, ...] = ()
    refers_beyond: t.Callable[[t.Mapping[str, t.Any]], t.Iterable[Reference]] | None = None

    @property
    def title(self) -> str:
        return self.kind.replace("_", " ")


class Held(t.NamedTuple):
    """One object as a site holds it. ``site_owned`` has what an update must send back unchanged."""

    kind: str
    name: str
    ext_id: str
    canonical: Canonical
    system: bool = False
    site_owned: t.Mapping[str, t.Any] = {}


def argument_spec(entity: Entity) -> dict[str, dict[str, t.Any]]:
    """The entity's own options as Ansible wants them. Key fields are required; nothing has a default."""
    spec = option_of(entity.fields)
    for name, option in spec.items():
        option.pop("required", None)
        if name in entity.key:
            option["required"] = True
        if name == "key":
            option["no_log"] = False
    return spec


def name_of(entity: Entity, canonical: t.Mapping[str, t.Any]) -> str:
    """The name other objects use for it; a category is ``key/value``."""
    parts = [str(canonical.get(part) or "") for part in entity.key]
    return category_name(*parts) if len(parts) == 2 else parts[0]


def name_in(entity: Entity, body: t.Mapping[str, t.Any]) -> str:
    """The name of an API body, without reading the rest of it: what a Directory is filled with."""
    name = name_of(entity, body)
    return name if len(entity.key) == 2 else name.strip()


def read_params(entity: Entity, params: t.Mapping[str, t.Any], problems: Problems, at: str = "") -> Canonical:
    """What a person wrote -> the mentioned fields, canonical. Findings go to ``problems``; absent values stay (they clear)."""
    where = at or f"{entity.title} '{name_of(entity, params)}'"
    fields = [field if field.name in entity.key else field._replace(required=False) for field in entity.fields]
    return canonical_fields(fields, params, where, problems)


def merge(entity: Entity, current: t.Mapping[str, t.Any], desired: t.Mapping[str, t.Any]) -> Canonical:
    """``current`` with the mentioned fields of ``desired``: unmentioned is kept, absent values clear."""
    return without_absent(entity.fields, {**current, **desired})


def complete(entity: Entity, canonical: t.Mapping[str, t.Any]) -> Canonical:
    """Every field mentioned, absent where it says nothing: what a baseline means by leaving a field out."""
    meant = without_absent(entity.fields, canonical)
    return {field.name: meant.get(field.name, field.absent) for field in entity.fields}


def references(entity: Entity, canonical: t.Mapping[str, t.Any]) -> set[Reference]:
    """Every object that this one names."""
    beyond = entity.refers_beyond(canonical) if entity.refers_beyond is not None else ()
    return {*references_in(entity.fields, canonical), *beyond}


def as_called(entity: Entity, canonical: Canonical, directory: Directory) -> Canonical:
    """The object with every name as the site writes it: a subnet that was written ``vpc/name`` where ``name`` is enough.
    Without this, two spellings of one reference would look like a change."""
    if all(directory.called(*reference) == reference.name for reference in references(entity, canonical)):
        return canonical
    # Imported here: most names are written as the site writes them.
    from .as_called import spelled_as_called

    return spelled_as_called(entity, canonical, directory)


def is_system(entity: Entity, body: t.Mapping[str, t.Any]) -> bool:
    """Whether an API body is a system-defined object, which is never created or deleted."""
    if entity.reserved and name_in(entity, body).startswith(entity.reserved):
        return True
    return bool(entity.system_property) and body.get(entity.system_property) in entity.system_values


def decode(entity: Entity, body: t.Mapping[str, t.Any], directory: Directory) -> Held:
    """An API body -> the canonical object. Raises NotRepresentable for anything there are no words for, and
    UnknownReference for ids the directory doesn't know; both say which object it was."""
    ext_id = str(body.get("extId", ""))
    wire_name = name_in(entity, body)
    reader = Reader(body, entity.kind)
    reader.ignore(("extId", *entity.server_made))
    site_owned = {name: value for name in entity.site_owned if (value := reader.take(name)) is not None}
    if entity.system_property:
        reader.take(entity.system_property)
    try:
        found: Canonical = decode_fields(entity.fields, reader, directory)
        if entity.parts is not None:
            found.update(entity.parts.decode(reader, directory, found))
        reader.finish()
    except DrError as error:
        raise error.about(verb="read", kind=entity.kind, name=wire_name, site=directory.site) from error
    canonical = without_absent(entity.fields, found)
    return Held(entity.kind, name_of(entity, canonical), ext_id, canonical, is_system(entity, body), site_owned)

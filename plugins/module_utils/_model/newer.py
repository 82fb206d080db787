# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What in an object an older API doesn't know yet: form by form. Asked before a write; knows no site."""

from __future__ import annotations

import functools
import typing as t

from .addresses import is_ipv6
from .entity import Entity, name_of
from .form import Choice, Form, Minor
from .form_addresses import Addresses
from .form_services import Services
from .present import each_present
from .struct import Field, ListOf, Struct

# What came later and is neither a field nor a word.
_IPV6_SINCE: Minor = (4, 2)
_ICMPV6_SINCE: Minor = (4, 2)


class TooNewAt(t.NamedTuple):
    """A value that needs a newer API: where it stands and the minor it needs."""

    at: str
    needs: Minor


def newer_than(entity: Entity, canonical: t.Mapping[str, t.Any], minor: Minor) -> list[TooNewAt]:
    """Fields and words of ``canonical`` that an API of this minor doesn't know."""
    where = f"{entity.title} '{name_of(entity, canonical)}'"
    if entity.since > minor:
        return [TooNewAt(where, entity.since)]
    return [TooNewAt(f"{where} {found.at}", found.needs) for found in _fields(entity.fields, canonical, "", minor)]


def _fields(fields: t.Sequence[Field], value: t.Mapping[str, t.Any], at: str, minor: Minor) -> t.Iterator[TooNewAt]:
    for field, found, here in each_present(fields, value, at):
        if field.since and field.since > minor:
            yield TooNewAt(here, field.since)
        yield from newer_in(field.form, found, here, minor)


@functools.singledispatch
def newer_in(form: Form, value: t.Any, at: str, minor: Minor) -> t.Iterator[TooNewAt]:
    """What in ``value`` (canonical) of one form the API ``minor`` doesn't know yet."""
    return iter(())


@newer_in.register(Struct)
def _struct(form: Struct, value: t.Any, at: str, minor: Minor) -> t.Iterator[TooNewAt]:
    return _word(form.words, value, at, minor) if isinstance(value, str) else _fields(form.fields, value, at, minor)


@newer_in.register(ListOf)
def _list_of(form: ListOf, value: t.Any, at: str, minor: Minor) -> t.Iterator[TooNewAt]:
    for index, item in enumerate(form.items(value)):
        yield from newer_in(form.form, item, f"{at}[{index}]", minor)


@newer_in.register(Choice)
def _choice(form: Choice, value: t.Any, at: str, minor: Minor) -> t.Iterator[TooNewAt]:
    return _word(form.since, value, at, minor)


def _word(since: t.Mapping[str, Minor | None], word: str, at: str, minor: Minor) -> t.Iterator[TooNewAt]:
    needs = since.get(word)
    if needs and needs > minor:
        yield TooNewAt(f"{at}={word}", needs)


@newer_in.register(Addresses)
def _addresses(form: Addresses, value: t.Any, at: str, minor: Minor) -> t.Iterator[TooNewAt]:
    if minor < _IPV6_SINCE and any(is_ipv6(item) for item in value):
        yield TooNewAt(f"{at} (IPv6)", _IPV6_SINCE)


@newer_in.register(Services)
def _services(form: Services, value: t.Any, at: str, minor: Minor) -> t.Iterator[TooNewAt]:
    if minor < _ICMPV6_SINCE and any(text.startswith("icmpv6") for text in value):
        yield TooNewAt(f"{at} (ICMPv6)", _ICMPV6_SINCE)

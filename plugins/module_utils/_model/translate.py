# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How another site writes an object: form by form, with the names and addresses of that site. Knows no site map."""

from __future__ import annotations

import functools
import typing as t

from .entity import Canonical, Entity, name_of
from .form import Form
from .form_addresses import Addresses
from .form_categories import Categories, category_names, from_category_names
from .form_names import Name, Names
from .form_services import Services
from .present import each_present
from .services import GROUP, parse_service, sort_services
from .struct import Field, ListOf, Struct


class Translation(t.Protocol):
    """How names and addresses of one site are called on another (the site map, seen from the model)."""

    def reference(self, kind: str, name: str, at: str) -> str:
        """The name on the other site."""

    def addresses(self, values: t.Sequence[str], at: str) -> list[str]:
        """The addresses on the other site, canonical and sorted."""


def translate(entity: Entity, canonical: t.Mapping[str, t.Any], translation: Translation) -> Canonical:
    """The object as the other site would write it (site map applied to references and addresses)."""
    return _fields(entity.fields, canonical, translation, f"{entity.title} '{name_of(entity, canonical)}'")


def _fields(fields: t.Sequence[Field], value: t.Mapping[str, t.Any], translation: Translation, at: str) -> dict[str, t.Any]:
    return {field.name: translate_value(field.form, found, translation, here) for field, found, here in each_present(fields, value, at)}


@functools.singledispatch
def translate_value(form: Form, value: t.Any, translation: Translation, at: str) -> t.Any:
    """``value`` (canonical) of one form as the other site writes it, canonical again. What names nothing stays as it is."""
    return value


@translate_value.register(Struct)
def _struct(form: Struct, value: t.Any, translation: Translation, at: str) -> t.Any:
    return value if isinstance(value, str) else _fields(form.fields, value, translation, at)


@translate_value.register(ListOf)
def _list_of(form: ListOf, value: t.Any, translation: Translation, at: str) -> t.Any:
    items = form.items(value)
    return form.arranged([translate_value(form.form, item, translation, f"{at}[{index}]") for index, item in enumerate(items)])


@translate_value.register(Name)
def _name(form: Name, value: t.Any, translation: Translation, at: str) -> t.Any:
    return translation.reference(form.kind, value, at)


@translate_value.register(Names)
def _names(form: Names, value: t.Any, translation: Translation, at: str) -> t.Any:
    return sorted({translation.reference(form.kind, name, at) for name in value})


@translate_value.register(Categories)
def _categories(form: Categories, value: t.Any, translation: Translation, at: str) -> t.Any:
    return from_category_names(translation.reference("category", name, at) for name in category_names(value))


@translate_value.register(Addresses)
def _addresses(form: Addresses, value: t.Any, translation: Translation, at: str) -> t.Any:
    return translation.addresses(value, at)


@translate_value.register(Services)
def _services(form: Services, value: t.Any, translation: Translation, at: str) -> t.Any:
    translated = [
        GROUP + translation.reference("service_group", text[len(GROUP) :], at) if text.startswith(GROUP) else text for text in value
    ]
    return [str(service) for service in sort_services(map(parse_service, translated))]

# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How one value is written in our language: its option, its canonical form, what it refers to. Knows no wire format."""

from __future__ import annotations

import re
import typing as t
from collections.abc import Mapping

from .addresses import canonical_address, is_ipv6, is_range, sort_addresses
from .directory import Reference, category_name, split_category
from .problems import Problems
from .services import GROUP, Service, parse_service, sort_services

Minor = tuple[int, int]


class TooNewAt(t.NamedTuple):
    """A value that needs a newer API: where it stands and the minor it needs."""

    at: str
    needs: Minor


class Translation(t.Protocol):
    """How names and addresses of one site are called on another (the site map, seen from the model)."""

    def reference(self, kind: str, name: str, at: str) -> str:
        """The name on the other site."""

    def addresses(self, values: t.Sequence[str], at: str) -> list[str]:
        """The addresses on the other site, canonical and sorted."""


class Form:
    """Base: any scalar, taken as it is."""

    type = "str"

    def option(self) -> dict[str, t.Any]:
        """The Ansible option without its name."""
        return {"type": self.type}

    def canonical(self, value: t.Any, at: str, problems: Problems) -> t.Any:
        """The one spelling of ``value``; what is wrong with it goes to ``problems`` under the path ``at``."""
        return value

    def references(self, value: t.Any) -> t.Iterator[Reference]:
        """Everything ``value`` (canonical) names."""
        return iter(())

    def translate(self, value: t.Any, translation: Translation, at: str) -> t.Any:
        """``value`` (canonical) as the other site calls it, canonical again."""
        return value

    def newer(self, value: t.Any, at: str, minor: Minor) -> t.Iterator[TooNewAt]:
        """What in ``value`` (canonical) the API ``minor`` doesn't know yet."""
        return iter(())


class Text(Form):
    """A string; ``pattern`` and ``longest`` are the server's, checked before the first write. Blanks around it say nothing
    unless it is ``exact``."""

    def __init__(self, *, longest: int | None = None, pattern: str | None = None, allowed: str = "", exact: bool = False) -> None:
        self.longest = longest
        self.exact = exact
        self.pattern = re.compile(pattern) if pattern else None
        self.allowed = allowed

    def canonical(self, value: t.Any, at: str, problems: Problems) -> t.Any:
        if not isinstance(value, (str, int, float)) or isinstance(value, bool):
            problems.add(at, f"{value!r} is not a text")
            return ""
        text = str(value) if self.exact else str(value).strip()
        if self.longest is not None and len(text) > self.longest:
            problems.add(at, f"has {len(text)} characters, {self.longest} are allowed")
        if text and self.pattern and not self.pattern.match(text):
            problems.add(at, f"{text!r} has characters that the API refuses", self.allowed)
        return text


class Choice(Form):
    """One word out of a few; ``since`` says which words came with a later API minor."""

    def __init__(self, words: t.Sequence[str], *, since: t.Mapping[str, Minor] | None = None) -> None:
        self.words = tuple(words)
        self.since = dict(since or {})

    def option(self) -> dict[str, t.Any]:
        return {"type": "str", "choices": list(self.words)}

    def canonical(self, value: t.Any, at: str, problems: Problems) -> t.Any:
        if value not in self.words:
            problems.unknown(at, value, self.words, "value")
        return value

    def newer(self, value: t.Any, at: str, minor: Minor) -> t.Iterator[TooNewAt]:
        needs = self.since.get(value)
        if needs and needs > minor:
            yield TooNewAt(f"{at}={value}", needs)


class Flag(Form):
    type = "bool"

    def canonical(self, value: t.Any, at: str, problems: Problems) -> t.Any:
        if not isinstance(value, bool):
            problems.add(at, f"{value!r} is neither true nor false")
        return value


class Number(Form):
    type = "int"

    def __init__(self, lowest: int, highest: int) -> None:
        self.lowest, self.highest = lowest, highest

    def canonical(self, value: t.Any, at: str, problems: Problems) -> t.Any:
        if isinstance(value, bool) or not isinstance(value, int) or not self.lowest <= value <= self.highest:
            problems.add(at, f"{value!r} is not a number from {self.lowest} to {self.highest}")
        return value


class Name(Form):
    """The name of one other object."""

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def canonical(self, value: t.Any, at: str, problems: Problems) -> t.Any:
        if not isinstance(value, str) or not value.strip():
            problems.add(at, f"{value!r} is not the name of a {self.kind.replace('_', ' ')}")
            return ""
        return value.strip()

    def references(self, value: t.Any) -> t.Iterator[Reference]:
        yield Reference(self.kind, value)

    def translate(self, value: t.Any, translation: Translation, at: str) -> t.Any:
        return translation.reference(self.kind, value, at)


class Names(Form):
    """A set of names of other objects of one kind."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self._one = Name(kind)

    def option(self) -> dict[str, t.Any]:
        return {"type": "list", "elements": "str"}

    def canonical(self, value: t.Any, at: str, problems: Problems) -> t.Any:
        values = [value] if isinstance(value, str) else value
        if not isinstance(values, (list, tuple)):
            problems.add(at, f"{value!r} is not a list of names")
            return []
        return sorted({self._one.canonical(item, f"{at}[{index}]", problems) for index, item in enumerate(values)})

    def references(self, value: t.Any) -> t.Iterator[Reference]:
        return (Reference(self.kind, name) for name in value)

    def translate(self, value: t.Any, translation: Translation, at: str) -> t.Any:
        return sorted({translation.reference(self.kind, name, at) for name in value})


class Categories(Form):
    """Categories that must all be there: ``{AppType: Web}``, or a list of values under one key. Sorted by key and value."""

    def option(self) -> dict[str, t.Any]:
        return {"type": "dict"}

    def canonical(self, value: t.Any, at: str, problems: Problems) -> t.Any:
        if not isinstance(value, Mapping) or not value:
            problems.add(at, f"{value!r} is not a mapping of category keys to values", "write {AppType: Web}")
            return {}
        names: list[str] = []
        for key, values in value.items():
            if isinstance(key, bool) or "/" in str(key):
                problems.add(at, f"{key!r} is not a category key", "quote it if it reads like yes/no")
                continue
            for one in values if isinstance(values, (list, tuple)) else [values]:
                if not isinstance(one, (str, int, float)) or isinstance(one, bool) or not str(one).strip():
                    problems.add(f"{at}.{key}", f"{one!r} is not a category value", "quote it if it reads like yes/no")
                    continue
                names.append(category_name(str(key), str(one)))
        if not names and not problems.any_at(at):
            problems.add(at, "names no category", "write {AppType: Web}")
        return from_category_names(names)

    def references(self, value: t.Any) -> t.Iterator[Reference]:
        return (Reference("category", name) for name in category_names(value))

    def translate(self, value: t.Any, translation: Translation, at: str) -> t.Any:
        return from_category_names(translation.reference("category", name, at) for name in category_names(value))


def category_names(mapping: t.Mapping[str, t.Any]) -> list[str]:
    """``{AppType: Web, Zone: [a, b]}`` -> the sorted names ``AppType/Web``, ``Zone/a``, ``Zone/b``."""
    names = []
    for key, values in mapping.items():
        names += [category_name(key, value) for value in (values if isinstance(values, list) else [values])]
    return sorted(names)


def from_category_names(names: t.Iterable[str]) -> dict[str, t.Any]:
    """The canonical mapping of a set of category names; a single value stands without a list."""
    values: dict[str, list[str]] = {}
    for name in sorted(set(names)):
        key, value = split_category(name)
        values.setdefault(key, []).append(value)
    return {key: found[0] if len(found) == 1 else found for key, found in values.items()}


def listed(value: t.Any, at: str, what: str, problems: Problems) -> t.Sequence[t.Any]:
    """One value or several, as several; anything but that is a finding."""
    if isinstance(value, (list, tuple)):
        return value
    if isinstance(value, (str, int)) and not isinstance(value, bool):
        return [value]
    problems.add(at, f"{value!r} is not a list of {what}")
    return []


class Addresses(Form):
    """A set of addresses, prefixes and ranges. ``ranges=False`` takes none of the latter; ``single`` at most one of each
    family; ``ipv6=False`` none of the second family."""

    def __init__(self, *, ranges: bool = True, single: bool = False, ipv6: bool = True, ipv6_since: Minor = (4, 2)) -> None:
        self.ranges, self.single, self.ipv6, self.ipv6_since = ranges, single, ipv6, ipv6_since

    def option(self) -> dict[str, t.Any]:
        return {"type": "list", "elements": "str"}

    def canonical(self, value: t.Any, at: str, problems: Problems) -> t.Any:
        found = []
        for item in listed(value, at, "addresses", problems):
            try:
                address = canonical_address(str(item))
            except ValueError as error:
                problems.add(at, str(error), "write 10.0.0.1, 10.0.0.0/24 or 10.0.0.5-10.0.0.9")
                continue
            if is_range(address) and not self.ranges:
                problems.add(at, f"{address!r} is a range, only prefixes are possible here", "use an address group")
            if is_ipv6(address) and not self.ipv6:
                problems.add(at, f"{address!r} is IPv6, the API takes only IPv4 here", "use an address group")
            found.append(address)
        found = sort_addresses(found)
        if self.single:
            for family in ("IPv4", "IPv6"):
                several = [item for item in found if is_ipv6(item) == (family == "IPv6")]
                if len(several) > 1:
                    problems.add(at, f"several {family} prefixes in one rule entry: {', '.join(several)}", "use an address group")
        return found

    def translate(self, value: t.Any, translation: Translation, at: str) -> t.Any:
        return translation.addresses(value, at)

    def newer(self, value: t.Any, at: str, minor: Minor) -> t.Iterator[TooNewAt]:
        if minor < self.ipv6_since and any(is_ipv6(item) for item in value):
            yield TooNewAt(f"{at} (IPv6)", self.ipv6_since)


class Services(Form):
    """A set of services. ``plain`` (in a service group) takes neither ``any`` nor ``group:NAME``."""

    ICMPV6_SINCE: Minor = (4, 2)

    def __init__(self, *, plain: bool = False) -> None:
        self.plain = plain

    def option(self) -> dict[str, t.Any]:
        return {"type": "list", "elements": "str"}

    def canonical(self, value: t.Any, at: str, problems: Problems) -> t.Any:
        found: list[Service] = []
        for item in listed(value, at, "services", problems):
            try:
                service = parse_service(str(item))
            except ValueError as error:
                problems.add(at, str(error))
                continue
            if self.plain and service.protocol in ("any", "group"):
                problems.add(at, f"{item!r} can't stand in a service group", "list protocols and ports")
            found.append(service)
        return [str(service) for service in sort_services(found)]

    def references(self, value: t.Any) -> t.Iterator[Reference]:
        return (Reference("service_group", text[len(GROUP) :]) for text in value if text.startswith(GROUP))

    def translate(self, value: t.Any, translation: Translation, at: str) -> t.Any:
        translated = [
            GROUP + translation.reference("service_group", text[len(GROUP) :], at) if text.startswith(GROUP) else text
            for text in value
        ]
        return [str(service) for service in sort_services(map(parse_service, translated))]

    def newer(self, value: t.Any, at: str, minor: Minor) -> t.Iterator[TooNewAt]:
        if minor < self.ICMPV6_SINCE and any(text.startswith("icmpv6") for text in value):
            yield TooNewAt(f"{at} (ICMPv6)", self.ICMPV6_SINCE)

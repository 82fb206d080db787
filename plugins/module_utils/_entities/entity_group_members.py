# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ways to select members of an entity group, each with the type and selectBy it travels under (contract/v4 section 9.6)."""

from __future__ import annotations

import abc
import typing as t

from .._model.addresses import sort_addresses
from .._model.codec import Body, Reader, name_at
from .._model.codec_addresses import AddressLists
from .._model.directory import Directory
from .._model.form import Choice, Form, Text, listed
from .._model.form_categories import category_names, from_category_names
from .._model.problems import Problems
from .._model.struct import Field, Struct

_MATCHES = ("contains", "starts_with", "ends_with", "equals")
_TEXT = Text(longest=256)
VM_NAME = Struct([Field(word, _TEXT) for word in _MATCHES], exclusive=True, example="write {starts_with: web-}")


class TextSet(Form):
    """A set of texts."""

    def option(self) -> dict[str, t.Any]:
        return {"type": "list", "elements": "str"}

    def canonical(self, value: t.Any, at: str, problems: Problems) -> t.Any:
        found = {
            _TEXT.canonical(one, f"{at}[{index}]", problems) for index, one in enumerate(listed(value, at, "texts", problems))
        }
        if not found - {""}:
            problems.add(at, "is empty")
        return sorted(found - {""})


FQDNS = TextSet()
_KUBERNETES_TYPES = {"cluster": "KUBE_CLUSTER", "namespace": "KUBE_NAMESPACE", "pods": "KUBE_PODS", "service": "KUBE_SERVICE"}
_KUBERNETES_SELECTORS = {"name": "NAME", "labels": "LABELS"}
KUBERNETES = Struct(
    (
        Field("what", Choice(tuple(_KUBERNETES_TYPES)), required=True),
        Field("by", Choice(tuple(_KUBERNETES_SELECTORS)), required=True),
        Field("names", TextSet(), required=True),
    ),
    example="write {what: namespace, by: name, names: [shop]}",
)


class MemberCodec(abc.ABC):
    """The wire side of one way to select, for entities of ``type`` and ``selectBy``."""

    def __init__(self, kind: str, selector: str) -> None:
        self.kind, self.selector = kind, selector

    def reads(self, kind: str, selector: str) -> bool:
        return (kind, selector) == (self.kind, self.selector)

    def encode(self, value: t.Any, directory: Directory) -> Body:
        """The whole entity. Raises UnknownReference or Ambiguous."""
        return {"type": self.kind, "selectBy": self.selector, **self.properties(value, directory)}

    @abc.abstractmethod
    def properties(self, value: t.Any, directory: Directory) -> Body:
        """The properties beside type and selectBy."""

    @abc.abstractmethod
    def decode(self, reader: Reader, directory: Directory, kind: str, selector: str) -> t.Any:
        """The canonical value; type and selectBy were taken. Raises NotRepresentable and UnknownReference."""


def _ids(reader: Reader) -> list[str]:
    ids = reader.take("referenceExtIds")
    if not ids:
        reader.refuse("referenceExtIds", "is empty")
    return list(ids)


class CategoryIds(MemberCodec):
    """VMs, subnets or VPCs by their categories."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind, "CATEGORY_EXT_ID")

    def properties(self, value: t.Any, directory: Directory) -> Body:
        return {"referenceExtIds": [directory.id_of("category", name) for name in category_names(value)]}

    def decode(self, reader: Reader, directory: Directory, kind: str, selector: str) -> t.Any:
        return from_category_names(name_at(reader, "referenceExtIds", directory, "category", one) for one in _ids(reader))


class ObjectIds(MemberCodec):
    """Objects themselves, by id on the wire and by name here."""

    def __init__(self, kind: str, referred: str) -> None:
        super().__init__(kind, "EXT_ID")
        self.referred = referred

    def properties(self, value: t.Any, directory: Directory) -> Body:
        return {"referenceExtIds": [directory.id_of(self.referred, name) for name in value]}

    def decode(self, reader: Reader, directory: Directory, kind: str, selector: str) -> t.Any:
        return sorted({name_at(reader, "referenceExtIds", directory, self.referred, one) for one in _ids(reader)})


class VmName(MemberCodec):
    """VMs whose name matches a text."""

    def __init__(self) -> None:
        super().__init__("VM", "REGEX")

    def properties(self, value: t.Any, directory: Directory) -> Body:
        ((match, text),) = value.items()
        return {"matchCriteria": match.upper(), "referenceString": text}

    def decode(self, reader: Reader, directory: Directory, kind: str, selector: str) -> t.Any:
        match, text = reader.take("matchCriteria"), reader.take("referenceString")
        if str(match).lower() not in _MATCHES or not text:
            reader.refuse("matchCriteria", f"is {match!r} with referenceString {text!r}")
        return {str(match).lower(): text}


class AddressValues(MemberCodec):
    """IPv4 prefixes and ranges."""

    _PREFIXES = AddressLists("ipv4Addresses", "")
    _RANGES = AddressLists("", "ipv4Ranges")

    def __init__(self) -> None:
        super().__init__("ADDRESS_GROUP", "IP_VALUES")

    def properties(self, value: t.Any, directory: Directory) -> Body:
        both = AddressLists("ipv4Addresses", "ipv4Ranges").encode(value, directory)
        body: Body = {}
        if "ipv4Addresses" in both:
            body["addresses"] = {"ipv4Addresses": both["ipv4Addresses"]}
        if "ipv4Ranges" in both:
            body["ipRanges"] = {"ipv4Ranges": both["ipv4Ranges"]}
        return body

    def decode(self, reader: Reader, directory: Directory, kind: str, selector: str) -> t.Any:
        found: list[str] = []
        for name, codec in (("addresses", self._PREFIXES), ("ipRanges", self._RANGES)):
            inner = reader.inner(name)
            if inner is not None:
                found += codec.decode(inner, directory) or []
                inner.finish()
        if not found:
            reader.refuse("addresses", "is empty")
        return sort_addresses(found)


class Texts(MemberCodec):
    """A property with a list of texts."""

    def __init__(self, kind: str, selector: str, name: str) -> None:
        super().__init__(kind, selector)
        self.name = name

    def properties(self, value: t.Any, directory: Directory) -> Body:
        return {self.name: list(value)}

    def decode(self, reader: Reader, directory: Directory, kind: str, selector: str) -> t.Any:
        texts = reader.take(self.name)
        if not texts:
            reader.refuse(self.name, "is empty")
        return sorted(set(texts))


class Kubernetes(MemberCodec):
    """Kubernetes objects by name or labels."""

    def __init__(self) -> None:
        super().__init__("", "")
        self._words = {wire: word for word, wire in {**_KUBERNETES_TYPES, **_KUBERNETES_SELECTORS}.items()}

    def reads(self, kind: str, selector: str) -> bool:
        return kind in _KUBERNETES_TYPES.values() and selector in _KUBERNETES_SELECTORS.values()

    def encode(self, value: t.Any, directory: Directory) -> Body:
        kind, selector = _KUBERNETES_TYPES[value["what"]], _KUBERNETES_SELECTORS[value["by"]]
        return {"type": kind, "selectBy": selector, **self.properties(value, directory)}

    def properties(self, value: t.Any, directory: Directory) -> Body:
        return {"kubeEntities": list(value["names"])}

    def decode(self, reader: Reader, directory: Directory, kind: str, selector: str) -> t.Any:
        names = reader.take("kubeEntities")
        if not names:
            reader.refuse("kubeEntities", "is empty")
        return {"what": self._words[kind], "by": self._words[selector], "names": sorted(set(names))}

# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The vendor's SDK packages that are installed here, and one site seen through them. Knows no test."""

from __future__ import annotations

import copy
import importlib
import json
import time
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
import yaml

ESTATE = Path(__file__).with_name("estate.yml")
NAMESPACES = ("clustermgmt", "datapolicies", "dataprotection", "microseg", "networking", "prism", "vmm")

#: Minor of each namespace by release (contract/v4 section 1).
_MINORS = {
    "pc.2024.3": {"*": 0},
    "pc.7.5": {"*": 2},
    "pc.7.6": {"*": 3, "dataprotection": 4, "prism": 4, "networking": 4},
}
_DEADLINE_SECONDS = 30
_TERMINAL = ("SUCCEEDED", "FAILED", "CANCELED")


def sdk_minor(namespace: str) -> int:
    """The minor that the installed package of a namespace speaks."""
    return int(version(f"ntnx-{namespace}-py-client").split(".")[1])


def package(namespace: str) -> Any:
    """The SDK package of a namespace, with its models and API classes."""
    return importlib.import_module(f"ntnx_{namespace}_py_client")


def releases() -> dict[str, str]:
    """Release by site id, as the estate says."""
    document = yaml.safe_load(ESTATE.read_text(encoding="utf-8"))
    return {site_id: site["prism_central"]["release"] for site_id, site in document["sites"].items()}


def reachable_sites() -> list[str]:
    """The sites this SDK can talk to: those as new as itself, and, if it negotiates, those from minor 4.2 on."""
    return [site_id for site_id, release in releases().items() if release in reachable_releases() and site_id != "flex"]


def reachable_releases() -> list[str]:
    """The releases this SDK can talk to: those as new as itself, and, if it negotiates, those from minor 4.2 on."""
    lowest = min(sdk_minor("microseg"), 2)
    return [release for release, minors in _MINORS.items() if minors["*"] >= lowest]


class Site:
    """One Prism Central through the SDK: models in, models out, every answer checked for what the SDK does not know."""

    def __init__(self, site_id: str, ready: dict[str, Any], release: str | None = None) -> None:
        self.id = site_id
        self.release = release or releases()[site_id]
        self.ca = ready["ca"]
        self._access = ready["sites"][site_id]["prism_central"]
        self._clients: dict[str, Any] = {}

    @property
    def url(self) -> str:
        return str(self._access["url"])

    @property
    def credentials(self) -> tuple[str, str]:
        """User name and password."""
        return self._access["username"], self._access["password"]

    def minor(self, namespace: str) -> int:
        """The minor that SDK and site have in common for a namespace."""
        minors = _MINORS[self.release]
        return min(sdk_minor(namespace), minors.get(namespace, minors["*"]))

    def client(self, namespace: str, **overrides: Any) -> Any:
        """The namespace's ApiClient; kept unless something is overridden (``password``, ``api_key``, ``negotiate``)."""
        if not overrides and namespace in self._clients:
            return self._clients[namespace]
        sdk = package(namespace)
        configuration = sdk.Configuration()
        host, _colon, port = self.url.removeprefix("https://").rstrip("/").partition(":")
        configuration.host, configuration.port = host, int(port)
        configuration.root_ca_certificate_file = self.ca
        configuration.max_retry_attempts = 1
        # All Configuration objects of a package share one dict of keys unless given their own.
        configuration.api_key = {}
        if "api_key" in overrides:
            configuration.set_api_key(overrides["api_key"])
        else:
            configuration.username = self._access["username"]
            configuration.password = overrides.get("password", self._access["password"])
        arguments = {} if sdk_minor(namespace) < 2 else {"allow_version_negotiation": overrides.get("negotiate", True)}
        client = sdk.ApiClient(configuration=configuration, **arguments)
        if not overrides:
            self._clients[namespace] = client
        return client

    def api(self, namespace: str, name: str, **overrides: Any) -> Any:
        """An API class (``AddressGroupsApi``) bound to this site."""
        return getattr(package(namespace), name)(api_client=self.client(namespace, **overrides))

    def model(self, namespace: str, name: str, body: dict[str, Any], known: bool = True) -> Any:
        """An SDK model (``config.AddressGroup``) made from an API body; the SDK's own checks apply.

        ``known`` is False for bodies that hold models of another package, as batches do.
        """
        made = self.client(namespace).deserialize(copy.deepcopy(body), f"{namespace}.v4.{name}")
        if known:
            check_known(made)
        return made

    def plain(self, namespace: str, model: Any) -> Any:
        """A model as the API body it stands for, without nulls and the SDK's own keys."""
        return wire_form(self.client(namespace), model)

    def wait(self, answer: Any, status: str = "SUCCEEDED") -> Any:
        """The task that an answer refers to, once it has ended; asserts how."""
        check_known(answer)
        tasks = self.api("prism", "TasksApi")
        deadline = time.monotonic() + _DEADLINE_SECONDS
        while True:
            task = data_of(tasks.get_task_by_id(answer.data.ext_id))
            if task.status in _TERMINAL or time.monotonic() > deadline:
                assert task.status == status, task.to_str()
                return task
            time.sleep(0.05)

    def made(self, answer: Any, rel: str) -> str:
        """The id of what a create task made."""
        found = [entity.ext_id for entity in self.wait(answer).entities_affected if entity.rel == rel]
        assert len(found) == 1, f"entities of rel {rel}: {found}"
        return str(found[0])


def wire_form(client: Any, model: Any) -> Any:
    """What an SDK client would send for a model, without nulls and the SDK's own keys."""
    # The SDK offers no public way to its wire form; to_dict() speaks Python names.
    return _without_extras(client._ApiClient__sanitize_for_serialization(model))


def _without_extras(value: Any) -> Any:
    if isinstance(value, dict):
        extras = ("$reserved", "$unknownFields", "$specItemDiscriminator")
        return {key: _without_extras(item) for key, item in value.items() if item is not None and key not in extras}
    return [_without_extras(item) for item in value] if isinstance(value, list) else value


def data_of(answer: Any) -> Any:
    """The data of an answer whose every part the SDK knows; an empty list when the list answer has no data."""
    check_known(answer)
    if answer.data is None and type(answer).__name__.startswith("List"):
        assert answer.metadata.total_available_results == 0
        return []
    return answer.data


def check_known(value: Any, at: str = "answer") -> None:
    """Assert that nothing in a deserialized value was unknown to the SDK, at any depth."""
    for path, unknown in _unknown(value, at):
        raise AssertionError(f"the SDK does not know {sorted(unknown)} in {path}")


def _unknown(value: Any, at: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from _unknown(item, f"{at}[{index}]")
    elif hasattr(value, "swagger_types"):
        # Discriminators are part of the wire form of a oneOf. Rules must not have one: SDK comparisons break on it.
        unknown = {key for key in value.get_unknown_fields() if not key.endswith("ItemDiscriminator") or key == "$specItemDiscriminator"}
        if unknown:
            yield at, unknown
        for name in value.swagger_types:
            if not name.startswith("_"):
                yield from _unknown(getattr(value, name), f"{at}.{name}")
    elif isinstance(value, dict) and "$objectType" in value:
        yield at, [value["$objectType"]]


def refusal(namespace: str, call: Any, status: int) -> Any:
    """The error body of a call that must be refused with an HTTP status, as the SDK's ErrorResponse where there is one."""
    sdk = importlib.import_module(f"ntnx_{namespace}_py_client.rest")
    with pytest.raises(sdk.ApiException) as caught:
        call()
    assert caught.value.status == status, f"{caught.value.status} {caught.value.body}"
    body = caught.value.body
    return json.loads(body) if isinstance(body, (str, bytes)) and body else body

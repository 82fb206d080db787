"""Short ways to read what a person writes; every test of entities starts with them."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from ansible_collections.nutanix_flow.dr.plugins.module_utils._entities.recovery_registry import RECOVERY_ENTITIES
from ansible_collections.nutanix_flow.dr.plugins.module_utils._entities.registry import ENTITIES
from ansible_collections.nutanix_flow.dr.plugins.module_utils._model.entity import merge, read_params
from ansible_collections.nutanix_flow.dr.plugins.module_utils._model.entity_checks import check_whole
from ansible_collections.nutanix_flow.dr.plugins.module_utils._model.form import Minor
from ansible_collections.nutanix_flow.dr.plugins.module_utils._model.problems import Problems


class Written:
    """Reads YAML as one kind of object."""

    def __init__(self, kind: str) -> None:
        self.entity = {**ENTITIES, **RECOVERY_ENTITIES}[kind]

    def canonical(self, text: str) -> dict[str, Any]:
        """The canonical object; fails the test if anything was found wrong."""
        found, findings = self._read(text)
        assert findings == []
        return found

    def findings(self, text: str, *, new: bool = False, minor: Minor | None = None) -> list[str]:
        return self._read(text, new=new, minor=minor)[1]

    def _read(self, text: str, *, new: bool = False, minor: Minor | None = None) -> tuple[dict[str, Any], list[str]]:
        problems = Problems()
        found = merge(self.entity, {}, read_params(self.entity, yaml.safe_load(text), problems))
        if not problems.findings:
            check_whole(self.entity, found, problems, new=new, minor=minor)
        return found, [str(finding) for finding in problems.findings]


@pytest.fixture
def rule() -> Written:
    return Written("security_rule")


@pytest.fixture
def entity_group() -> Written:
    return Written("entity_group")


@pytest.fixture
def address_group() -> Written:
    return Written("address_group")


@pytest.fixture
def service_group() -> Written:
    return Written("service_group")


@pytest.fixture
def category() -> Written:
    return Written("category")


@pytest.fixture
def protection_policy() -> Written:
    return Written("protection_policy")


@pytest.fixture
def recovery_plan() -> Written:
    return Written("recovery_plan")

"""Fixtures of the tests of the Prism client: a fake Prism Central, a clock without waiting, and a client of both."""

from __future__ import annotations

import typing as t
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ansible_collections.nutanix_flow.dr.plugins.module_utils._prism.central_v4 import CentralV4
from tests.unit.net.stub import Stub, serving
from tests.unit.prism.fake import FakeCentral, Time


@pytest.fixture
def fake() -> FakeCentral:
    fake = FakeCentral()
    fake.versions = {"microseg": "v4.2", "prism": "v4.3", "vmm": "v4.2"}
    return fake


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def stub(tmp_path: Path, fake: FakeCentral) -> Iterator[Stub]:
    with serving(tmp_path, fake) as running:
        yield running


@pytest.fixture
def client_of(stub: Stub, time: Time) -> Callable[..., CentralV4]:
    def make(**options: t.Any) -> CentralV4:
        return CentralV4(stub.endpoint(), sleep=time.sleep, clock=time.clock, random=lambda: 1.0, **options)

    return make


@pytest.fixture
def client(client_of: Callable[..., CentralV4]) -> CentralV4:
    return client_of()

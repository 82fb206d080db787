"""The client of Prism Element against the simulator: the same objects directly and by Prism Central, and which cluster was meant."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from ansible_collections.nutanix_flow.dr.plugins.module_utils._errors import InvalidInput, NotFound, ServerError, Unauthorized, UnknownReference
from ansible_collections.nutanix_flow.dr.plugins.module_utils._glue.element_module import open_element
from ansible_collections.nutanix_flow.dr.plugins.module_utils._prism.element import V2
from prismsim.testing import Running, running
from tests.integration.elements import EAST, WEST_ADDRESS, direct, estate, through

_DEFAULTS = {"cluster": None, "via_prism_central": False, "nutanix_api_key": None, "validate_certs": True, "timeout": 20, "wait_timeout": 20}
Way = Callable[[Running, str], dict[str, Any]]


@pytest.fixture(scope="module")
def sim() -> Iterator[Running]:
    with running(estate()) as started:
        yield started


@pytest.fixture(params=[direct, through])
def way(request: pytest.FixtureRequest) -> Way:
    chosen: Way = request.param
    return chosen


def test_what_a_cluster_holds_is_the_same_by_both_ways(sim: Running, way: Way) -> None:
    element = open_element({**_DEFAULTS, **way(sim, EAST)})
    assert element.get("cluster")["name"] == "east-ahv"
    assert {item["name"] for item in element.list("vstores")} == {"SelfServiceContainer", "NutanixManagementShare", "frame", "scratch"}
    assert [item["name"] for item in element.list("networks", version=V2)] == ["desktops"]
    made = element.create("remote_sites", {"name": "a%b &c", "remoteIpPorts": {WEST_ADDRESS: 2020}})
    try:
        assert made["remoteIpPorts"] == {WEST_ADDRESS: 2020}
        assert element.get(("remote_sites", "a%b &c"))["uuid"] == made["uuid"]
        changed = element.update("remote_sites", {**{key: value for key, value in made.items() if key != "stats"}, "compressionEnabled": True})
        assert changed["compressionEnabled"] is True
        with pytest.raises(ServerError, match="Remote site a%b &c already exists"):
            element.create("remote_sites", {"name": "a%b &c", "remoteIpPorts": {WEST_ADDRESS: 2020}})
    finally:
        assert element.delete(("remote_sites", "a%b &c")) is True
    with pytest.raises(NotFound):
        element.get(("remote_sites", "a%b &c"))


def test_the_name_of_the_cluster_is_checked(sim: Running) -> None:
    assert open_element({**_DEFAULTS, **direct(sim, EAST), "cluster": "east-ahv"}).site == "east-ahv"
    with pytest.raises(InvalidInput, match="127.0.0.1 is the Prism Element of 'east-ahv', not of 'west-ahv'"):
        open_element({**_DEFAULTS, **direct(sim, EAST), "cluster": "west-ahv"})
    with pytest.raises(UnknownReference, match="no cluster of this name is registered there; there are: east-ahv"):
        open_element({**_DEFAULTS, **through(sim, EAST), "cluster": "west-ahv"})


def test_credentials_of_one_cluster_open_no_other(sim: Running) -> None:
    with pytest.raises(Unauthorized, match="read on east-ahv: .* answered 401"):
        open_element({**_DEFAULTS, **direct(sim, EAST), "cluster": "east-ahv", "nutanix_password": "west-only/4u"})
    with pytest.raises(InvalidInput, match="a Prism Element takes no API key"):
        open_element({**_DEFAULTS, **direct(sim, EAST), "nutanix_api_key": "k", "nutanix_username": None})

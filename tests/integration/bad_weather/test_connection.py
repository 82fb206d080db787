"""Wrong host, port, password, API key, certificate; a site that is down or silent, a server that is no Prism; an expired session.

Items of the list of bad weather: wrong host, port, password, untrusted certificate, expired session.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import trustme

from prismsim.testing import Running, running
from tests.integration.bad_weather.tells import check_told
from tests.integration.direct import run_module
from tests.integration.pair import MINIMAL
from tests.integration.play import connection_of


@pytest.fixture(scope="module")
def sim() -> Iterator[Running]:
    with running(MINIMAL) as found:
        yield found


def listed(sim: Running, **options: Any) -> dict[str, Any]:
    given = {**connection_of(sim.ready, "north"), "timeout": 2, **options}
    return run_module("category_info", {name: value for name, value in given.items() if value is not None})


WRONG: list[tuple[str, dict[str, Any], str, str]] = [
    ("a host without a name", {"nutanix_host": "no-such-host.invalid"}, "ConnectionFailed", "the host name cannot be resolved"),
    ("a port where nothing listens", {"nutanix_port": 9}, "ConnectionFailed", "nothing listens there (connection refused)"),
    ("a wrong password", {"nutanix_password": "not-this-one"}, "Unauthorized", "The user name or the password is wrong"),
    ("a certificate that nobody trusts", {"ca_path": None}, "ConnectionFailed", "no trusted TLS connection"),
]


@pytest.mark.parametrize(("options", "kind", "words"), [case[1:] for case in WRONG], ids=[case[0] for case in WRONG])
def test_a_wrong_way_to_the_site(sim: Running, options: dict[str, Any], kind: str, words: str) -> None:
    mark = sim.mark()
    site = options.get("nutanix_host", "127.0.0.1")
    secrets = (connection_of(sim.ready, "north")["nutanix_password"], "not-this-one")
    check_told(listed(sim, **options), words, type=kind, verb="negotiate", site=site, secrets=secrets)
    tried = [call for call in sim.requests(mark) if call["status"] == 401]
    assert len(tried) <= 1, "credentials that are wrong are sent once: a Prism locks users out"


def test_a_wrong_api_key(sim: Running) -> None:
    result = listed(sim, nutanix_username=None, nutanix_password=None, nutanix_api_key="s3cr3t-key")
    check_told(result, "The API key is not valid", type="Unauthorized", verb="negotiate", secrets=("s3cr3t-key",))


def test_the_certificate_of_another_authority(sim: Running, tmp_path: Path) -> None:
    other = tmp_path / "other.pem"
    trustme.CA().cert_pem.write_to_path(str(other))
    check_told(listed(sim, ca_path=str(other)), "no trusted TLS connection", "ca_path", type="ConnectionFailed", verb="negotiate")


def test_a_file_of_authorities_that_is_not_there(sim: Running, tmp_path: Path) -> None:
    check_told(listed(sim, ca_path=str(tmp_path / "none.pem")), "none.pem does not exist", type="InvalidInput")


def test_a_port_that_speaks_no_https(sim: Running) -> None:
    port = int(sim.ready["control"].rsplit(":", 1)[1])
    check_told(listed(sim, nutanix_port=port), "no trusted TLS connection", "speaks HTTPS", type="ConnectionFailed", verb="negotiate")


@pytest.mark.parametrize(("mode", "words"), [("refuse", "connection refused"), ("blackhole", "no answer")])
def test_a_site_that_is_down_or_silent(sim: Running, mode: str, words: str) -> None:
    sim.down("north", mode)
    try:
        check_told(listed(sim), words, type="ConnectionFailed", verb="negotiate")
    finally:
        sim.up("north")


def test_a_session_that_expires_in_the_middle_is_renewed(sim: Running) -> None:
    sim.fault(do="slow", ms=1, site="north")
    sim.expire_sessions()
    assert "msg" not in listed(sim)
    sim.clear_faults()

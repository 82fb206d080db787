"""One exchange: credentials, cookies, TLS, and a telling error for each way in which no answer comes."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from ansible_collections.nutanix_flow.dr.plugins.module_utils._errors import ConnectionFailed, DeadlineExceeded, InvalidInput
from ansible_collections.nutanix_flow.dr.plugins.module_utils._net.session import Endpoint, HttpSession
from tests.unit.net.stub import Say, Stub, serving


def failure(session: HttpSession, path: str = "/api/x") -> ConnectionFailed:
    with pytest.raises(ConnectionFailed) as caught:
        session.request("GET", path).json()
    assert "s3cret" not in str(caught.value)
    return caught.value


def test_an_answer_comes_back_whole(stub: Stub) -> None:
    stub.script = [Say(200, {"data": [1]}, {"ETag": "e1"})]
    response = HttpSession(stub.endpoint()).request(
        "POST", "/api/x", params={"$limit": "1", "$filter": "name eq 'a b'"}, json={"a": 1}, headers={"If-Match": "e0"}
    )
    assert (response.status, response.json(), response.headers["etag"]) == (200, {"data": [1]}, "e1")
    asked = stub.asked[0]
    assert asked.path == "/api/x?%24limit=1&%24filter=name+eq+%27a+b%27"
    assert (asked.method, asked.body, asked.headers["If-Match"]) == ("POST", {"a": 1}, "e0")
    assert asked.headers["Content-Type"] == "application/json"
    assert asked.headers["Authorization"].startswith("Basic ")


def test_compressed_answers_are_asked_for(stub: Stub) -> None:
    stub.script = [Say(200, {})]
    HttpSession(stub.endpoint()).request("GET", "/api/x")
    (asked,) = stub.asked
    assert "gzip" in asked.headers["Accept-Encoding"]


def test_a_body_less_call_has_no_body(stub: Stub) -> None:
    stub.script = [Say(204)]
    HttpSession(stub.endpoint()).request("POST", "/api/x")
    assert stub.asked[0].body is None
    assert "Content-Type" not in stub.asked[0].headers


def test_an_api_key_replaces_the_password(stub: Stub) -> None:
    stub.script = [Say(200, {}, {"Set-Cookie": "S=1"}), Say(200, {})]
    session = HttpSession(stub.endpoint(api_key="k3y"))
    for _ignored in range(2):
        session.request("GET", "/api/x")
    for asked in stub.asked:
        assert asked.headers["X-ntnx-api-key"] == "k3y"
        assert not {"Authorization", "Cookie"} & set(asked.headers)


def test_the_session_cookie_replaces_credentials_until_it_expires(stub: Stub) -> None:
    stub.script = [
        Say(200, {}, {"Set-Cookie": "NTNX=1; Path=/; Secure; HttpOnly"}),
        Say(200, {}),
        Say(401),
        Say(200, {}, {"Set-Cookie": "NTNX=2"}),
        Say(200, {}),
    ]
    session = HttpSession(stub.endpoint())
    assert [session.request("GET", "/api/x").status for _ignored in range(4)] == [200] * 4
    sent = [("Authorization" in asked.headers, asked.headers.get("Cookie")) for asked in stub.asked]
    assert sent == [(True, None), (False, "NTNX=1"), (False, "NTNX=1"), (True, None), (False, "NTNX=2")]


def test_wrong_credentials_are_sent_once(stub: Stub) -> None:
    stub.script = [Say(401), Say(401)]
    assert HttpSession(stub.endpoint()).request("GET", "/api/x").status == 401
    assert len(stub.asked) == 1


def test_netrc_does_not_replace_our_credentials(stub: Stub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login other password other\n")
    monkeypatch.setenv("NETRC", str(netrc))
    stub.script = [Say(200, {})]
    HttpSession(stub.endpoint(username=None, password=None)).request("GET", "/api/x")
    assert "Authorization" not in stub.asked[0].headers


def test_an_untrusted_certificate_is_refused(stub: Stub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REQUESTS_CA_BUNDLE", raising=False)
    monkeypatch.delenv("CURL_CA_BUNDLE", raising=False)
    error = failure(HttpSession(stub.endpoint(ca_path=None)))
    assert (error.reason, error.sent) == ("tls", False)
    assert "ca_path" in str(error)
    assert not stub.asked


def test_ca_path_wins_over_the_environment(stub: Stub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = tmp_path / "other"
    other.mkdir()
    with serving(other) as stranger:
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", stranger.ca_path)
        stub.script = [Say(200, {})]
        assert HttpSession(stub.endpoint()).request("GET", "/api/x").status == 200


def test_the_environment_names_the_ca_where_no_option_does(stub: Stub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", stub.ca_path)
    stub.script = [Say(200, {})]
    assert HttpSession(stub.endpoint(ca_path=None)).request("GET", "/api/x").status == 200


def test_validation_can_be_switched_off_whatever_the_environment_says(stub: Stub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = tmp_path / "other"
    other.mkdir()
    with serving(other) as stranger:
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", stranger.ca_path)
        stub.script = [Say(200, {})]
        assert HttpSession(stub.endpoint(validate_certs=False, ca_path=None)).request("GET", "/api/x").status == 200


def test_a_missing_ca_file_is_told_before_any_call(stub: Stub) -> None:
    with pytest.raises(InvalidInput, match="/nowhere/ca.pem does not exist"):
        HttpSession(stub.endpoint(ca_path="/nowhere/ca.pem"))


def test_a_port_where_nobody_listens_is_refused() -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        error = failure(HttpSession(Endpoint("127.0.0.1", holder.getsockname()[1], site="south")))
    assert (error.reason, error.sent, error.site) == ("refused", False, "south")


def test_a_port_that_speaks_plain_http_is_a_tls_failure(tmp_path: Path) -> None:
    with serving(tmp_path, tls=False) as plain:
        error = failure(HttpSession(plain.endpoint(ca_path=None)))
    assert error.reason == "tls"
    assert "check that the port speaks HTTPS" in str(error)


def test_an_unknown_host_is_a_dns_failure() -> None:
    error = failure(HttpSession(Endpoint("pc.invalid", 9440, site="south")))
    assert (error.reason, error.sent) == ("dns", False)


def test_a_host_that_accepts_and_never_answers_times_out() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        error = failure(HttpSession(Endpoint("127.0.0.1", silent.getsockname()[1], site="south", timeout=0.2, connect_timeout=0.2)))
    assert error.reason == "timeout"
    assert "0.2 s" in str(error)


def test_a_reset_may_have_reached_the_server(stub: Stub) -> None:
    stub.script = [Say(do="reset")]
    error = failure(HttpSession(stub.endpoint()))
    assert (error.reason, error.sent) == ("reset", True)


@pytest.mark.parametrize(
    ("say", "reason"),
    [
        (Say(200, b"<html><body>Sign in</body></html>"), "html"),
        (Say(200, b'{"data": [1, '), "truncated"),
        (Say(200, {"data": list(range(1000))}, do="truncate"), "truncated"),
        (Say(200, b""), "empty"),
        (Say(302, None, {"Location": "https://login.example/"}), "redirect"),
    ],
    ids=["html", "broken json", "short body", "empty body", "redirect"],
)
def test_what_is_no_json_is_named(stub: Stub, say: Say, reason: str) -> None:
    stub.script = [say]
    error = failure(HttpSession(stub.endpoint()))
    assert (error.reason, error.sent, error.site) == (reason, True, "north")
    assert "GET" in str(error)
    assert "/api/x" in str(error)
    assert error.fix


def test_no_call_is_sent_after_the_deadline(stub: Stub) -> None:
    session = HttpSession(stub.endpoint(), clock=lambda: 100.0)
    with pytest.raises(DeadlineExceeded):
        session.request("GET", "/api/x", deadline=99.0)
    assert not stub.asked


def test_secrets_are_not_in_the_representation(stub: Stub) -> None:
    shown = repr(stub.endpoint(api_key="k3y"))
    assert "s3cret" not in shown
    assert "k3y" not in shown


def test_an_ipv6_host_is_bracketed() -> None:
    assert Endpoint("fd00::1").url == "https://[fd00::1]:9440"


@pytest.mark.parametrize("host", ["", "https://pc.example", "pc.example/console", "admin@pc", "pc example"])
def test_what_is_no_host_is_told_before_any_call(host: str) -> None:
    with pytest.raises(InvalidInput, match="is no host name or address"):
        HttpSession(Endpoint(host))


def test_the_proxy_of_the_environment_is_used_unless_no_proxy_names_the_host(stub: Stub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("no_proxy", "NO_PROXY", "https_proxy", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with serving(tmp_path, lambda asked: Say(407), tls=False) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://user:pr0xy@127.0.0.1:{proxy.port}")
        error = failure(HttpSession(stub.endpoint()))
    assert (error.reason, error.sent) == ("proxy", False)
    assert "HTTPS_PROXY" in str(error)
    assert "pr0xy" not in str(error)
    assert not stub.asked
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    stub.script = [Say(200, {})]
    assert HttpSession(stub.endpoint()).request("GET", "/api/x").status == 200

"""A port is open when somebody listens, refused when nobody does; one that can't be reached says nothing."""

from __future__ import annotations

import socket

from ansible_collections.nutanix_flow.dr.plugins.module_utils._net.tcp_ports import try_ports


def test_open_and_refused_in_their_order() -> None:
    with socket.socket() as listening, socket.socket() as bound:
        for one in (listening, bound):
            one.bind(("127.0.0.1", 0))
        listening.listen()
        targets = [bound.getsockname(), listening.getsockname(), bound.getsockname()]
        assert try_ports(targets, timeout=5.0) == ["refused", "open", "refused"]


def test_a_name_that_is_none_is_unreachable() -> None:
    assert try_ports([("no-such-host.invalid", 2020)], timeout=5.0) == ["unreachable"]


def test_nothing_to_try() -> None:
    assert try_ports([], timeout=1.0) == []

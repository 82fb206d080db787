"""A router and a namespace per VM, with real packets between them; runs a command among them and ends as it does.

Started by `run` in a user namespace of its own, so it needs no root, sees no network but its own, and leaves nothing behind.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

NEEDED = {"unshare": "util-linux", "nsenter": "util-linux", "ip": "iproute2", "nft": "nftables"}
_UNSHARE = ("unshare", "--user", "--map-root-user", "--net", "--mount", "--pid", "--fork", "--kill-child")
_GATEWAY = "169.254.0.1"
_LISTEN = """
import selectors, socket, sys
waiting = selectors.DefaultSelector()
for port in map(int, sys.argv[1:]):
    tcp, udp = socket.create_server(("0.0.0.0", port)), socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    udp.bind(("0.0.0.0", port))
    waiting.register(tcp, selectors.EVENT_READ, "tcp")
    waiting.register(udp, selectors.EVENT_READ, "udp")
while True:
    for key, _events in waiting.select():
        if key.data == "tcp":
            key.fileobj.accept()[0].close()
        else:
            key.fileobj.sendto(b"here", key.fileobj.recvfrom(512)[1])
"""


def missing() -> str:
    """Why there can be no such network on this machine; empty if there can."""
    for program, package in NEEDED.items():
        if which(program) is None:
            return f"not run: {package} is not installed ({program} is missing)"
    tried = subprocess.run([*_UNSHARE, "true"], capture_output=True, text=True, check=False)
    return "" if tried.returncode == 0 else f"not run: this machine allows no user namespaces ({tried.stderr.strip()})"


def which(program: str) -> str | None:
    """Its path, also where only root looks for programs."""
    return shutil.which(program, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")


def run(network: dict[str, Any], command: list[str], directory: Path, *, seconds: int = 240) -> subprocess.CompletedProcess[str]:
    """Run COMMAND on the machine of the router.

    NETWORK: `hosts` {name: address}, `rules` for `nft -f`, `listen` {name: [port]}, `cut` [names of hosts that are cut off].
    """
    description = directory / "network.json"
    description.write_text(json.dumps({**network, "command": command}))
    inside = [*_UNSHARE, sys.executable, "-m", "tests.integration.netns.network", str(description)]
    return subprocess.run(inside, capture_output=True, text=True, check=False, timeout=seconds, env=_environment())


def at(host: str, *command: str) -> list[str]:
    """The command, run on a host."""
    return [which("nsenter") or "nsenter", f"--net=/run/netns/{host}", *command]


def _environment() -> dict[str, str]:
    return {**os.environ, "PATH": f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin", "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}


def main(description: str) -> int:
    """Inside of the namespaces: build, run, tear down."""
    network = json.loads(Path(description).read_text())
    _do("mount", "-t", "tmpfs", "tmpfs", "/run")
    for number, (name, address) in enumerate(network["hosts"].items()):
        _connect(f"to{number}", name, address)
    Path("/proc/sys/net/ipv4/ip_forward").write_text("1")
    subprocess.run(["nft", "-f", "-"], input=network["rules"], text=True, check=True)
    for name in network.get("cut", ()):
        _do("ip", "-n", name, "link", "set", "eth0", "down")
    listening = [subprocess.Popen(at(name, sys.executable, "-c", _LISTEN, *map(str, ports))) for name, ports in network["listen"].items()]
    try:
        return subprocess.run(network["command"], check=False).returncode
    finally:
        for process in listening:
            process.send_signal(signal.SIGTERM)


def _connect(link: str, name: str, address: str) -> None:
    _do("ip", "netns", "add", name)
    _do("ip", "link", "add", link, "type", "veth", "peer", "name", "eth0", "netns", name)
    _do("ip", "address", "add", f"{_GATEWAY}/32", "dev", link)
    _do("ip", "link", "set", link, "up")
    for command in (
        "link set lo up", f"address add {address}/32 dev eth0", "link set eth0 up", f"route add {_GATEWAY} dev eth0", f"route add default via {_GATEWAY}",
    ):
        _do("ip", "-n", name, *command.split())
    _do("ip", "route", "add", f"{address}/32", "dev", link)


def _do(*command: str) -> None:
    subprocess.run(command, check=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))

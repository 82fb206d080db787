"""The prepared world of a chaos run: south has the old state, the baseline the new one, and both can be had again and again.

Knows how to restore, run the module in a process of its own, and read what south has in the end; kills nothing.
"""

from __future__ import annotations

import importlib
import json
import multiprocessing
import shutil
import sys
import tempfile
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, NamedTuple
from unittest import mock

from ansible_collections.nutanix_flow.dr.plugins.module_utils._evidence.record import read_record
from ansible_collections.nutanix_flow.dr.plugins.module_utils._net.session import HttpSession, Response
from ansible_collections.nutanix_flow.dr.plugins.module_utils._prism import throttle
from ansible_collections.nutanix_flow.dr.plugins.module_utils._prism.many_writes import ManyWrites
from prismsim.testing import Running, running
from tests.chaos import forty_changes
from tests.integration.pair import Pair

#: Method, path and the decoded answer -> what the client is told instead.
Lie = Callable[[str, str, dict[str, Any]], dict[str, Any]]

# A forked process has everything imported already: the kills come several times as often as with a new interpreter each.
_FORK = multiprocessing.get_context("fork")
_REPLICATE = "ansible_collections.nutanix_flow.dr.plugins.modules.replicate"
_RUN_SECONDS = 120.0
#: What two equal objects may differ in.
_OF_ONE_SITE = frozenset({"extId", "createdBy", "updatedBy", "ownerUuid", "creationTime", "createTime", "lastUpdateTime", "updateTime", "lastUpdatedTime"})
_LISTS = {
    "category": "prism/v4.0/config/categories",
    "address_group": "microseg/v4.0/config/address-groups",
    "service_group": "microseg/v4.0/config/service-groups",
    "entity_group": "microseg/v4.1/config/entity-groups",
    "security_policy": "microseg/v4.0/config/policies",
}


class Attempt(NamedTuple):
    """A replication that runs in a process of its own."""

    process: BaseProcess
    output: Path

    def result(self) -> dict[str, Any] | None:
        """What the module returned once it has ended; None when it was killed before."""
        self.process.join(_RUN_SECONDS)
        if self.process.is_alive():
            self.process.kill()
            raise AssertionError(f"the replication did not end within {_RUN_SECONDS:.0f} s")
        text = self.output.read_text()
        found: dict[str, Any] | None = json.loads(text) if text.strip() else None
        return found


class World:
    """South and the baseline as they are before each attempt."""

    def __init__(self, sim: Running, directory: Path, hurry: float, singly: bool) -> None:
        self.sim = sim
        self._hurry = hurry
        self._singly = singly
        self.directory = directory
        self.pair = Pair(sim, directory)
        self._snapshot = directory / "snapshot"
        self._prepare()

    def _prepare(self) -> None:
        pair = self.pair
        for module in ("site_map", "baseline", "replicate"):
            result = pair.result(module)
            assert not result.get("failed"), result["msg"]
        forty_changes.change(self.sim)
        result = pair.result("baseline")
        assert not result.get("failed"), result["msg"]
        self.sim.stop()
        shutil.copytree(self.sim.state_dir, self._snapshot)
        self.sim.start()

    def restore(self) -> None:
        """South has the old state again, and no record tells of a run."""
        self.sim.kill()
        shutil.rmtree(self.sim.state_dir)
        shutil.copytree(self._snapshot, self.sim.state_dir)
        shutil.rmtree(self.pair.reports, ignore_errors=True)
        self.sim.start()

    def replicate(self, run_id: str, lie: Lie | None = None) -> Attempt:
        """Start a replication; ``lie`` tells its client something else than south answers."""
        options = self.pair.options("replicate")
        options |= {"prune": True, "max_vm_percent": 100, "max_deletes": 100, "run_id": run_id, "record": self.pair.record("apply")}
        arguments, output = self.directory / f"{run_id}.json", self.directory / f"{run_id}.out"
        arguments.write_text(json.dumps({"ANSIBLE_MODULE_ARGS": options}))
        output.unlink(missing_ok=True)
        output.touch()
        process = _FORK.Process(target=_run_module, args=(str(arguments), str(output), self._hurry, self._singly, lie))
        process.start()
        return Attempt(process, output)

    def state(self) -> dict[str, dict[str, Any]]:
        """What south has, by kind and name, without what belongs to one site or one moment; lists that say nothing by their order are sorted."""
        state = self.sim.state("south")
        return {kind: {name: _plain(document) for name, document in state[kind].items()} for kind in _LISTS}

    def duplicates(self) -> list[str]:
        """Kinds of which south lists another number of objects than it has names."""
        state = self.sim.state("south")
        return [kind for kind, path in _LISTS.items() if self._count(path) != len(state[kind])]

    def check_record(self) -> None:
        """Raises InvalidInput when the record of the run is damaged."""
        read_record(str(self.pair.reports / "run-1"))

    def _count(self, path: str) -> int:
        import ssl

        access = self.sim.site("south")
        passwords = urllib.request.HTTPPasswordMgrWithPriorAuth()
        passwords.add_password(None, access["url"], access["username"], access["password"], is_authenticated=True)
        opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}),
            urllib.request.HTTPBasicAuthHandler(passwords),
            urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile=self.sim.ready["ca"])),
        )
        with opener.open(f"{access['url']}/api/{path}?$limit=1", timeout=30) as answer:
            return int(json.loads(answer.read())["metadata"]["totalAvailableResults"])


@contextmanager
def world(release: str, profile: str = "instant", *, singly: bool = False) -> Iterator[World]:
    """A prepared world whose sites run ``release``. ``singly``: every object is a call of its own, as where no batches are served."""
    importlib.import_module(_REPLICATE)
    with tempfile.TemporaryDirectory(prefix="chaos-") as directory, running(forty_changes.estate(release), profile=profile) as sim:
        # Without a limit at the other end, the client's respect for it only takes time.
        yield World(sim, Path(directory), hurry=0.05 if profile == "instant" else 1.0, singly=singly)


def _run_module(arguments: str, output: str, limit_period: float, singly: bool, lie: Lie | None) -> None:
    """In the forked process: the module as Ansible runs it, from a file of arguments to a result on standard output.

    ``limit_period``: seconds for which the published rate limits count.
    """
    throttle._PERIOD = limit_period
    ManyWrites.served = not singly
    if lie is not None:
        _believe(lie)
    sys.argv = [_REPLICATE, arguments]
    with open(output, "w", encoding="utf-8") as sys.stdout:
        importlib.import_module(_REPLICATE).main()


def _believe(lie: Lie) -> None:
    """Put ``lie`` between the client's session and what it makes of an answer."""
    honest = HttpSession.request

    def request(self: HttpSession, method: str, path: str, **options: Any) -> Response:
        answer = honest(self, method, path, **options)
        if answer.status >= 300 or not answer.body:
            return answer
        told = lie(method, path, answer.json())
        return Response(answer.status, answer.headers, json.dumps(told).encode(), call=answer.call, site=answer.site)

    mock.patch.object(HttpSession, "request", request).start()  # to the end of this process, which does nothing else


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in sorted(value.items()) if name not in _OF_ONE_SITE}
    if isinstance(value, list):
        return sorted((_plain(item) for item in value), key=lambda item: json.dumps(item, sort_keys=True))
    return value

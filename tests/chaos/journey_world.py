"""The world before a journey's command, or at a power cut, to be had again and again, and what is left in the end.

Runs the command; kills nothing.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ansible_collections.nutanix_flow.dr.plugins.module_utils._evidence.history import END, runs, unfinished
from prismsim.testing import Running, running
from tests.chaos.journeys import Journey
from tests.chaos.leftover import Leftover
from tests.journeys.operator import Operator
from tests.tools.playbook import Play
from tests.tools.processes import suspended

State = dict[str, dict[str, Any]]

#: What two equal objects may differ in: ids, moments, the name of the run, and how often the state of the pair has changed.
_MASKS = [
    (re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"), "ID"),
    (re.compile(r'"epoch":\d+'), "EPOCH"),
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)"), "TIME"),
    (re.compile(r"\d{8}T\d{6}Z(-\d+\b)?"), "TIME"),  # with the number of a test that a drill makes again
]
#: Calls that begin a move.
_BEGINS = re.compile(r"/(migrate|activate)$|/\$actions/[a-z-]*failover$")
#: Members that only say such things.
_OWN = re.compile(r"(?i)(time|usecs|timestamp|vm_handle)$")


class JourneyWorld:
    """A simulator and a person's directory as they are when the command of ``journey`` is given. A ``person`` in ``directory`` has run pre_dr."""

    def __init__(self, journey: Journey, sim: Running, directory: Path) -> None:
        self.journey = journey
        self.sim = sim
        self._directory, self.person = directory, directory / "person"
        after_pre_dr = self.person.exists()
        self.person.mkdir(exist_ok=True)
        self._operator = Operator(self.person, sim)
        self._pool = ThreadPoolExecutor(2)
        self._copies = 0
        self._mark = 0
        self._writes: list[dict[str, Any]] = []
        if not after_pre_dr:
            done = self._operator.run("pre_dr")
            assert done.code == 0, done.text
        self._prepare()

    def _prepare(self) -> None:
        self.journey.before(self._operator)
        self._confirm: tuple[str, ...] = ()
        if self.journey.confirmed:
            rehearsal = self._operator.run(self.journey.playbook, *self.journey.arguments, "--check")
            assert rehearsal.code == 0, rehearsal.text
            self._confirm = ("-e", f"{self.journey.playbook}_confirm={rehearsal.confirmation()}")
        self._mark = self.sim.mark()
        self._begin = self.leftover()

    def leftover(self) -> Leftover:
        """What a power cut would leave now."""
        self._copies += 1
        copy = self._directory / "copies" / str(self._copies)
        writes = self.writes()
        with suspended():
            shutil.copytree(self.sim.state_dir, copy / "state")
            shutil.copytree(self.person, copy / "person")
        return Leftover(copy, writes)

    def restore(self, leftover: Leftover | None = None) -> None:
        """Everything is as it was then; without one, nobody has given the command yet."""
        chosen = leftover or self._begin
        self.sim.kill()
        for kept, place in (("state", self.sim.state_dir), ("person", self.person)):
            shutil.rmtree(place)
            shutil.copytree(chosen.directory / kept, place)
        self.sim.start()
        self.sim.clear_faults()
        self.journey.lasting(self.sim)
        self._mark, self._writes = self.sim.mark(), chosen.writes

    def command(self) -> Future[Play]:
        """Give the command, in the background."""
        when = (self.journey.shows, lambda: self.journey.meanwhile(self.sim) and None)
        return self._pool.submit(self._operator.run, self.journey.playbook, *self.journey.arguments, *self._confirm, when=when)

    def state(self) -> dict[str, State]:
        """What each site and cluster has, by kind and name, and the baseline: without ids, moments and the name of the run."""
        sites = self.sim.ready["sites"]
        found = {site: self.sim.state(site) for site in sites}
        found |= {path: self.sim.cluster_state(path) for site in sites for path in (f"{site}/{cluster}" for cluster in sites[site]["clusters"])}
        files = (file for file in (self.person / "baseline").rglob("*.yml"))
        found["baseline"] = {"file": {str(file.relative_to(self.person)): file.read_text() for file in files}}
        return {place: {kind: {plain(name): plain(item) for name, item in items.items()} for kind, items in kinds.items()} for place, kinds in found.items()}

    def writes(self) -> list[dict[str, Any]]:
        """The calls since the command was first given that could change something, as the simulator has noted them."""
        return self._writes + self.sim.writes(self._mark)

    def begun(self) -> list[str]:
        """Each beginning of a move of workloads that a site has accepted. A repeated call of one request id is one beginning."""
        answered = [line for line in self.writes() if line["status"]]
        accepted = [line for line in answered if _BEGINS.search(line["path"]) and line["status"] < 300]
        return sorted(plain(path) for path, _id in {(line["path"], line["request_id"] or line["seq"]) for line in accepted})

    def twice_on(self) -> list[str]:
        """VMs that are powered on on more than one site."""
        running_at = [
            {name for name, vm in self.sim.state(site).get("vm", {}).items() if vm["powerState"] == "ON"} for site in self.sim.ready["sites"]
        ]
        return sorted(set.intersection(*running_at))

    def wrong_records(self) -> list[str]:
        """What is wrong with the records: a chain that doesn't hold, a run that is not closed, another number of good ends than one."""
        told = runs(str(self.person / "reports"))
        earlier = runs(str(self._begin.directory / "person" / "reports"))
        new = {run_id: events for run_id, events in told.items() if run_id not in earlier}
        good = [run_id for run_id, events in new.items() if events and events[-1].type == END and not events[-1].data.get("failed")]
        found = [f"the record of {run_id} is broken" for run_id, events in new.items() if not events]
        found += [f"run {run_id} was not closed" for run_id in unfinished(told)]
        return found if len(good) == 1 else [*found, f"{len(good)} runs of {len(new)} ended well"]


@contextmanager
def journey_world(journey: Journey) -> Iterator[JourneyWorld]:
    """A world in which ``journey`` can be begun."""
    with tempfile.TemporaryDirectory(prefix="chaos-") as directory, running(journey.estate()) as sim:
        yield JourneyWorld(journey, sim, Path(directory))


def plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: plain(item) for name, item in sorted(value.items()) if not _OWN.search(name)}
    if isinstance(value, list):
        return sorted((plain(item) for item in value), key=str)
    if isinstance(value, str):
        for pattern, word in _MASKS:
            value = pattern.sub(word, value)
    return value

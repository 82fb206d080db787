"""The journeys on a small hospital, from two clusters that are paired and the first rehearsal to a second pre_dr that changes nothing.

    make demo            runs it and stops the simulator
    make demo-shell      opens a shell beside the running simulator afterwards

Everything is left in ./demo-output. The exit code is 1 when a step does not keep its promise.
"""

from __future__ import annotations

import argparse
import re
import shutil
import signal
import sys
import time
from pathlib import Path

from prismsim.testing import running
from tests.demo.shell import explore
from tests.demo.stage import Stage
from tests.tools.collection_tree import ROOT
from tests.tools.report_schema import check_reports

ESTATE = ROOT / "prismsim" / "estates" / "hospital.yml"
LOST = ("billing-app-1", "dns-2")
"""The VMs whose categories do not survive the move."""
WIDER = [{"startPort": 8443, "endPort": 8443}, {"startPort": 9443, "endPort": 9450}]
"""The ports of the service group records-api, and one more."""
MENDED = (("security_rule", "pharmacy"), ("service_group", "records-api"))
IN_MONITOR = "security rule pharmacy is in mode monitor there, before it was enforce"
OPEN_PORT = "tcp/9450"


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=str(__doc__).split("\n\n", maxsplit=1)[0])
    parser.add_argument("--keep", action="store_true", help="open a shell beside the running simulator afterwards")
    parser.add_argument("--output", type=Path, default=ROOT / "demo-output", help="directory for everything; replaced")
    options = parser.parse_args(arguments)
    for wish in (signal.SIGINT, signal.SIGTERM):
        signal.signal(wish, _interrupt)
    if options.output.exists():
        shutil.rmtree(options.output)
    options.output.mkdir(parents=True)
    began = time.monotonic()
    try:
        with running(ESTATE, options.output / "prismsim", "realistic") as simulator:
            stage = Stage(options.output, simulator)
            try:
                tell(stage)
            finally:
                stage.summary(time.monotonic() - began)
            stage.verdict()
            if options.keep:
                explore(stage)
    except KeyboardInterrupt:
        print("\nInterrupted. The simulator is stopped.")
        return 130
    return int(bool(stage.broken))


def tell(stage: Stage) -> None:
    """The story, chapter by chapter."""
    pair_clusters(stage)
    prepare(stage)
    approved = fail_over(stage)
    audit(stage, approved)
    fail_back(stage)
    prepare_again(stage)


def pair_clusters(stage: Stage) -> None:
    """Storage comes before policies: both clusters learn of each other, in one run, from the site map."""
    paired = stage.play("pair_sites", "-e", "site_pairing_probe=false", title="Pair the clusters: both directions, then the check")
    stage.show(paired, "plan | Show it")
    stage.show(paired, "report | The run in one line")
    clusters = (("north/north-ahv", "south-ahv"), ("south/south-ahv", "north-ahv"))
    halves = [stage.simulator.cluster_state(cluster)["remote_site"][name] for cluster, name in clusters]
    stage.promise("both halves stand", all(half["status"] == "RELATIONSHIP_ESTABLISHED" for half in halves))
    forth, back = (half["vstore_name_map"] for half in halves)
    stage.promise(f"{len(forth)} storage containers are mapped, and the way back mirrors it", back == {there: here for here, there in forth.items()} != {})
    stage.promise("the report names the pair", "remote_site_check north-ahv south-ahv" in stage.reports())


def prepare(stage: Stage) -> None:
    """Rehearse, then bring the baseline of north to south."""
    before = stage.simulator.mark()
    rehearsal = stage.play("pre_dr", "--check", "--diff", title="Pre-DR, rehearsed: what does south lack?")
    stage.show(rehearsal, "plan | Show it")
    stage.promise("the rehearsal wrote nothing to a site", not stage.simulator.writes(before))
    stage.promise("the rehearsal left no file", not (stage.directory / "baseline").exists())

    real = stage.play("pre_dr", title="Pre-DR: baseline into git, policies to south")
    stage.show(real, "report | The run in one line")
    north, south = (set(stage.simulator.state(site)["security_policy"]) for site in ("north", "south"))
    stage.promise(f"all {len(north)} security rules are on south", north <= south)
    stage.commit("Baseline of north")


def fail_over(stage: Stage) -> tuple[str, ...]:
    """North is gone. The policies are staged, something else moves the workloads, and meanwhile somebody weakens south by mistake: the
    failover is not called done. Returns the options of the approved command."""
    stage.chapter("Disaster: north stops answering")
    vms = set(stage.simulator.state("north")["vm"])
    stage.simulator.down("north")
    rehearsal = stage.play("failover", "--check", "--diff", "-e", "failover_mode=unplanned", title="Failover, rehearsed: may south take over?")
    stage.show(rehearsal, "check | Show its reasons")
    stage.show(rehearsal, "plan | Show it")

    def move() -> None:
        stage.say(f"something else moves {len(vms)} VMs to south; {' and '.join(LOST)} lose their categories")
        stage.say("somebody leaves pharmacy in monitor, and lets records-api end at port 9450 instead of 9449: nothing stops working")
        stage.simulator.edit("south", "security_policy", "pharmacy", {"state": "MONITOR"})
        stage.simulator.edit("south", "service_group", "records-api", {"tcpServices": WIDER})
        stage.simulator.move("north", "south", keep_categories=sorted(vms - set(LOST)))

    approved = ("-e", "failover_mode=unplanned", "-e", f"failover_confirm={rehearsal.confirmation()}", "-e", "failover_poll_interval=1")
    stopped = stage.play("failover", *approved, title="Failover, unplanned", when=("workloads | Wait for them", move), fails=True)
    stage.show(stopped, "report | The run in one line")
    there = stage.simulator.state("south")["vm"]
    stage.promise(f"all {len(vms)} VMs run at south", vms <= set(there))
    stage.promise("the lost categories are back", all(there[name].get("categories") for name in LOST))
    said = " ".join(stopped.text.split())
    stage.promise("it is not called done: pharmacy in monitor is named, and the open port", IN_MONITOR in said and OPEN_PORT in said)
    return approved


def audit(stage: Stage, approved: tuple[str, ...]) -> None:
    """The audit names both holes with packets; the same failover command goes on, brings the baseline back and proves it."""
    stage.chapter("What is open at south that was closed at north?")
    found = stage.play("audit", title="Audit: what differs, and which packet shows it?", fails=True)
    stage.show(found, "proof | Show it")
    said = " ".join(found.text.split())
    stage.promise("the policy in monitor is named", IN_MONITOR in said)
    stage.promise("the open port is shown by a packet", OPEN_PORT in said)
    mended = stage.play("failover", *approved, title="The same command again: it goes on, and brings the baseline back")
    stage.show(mended, "proof | Show it")
    stage.show(mended, "report | The run in one line")
    stage.promise("the second proof says that every packet is treated as at north", "Proved equal" in mended.text)
    read_report(stage)


def read_report(stage: Stage) -> None:
    """The report of the failover has all of it, for somebody who wasn't there."""
    page = stage.page("failover")
    stage.say("its page: both mistakes with a packet each, what was mended, and the proof that all is as before")
    first, _found, rest = page.partition("Proof 2 of 2: north to south, equal")
    stage.promise("the page names both mistakes", all(text in first for text in (IN_MONITOR, OPEN_PORT, "opened because of pharmacy")))
    stage.promise("the page has a packet for each", len(re.findall(r"opened \d+ pairs? of ends tcp/9450 \S+ to \S+ tcp/9450", first)) > 0)
    stage.promise("the page says what was mended", all(f"update {kind} {name}" in rest for kind, name in MENDED))
    stage.promise("the page has the second proof", "Proved equal: every packet is treated alike" in rest)


def fail_back(stage: Stage) -> None:
    """South was edited meanwhile. The edits come home, then the workloads."""
    stage.chapter("While failed over: a person edits policies at south, then north comes back")
    clinics = stage.simulator.state("south")["address_group"]["clinics"]["ipv4Addresses"]
    stage.simulator.edit("south", "address_group", "clinics", {"ipv4Addresses": [*clinics, {"value": "10.76.0.0", "prefixLength": 22}]})
    stage.simulator.edit("south", "security_policy", "network-zones", {"state": "ENFORCE"})
    stage.say("address group clinics gets 10.76.0.0/22; network-zones is enforced")
    stage.simulator.up("north")

    rehearsal = stage.play("failback", "--check", "--diff", title="Failback, rehearsed: what was edited?")
    stage.show(rehearsal, "plan | Show it")

    def move() -> None:
        stage.say("something else moves the VMs home")
        stage.simulator.move("south", "north")

    real = stage.play(
        "failback", "-e", f"failback_confirm={rehearsal.confirmation()}", "-e", "failback_poll_interval=1",
        title="Failback", when=("workloads | Wait for them", move),
    )
    stage.show(real, "report | The run in one line")
    north = stage.simulator.state("north")
    stage.promise("the new clinic is known at north", "10.76.0.0" in str(north["address_group"]["clinics"]))
    stage.promise("network-zones is enforced at north", north["security_policy"]["network-zones"]["state"] == "ENFORCE")
    stage.promise("the edits show in git", {"clinics", "network-zones"} <= {Path(name).stem for name in stage.changed_files()})
    stage.commit("Baseline of north after the failback, with what was edited at south")


def prepare_again(stage: Stage) -> None:
    """A second pre_dr changes nothing."""
    before = stage.simulator.mark()
    again = stage.play("pre_dr", title="Pre-DR again: nothing to do")
    stage.show(again, "report | The run in one line")
    stage.promise("it changed nothing", again.changed == 0 and not stage.simulator.writes(before))
    stage.promise("git diff is empty", not stage.changed_files())
    drift = stage.play("drift", "-e", "dr_fail_on_drift=true", title="Drift: baseline, north and south")
    stage.show(drift, "Say what was found")
    stage.promise("every report.json follows docs/report.schema.json", check_reports(stage.directory) > 0)
    secrets = {stage.simulator.site(site)["password"] for site in ("north", "south")}
    stage.promise("no password in any log, report or baseline", not stage.files_with(secrets))


def _interrupt(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

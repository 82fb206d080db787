"""pair_sites as a person runs it: rehearsed without a trace, in earnest, and again without a change; and pre_dr, which looks at the pair."""

from __future__ import annotations

from pathlib import Path

from tests.journeys.operator import Operator
from tests.journeys.runner import essentials, run

FRAME = ["-e", "site_pairing_profile=frame", "-e", "site_pairing_probe=false"]
NO_PROBE = ["-e", "site_pairing_probe=false"]


def halves(operator: Operator) -> dict[str, dict[str, str]]:
    """Status and vStore map of both halves."""
    found = {}
    for site, name in (("north", "south-ahv"), ("south", "north-ahv")):
        half = operator.simulator.cluster_state(f"{site}/{site}-ahv").get("remote_site", {}).get(name)
        if half:
            found[site] = {"status": half["status"], **half["vstore_name_map"]}
    return found


def test_rehearsed_in_earnest_and_again(operator: Operator) -> None:
    files, mark = operator.files(), operator.simulator.mark()
    rehearsal = operator.run("pair_sites", "--check", "--diff")
    assert rehearsal.code == 0, rehearsal.text
    plan = "\n".join(rehearsal.says("plan | Show it"))
    for line in ("On cluster north-ahv (north)", "create remote site 'south-ahv'", "On cluster south-ahv (south)", "default -> default"):
        assert line in plan
    assert operator.files() == files
    assert operator.simulator.writes(mark) == []

    first = operator.run("pair_sites", *NO_PROBE)
    assert first.code == 0, first.text
    paired = {"status": "RELATIONSHIP_ESTABLISHED", "default": "default"}
    assert halves(operator) == {"north": paired, "south": paired}
    kept = {path: text for path, text in operator.files().items() if not path.startswith("reports/")}

    mark = operator.simulator.mark()
    again = operator.run("pair_sites", *FRAME)
    assert (again.code, again.changed, operator.simulator.writes(mark)) == (2, 0, []), again.text
    told = "\n".join(again.says("readiness | Show it"))
    assert "problem     F9  SelfServiceContainer is mapped" in told
    assert "cannot tell F16" in told
    assert {path: text for path, text in operator.files().items() if not path.startswith("reports/")} == kept


def test_pre_dr_looks_at_the_pair_where_one_is_meant(operator: Operator) -> None:
    before = operator.run("pre_dr")
    assert before.code == 0, before.text
    assert "NOT_PAIRED" in "".join(before.says("readiness | Show it"))
    site_map = operator.directory / "dr_site_map.yml"
    site_map.write_text(site_map.read_text() + "pairing:\n")
    meant = operator.run("pre_dr")
    assert meant.code == 0, meant.text
    assert "problem     REMOTE_SITE" in "".join(meant.says("readiness | Show it"))
    reports = [text.decode() for path, text in operator.files().items() if path.endswith("report.md")]
    assert sum("there is no remote site 'south-ahv' on north-ahv" in text for text in reports) == 1


def test_as_awx_runs_it(operator: Operator, tmp_path: Path) -> None:
    done = run(operator, tmp_path / "runner", "pair_sites")
    assert (done.status, done.rc) == ("successful", 0), done.stdout.read()
    left = essentials(done)
    assert left["site_pairing_outcome"] == "ok"
    assert Path(left["site_pairing_report"]).is_relative_to(operator.directory / "reports")
    assert not [event["uuid"] for event in done.events for secret in operator.secrets.values() if secret in str(event)]

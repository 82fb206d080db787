"""Every format of one run: what must be in it, that it is well-formed, and that it follows the published schema."""

from __future__ import annotations

import csv
import io
import json
import xml.etree.ElementTree as ET

import jsonschema
import pytest
import yaml

from ansible_collections.nutanix_flow.dr.plugins.module_utils._evidence.report_formats import FORMATS
from ansible_collections.nutanix_flow.dr.plugins.module_utils._evidence.tool import NAME, VERSION
from tests.tools.collection_tree import ROOT
from tests.unit.evidence.whole_run import EVENTS, MENDED, report_of

SCHEMA = json.loads((ROOT / "docs" / "report.schema.json").read_text())
SMALL = [EVENTS[0], EVENTS[-1]]


def made(name: str, events: list = EVENTS) -> str:
    return FORMATS[name].text(report_of(events))


@pytest.mark.parametrize("events", [EVENTS, MENDED, SMALL, []], ids=["all", "mended", "small", "empty"])
@pytest.mark.parametrize("name", FORMATS)
def test_a_format_is_the_same_each_time_and_ends_like_a_file(name: str, events: list) -> None:
    assert made(name, events) == made(name, events)
    assert made(name, events).endswith("\n")


@pytest.mark.parametrize("events", [EVENTS, MENDED, SMALL, []], ids=["all", "mended", "small", "empty"])
def test_json_follows_the_published_schema(events: list) -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.validate(json.loads(made("json", events)), SCHEMA)


@pytest.mark.parametrize(
    ("change", "path"),
    [(lambda report: report.update(more=1), []), (lambda report: report["probes"][0].update(verdict="GOOD"), ["probes", 0, "verdict"])],
)
def test_the_schema_refuses_what_it_does_not_know(change, path) -> None:
    report = json.loads(made("json"))
    change(report)
    (error,) = jsonschema.Draft202012Validator(SCHEMA).iter_errors(report)
    assert list(error.absolute_path) == path


def test_csv_has_a_line_for_each_finding_difference_probe_and_contradiction() -> None:
    rows = list(csv.DictReader(io.StringIO(made("csv"))))
    assert [row["what"] for row in rows] == ["finding"] * 2 + ["difference"] + ["probe"] * 4 + ["contradiction"]
    assert rows[0]["text"] == "'=web-1 lost AppTier/Web", "a spreadsheet must not take it for a formula"
    assert (rows[2]["code"], rows[2]["policy"], rows[2]["from"], rows[2]["to"], rows[2]["service"]) == ("opened", "shop", "0.0.0.0", "web-1", "tcp/444")
    assert rows[3]["code"] == "FAIL_OPEN", "what is wrong comes first"
    assert [row["what"] for row in csv.DictReader(io.StringIO(made("csv", MENDED)))].count("difference") == 0


def test_junit_has_a_suite_per_policy_and_a_failure_per_class() -> None:
    root = ET.fromstring(made("junit"))
    suites = {suite.get("name"): suite for suite in root}
    assert sorted(suites) == ["bank", "no policy", "shop", "workloads"]
    failures = [(case.get("classname"), case.find("failure").get("type")) for case in root.iter("testcase") if case.find("failure") is not None]
    assert failures == [("bank", "FAIL_OPEN"), ("shop", "OPENED"), ("shop", "ALLOWED_THOUGH_DENIED"), ("workloads", "NOT_SECURED_AS_BEFORE")]
    assert [case.find("skipped").get("message") for case in suites["no policy"]] == ["INCONCLUSIVE: observed timeout; silence says nothing over UDP"]
    for element in (root, *root):
        cases = list(element.iter("testcase"))
        told = [int(element.get(name)) for name in ("tests", "failures", "skipped", "errors")]
        assert told == [len(cases), *(sum(case.find(word) is not None for case in cases) for word in ("failure", "skipped")), 0]


def test_junit_says_of_each_policy_that_was_compared_that_it_is_equal() -> None:
    root = ET.fromstring(made("junit", MENDED))
    passed = [case.get("classname") for case in root.iter("testcase") if case.get("name") == "north to south: every packet is treated alike"]
    assert passed == ["bank", "shop"]


def test_junit_can_hold_every_character() -> None:
    probe = {"id": "p", "source": "a\x00\x1b<&\"\ud800", "destination": "b", "service": "tcp/1", "expected": "deny", "verdict": "FAIL_OPEN"}
    events = [EVENTS[0], ("probe", "check", {"check": "probes", "verdict": "problem", "probes": [probe]}), EVENTS[-1]]
    assert "a??<&\"?" in str(ET.fromstring(made("junit", events)).find(".//testcase").get("name"))


def test_the_graph_marks_what_differs() -> None:
    dot = made("dot")
    assert '"App" -> "Web" [label="tcp/444", tooltip="App to Web, opened: before nothing; after tcp/444", color="#a3201d", penwidth="2"];' in dot
    assert '"Web" -> "App" [label="any", tooltip="Web to App, closed: any"' in dot
    assert "Idle" not in dot
    assert "penwidth" not in made("dot", MENDED)


def test_the_drawing_is_xml_and_has_each_tier_and_each_way() -> None:
    space = "{http://www.w3.org/2000/svg}"
    root = ET.fromstring(made("svg"))
    titles = [path.findtext(f"{space}title") for path in root.iter(f"{space}path") if path.find(f"{space}title") is not None]
    assert len(titles) == 3
    assert titles[-2:] == ["App to Web, opened: before nothing; after tcp/444", "Web to App, closed: any"], "what differs is drawn on top"
    assert {text.text for text in root.iter(f"{space}text")} >= {"App", "Web"}
    assert "href" not in made("svg")


def test_markdown_and_the_page_tell_everything() -> None:
    for text in (made("md", MENDED), made("html", MENDED)):
        assert "is in mode monitor there" in text
        for told in ("Proved equal", "tcp/444", "0.0.0.0 to web-1 tcp/444", "FAIL_OPEN", "allowed_though_denied",
                     "never exercised", "peer_needs_address", "jump-1",
                     "supports evidence for", "PCI DSS 4.0 11.4.5", "41d09ab2", "f00d", "1 h, not met", "security rule bank", "nutanix_flow.dr"):
            assert told.replace("_", " ") in text.replace("_", " "), told
        assert "complian" not in text.lower(), "whether a control is fulfilled, people judge"


def test_the_tool_is_the_collection_in_its_version() -> None:
    galaxy = yaml.safe_load((ROOT / "galaxy.yml").read_text())
    assert (f"{galaxy['namespace']}.{galaxy['name']}", galaxy["version"]) == (NAME, VERSION)


def test_the_page_shows_both_proofs_and_what_is_uncertain() -> None:
    page = made("html", MENDED)
    assert page.index("Proof 1 of 2: north to south") < page.index("Proof 2 of 2: north to south")
    assert '<td class="opened" title="App to Web: opened; before nothing; after tcp/444"><s>nothing</s> ~tcp/444</td>' in page
    assert '<td class="closed" title="Web to App: closed over IPv6; before any; after any">any (closed over IPv6)</td>' in page
    assert "tcp/1, tcp/2, tcp/3 +2" in page

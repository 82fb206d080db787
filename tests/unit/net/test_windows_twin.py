"""win_connect_scan is what connect_scan is, as far as can be told without PowerShell: the module itself is not run by any test."""

from __future__ import annotations

import copy
import re
from typing import Any

import pytest

from ansible_collections.nutanix_flow.dr.plugins.module_utils._glue import connect_scan_run
from ansible_collections.nutanix_flow.dr.plugins.module_utils._net import connect_scan
from tests.tools import modules

SCRIPT = (modules.DIRECTORY / "win_connect_scan.ps1").read_text()


def options(name: str) -> dict[str, Any]:
    return dict(copy.deepcopy(modules.documentation()[name]["doc"]["options"]))


def test_the_same_options_but_for_the_timeout() -> None:
    """Windows takes two seconds to believe a refusal."""
    ours, theirs = options("connect_scan"), options("win_connect_scan")
    assert (ours["timeout"].pop("default"), theirs["timeout"].pop("default")) == (2.0, 5.0)
    del ours["timeout"]["description"], theirs["timeout"]["description"]
    assert ours == theirs


def test_the_script_takes_the_documented_options_with_their_defaults() -> None:
    taken = re.findall(r'(\w+) = Get-AnsibleParam -obj \$\w+ -name "(\w+)" -type "(\w+)"(?: -default (\S+))?', SCRIPT)
    documented = options("win_connect_scan")
    documented.update(documented.pop("probes")["suboptions"])
    said = {name: kind for _variable, name, kind, _default in taken if name != "_ansible_check_mode"}
    assert said == {name: option["type"] for name, option in documented.items()}
    assert '-name "probes" -type "list" -failifempty $true' in SCRIPT
    assert all(variable == name for variable, name, *_rest in taken if name in documented)
    defaults = {name: default.strip('"$') for _variable, name, _kind, default in taken if default and name in documented}
    assert defaults == {name: str(option["default"]).lower().removesuffix(".0") for name, option in documented.items() if "default" in option}


def test_the_same_outcomes_and_limits() -> None:
    outcomes = re.search(r"\$outcomes = @\(([^)]*)\)", SCRIPT)
    assert outcomes
    assert tuple(re.findall(r'"(\w+)"', outcomes[1])) == connect_scan.OUTCOMES
    limits = {name: (float(low), float(high)) for name, low, high in re.findall(r"(\w+) = @\((\d[\d.]*), (\d[\d.]*)\)", SCRIPT)}
    assert sorted(limits) == ["concurrency", "rate", "retries", "timeout"]
    values = {name: (low + high) / 2 for name, (low, high) in limits.items()}
    for name, (low, high) in limits.items():
        assert connect_scan_run.faults([], {**values, name: low}) == connect_scan_run.faults([], {**values, name: high}) == []
        assert connect_scan_run.faults([], {**values, name: high + 1})


@pytest.mark.parametrize(("opening", "closing"), ["{}", "()", "[]"])
def test_brackets_match(opening: str, closing: str) -> None:
    code = re.sub(r'"[^"\n]*"|\'[^\'\n]*\'|#.*', "", SCRIPT)
    assert code.count(opening) == code.count(closing) > 0

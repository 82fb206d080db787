"""The page in a real browser: nothing is wider than a desktop's window or a phone's, but for tables that scroll in their own box."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.nutanix_flow.dr.plugins.module_utils._evidence.report_formats import FORMATS
from tests.unit.evidence.whole_run import EXAMPLE, HIT_LOG, MENDED, PROBES, PROOF, VM, report_of

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
WIDTHS = (1280, 390)
LONG = "a-workload-with-a-name-as-long-as-people-make-them-in-the-field-" + "x" * 60
# Headless Chromium has no window of less than 500 pixels, so the page stands in a frame of the width in question.
FRAME = '<iframe style="border: 0; width: {width}px; height: 2000px" srcdoc="{page}"></iframe>'
MEASURE = """
<script>
onload = () => {
  document.title = JSON.stringify(Array.from(frames, (frame) => {
    for (const details of frame.document.querySelectorAll("details")) details.open = true;
    const all = Array.from(frame.document.body.querySelectorAll("*"));
    const outside = all.filter((one) => !one.closest(".scroll, svg, script") && one.getBoundingClientRect().right > frame.innerWidth + 1);
    return {inner: frame.innerWidth, page: frame.document.documentElement.scrollWidth, outside: outside.map((one) => one.outerHTML.slice(0, 80))};
  }));
};
</script>
"""


def crowded() -> str:
    """The page of a run with long names and many tiers."""
    tiers = [f"Tier {number} of the old payroll" for number in range(20)]
    ways = [{"from": one, "to": other, "before": ["tcp/1"], "after": ["tcp/1", "tcp/2-9"], "part": True, "differs": ["opened"], "differs_ipv6": []}
            for one in tiers for other in tiers]
    changed: dict[str, dict[str, Any]] = {
        PROOF["check"]: {"matrix": {"by": ["AppTier"], "tiers": [{"name": one, "vms": 1} for one in tiers], "ways": ways, "note": ""}},
        "coverage of south": {"workloads": [{**VM, "name": LONG, "findings": [f"problem: {LONG} isn't secured"]}]},
        "probes at south": {"probes": [{**probe, "source": LONG, "reason": LONG} for probe in PROBES]},
        "hit log of south": {"hit_log": {**HIT_LOG, "contradictions": [
            {**HIT_LOG["contradictions"][0], "examples": [{**EXAMPLE, "source": LONG, "reason": LONG}]}]}},
    }
    events = [(step, kind, {**data, **changed.get(data.get("check", ""), {})}) for step, kind, data in MENDED]
    events.insert(-1, ("apply", "finding", {"severity": "problem", "code": "LONG", "problem": LONG, "fix": LONG}))
    events.insert(-1, ("apply", "outcome", {"verb": "create", "kind": "security_rule", "name": LONG, "status": "failed", "error": LONG}))
    return FORMATS["html"].text(report_of(events))


@pytest.mark.skipif(BROWSER is None, reason="there is no chromium or google-chrome here")
def test_nothing_is_wider_than_the_window(tmp_path: Path) -> None:
    page = tmp_path / "frames.html"
    frames = "".join(FRAME.format(width=width, page=html.escape(crowded())) for width in WIDTHS)
    page.write_text(f"<!DOCTYPE html><body>{frames}{MEASURE}", encoding="utf-8")
    command = [str(BROWSER), "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--user-data-dir={tmp_path / 'profile'}", "--dump-dom"]
    told = subprocess.run([*command, page.as_uri()], capture_output=True, text=True, timeout=60, check=True).stdout
    title = re.search(r"<title>(.*?)</title>", told)
    assert title, told[-2000:]
    measured = json.loads(html.unescape(title[1]))
    assert [one["inner"] for one in measured] == list(WIDTHS)
    for width, one in zip(WIDTHS, measured, strict=True):
        assert one["page"] <= width, one
        assert not one["outside"]

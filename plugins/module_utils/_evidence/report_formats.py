# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The formats of a report: what each is called, its file, and what makes it. Knows no record and writes nothing."""

from __future__ import annotations

import json
import typing as t

from .report import Report
from .report_csv import to_csv
from .report_graph import to_dot, to_svg
from .report_html import to_html
from .report_junit import to_junit
from .report_markdown import to_markdown


class Format(t.NamedTuple):
    """The name of the file beside the record, and the report as its text."""

    file: str
    text: t.Callable[[Report], str]


def to_json(report: Report) -> str:
    """For machines; `docs/report.schema.json` says what is in it."""
    return json.dumps(report, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


FORMATS = {
    "json": Format("report.json", to_json),
    "md": Format("report.md", to_markdown),
    "html": Format("report.html", to_html),
    "csv": Format("report.csv", to_csv),
    "junit": Format("report.junit.xml", to_junit),
    "dot": Format("report.dot", to_dot),
    "svg": Format("report.svg", to_svg),
}
DEFAULT_FORMATS = ("json", "md", "html")

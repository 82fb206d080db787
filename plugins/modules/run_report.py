#!/usr/bin/python
# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: run_report
short_description: Close a run and render its report
version_added: 1.0.0
description:
  - Renders reports in several formats from the record of a run, and from nothing else. The same record gives the same bytes.
  - C(report.html) is one file that needs nothing else, for a browser, a phone and paper. It is rendered where C(jinja2) is, as in every Python that
    runs ansible-playbook.
  - The chain of the record is verified first. When it is broken, the reports say so and tell what stands before the break, and the task fails.
author:
  - nutanix_flow.dr contributors (@nutanix-flow-dr)
options:
  path:
    description: The directory of the run, as in O(nutanix_flow.dr.replicate#module:record.path).
    type: path
    required: true
  verb:
    description: What the run was for.
    type: str
    choices: [pre_dr, failover, failback, drill, drift, audit, probe, site_pairing]
    required: true
  outcome:
    description: How the run ended.
    type: str
    choices: [ok, failed]
    required: true
  mode:
    description: The mode of the run, for instance V(unplanned).
    type: str
  source:
    description: The id of the site that the run led away from.
    type: str
  target:
    description: The id of the site that the run led to.
    type: str
  change_id:
    description: The change or ticket that the run belongs to.
    type: str
  reason:
    description: Why the run was made.
    type: str
  failure:
    description: What a person should know about the end, for instance the error that ended it.
    type: str
  declared:
    description:
      - When the disaster was declared, as V(2026-11-21T11:50:00Z). The recovery time counts from then.
      - If not given, it counts from the first event of the record.
    type: str
  formats:
    description:
      - What to render.
      - V(json) is C(report.json), for machines; C(docs/report.schema.json) of the collection is its schema.
      - V(md) is C(report.md), for a ticket, and V(html) is C(report.html), for a browser, a phone and paper.
      - V(csv) is C(report.csv) for spreadsheets, a line for each finding, difference, probe and contradiction of logs.
      - V(junit) is C(report.junit.xml) for pipelines, a suite per policy.
      - V(dot) and V(svg) are C(report.dot) and C(report.svg), the graph of who may talk to whom, tier by tier, by the last proof of segmentation.
    type: list
    elements: str
    choices: [json, md, html, csv, junit, dot, svg]
    default: [json, md, html]
extends_documentation_fragment:
  - nutanix_flow.dr.attributes.state_ungrouped
seealso:
  - module: nutanix_flow.dr.drift
  - module: nutanix_flow.dr.replicate
"""

EXAMPLES = r"""
- name: Do something that leaves a record
  nutanix_flow.dr.baseline:
    path: exported
    site: north
    record: {path: reports/2026-11-21-pre-dr, step: export}

- name: Close the run
  nutanix_flow.dr.run_report:
    path: reports/2026-11-21-pre-dr
    verb: pre_dr
    outcome: ok
    source: north
    target: south
    formats: [json, html, junit]
  register: report
"""

RETURN = r"""
verdict:
  description: V(OK), V(OK WITH WARNINGS), V(PROBLEMS), V(FAILED), V(INTERIM) while the run isn't closed, or V(BROKEN RECORD).
  returned: success
  type: str
  sample: OK
files:
  description: The path of each report that was rendered, by format.
  returned: success
  type: dict
  sample: {json: reports/2026-11-21-pre-dr/report.json, junit: reports/2026-11-21-pre-dr/report.junit.xml}
report_html:
  description: Path of the report for a browser and for paper, V(null) where it wasn't asked for, or C(jinja2) is missing.
  returned: success
  type: str
  sample: reports/2026-11-21-pre-dr/report.html
report_json:
  description: Path of the report for machines, V(null) where it wasn't asked for.
  returned: success
  type: str
  sample: reports/2026-11-21-pre-dr/report.json
report_md:
  description: Path of the report for a ticket, V(null) where it wasn't asked for.
  returned: success
  type: str
  sample: reports/2026-11-21-pre-dr/report.md
sha256:
  description: sha256 of the report for machines, whether it was rendered or not.
  returned: success
  type: str
  sample: 1f0e5b1c0e8f4b6b8e2a4c7d9a1b3c5d7e9f0a2b4c6d8e0f1a3b5c7d9e1f3a5b
report_sha256:
  description: sha256 of the report for people, RV(report_html), else RV(report_md), else the first of RV(files).
  returned: success
  type: str
  sample: 9b0e1f2a3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e7
summary:
  description: One line that says it all.
  returned: success
  type: str
  sample: "PRE_DR north -> south: OK, 25 security rules, report reports/2026-11-21-pre-dr/report.html"
report:
  description: The content of the report for machines.
  returned: success
  type: dict
diff:
  description: One entry per changed object, with headers that name it.
  returned: success
  type: list
  elements: dict
error:
  description: What went wrong, in parts.
  returned: failure
  type: dict
  sample: {type: SafetyLimit, cause: 14 objects would be deleted, fix: "Raise max_deletes, or look at the list"}
"""

from ..module_utils._glue.report_run import run_report


def main() -> None:
    run_report()


if __name__ == "__main__":
    main()

#!/usr/bin/python
# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: hitlog_check
short_description: Compare hit logs with what the policies of a site say
version_added: 1.0.0
description:
  - Reads the hit logs that AHV hosts send to a syslog server, and compares each line with what the policy engine says of the end that logged it.
  - Tells what agrees, what contradicts, and which entries of rules were seen at work and which never.
  - Files are read as a stream, so that gigabytes need no more memory than a few lines.
  - Every line is counted. A line that can't be read or judged is said, with the reason.
author:
  - nutanix_flow.dr contributors (@nutanix-flow-dr)
options:
  logs:
    description:
      - Files of hit logs, plain or compressed with gzip, and directories of such files.
      - Lines of other programs may stand between those of hit logs.
    type: list
    elements: path
    required: true
  since:
    description:
      - Leave out hits before this time, as V(2026-01-05 10:00:00), by the clock of the hosts. Lines of hit logs carry no time zone.
      - A log is compared with the policies as they are now (or as the baseline has them), so what is older than the latest change should be left out.
    type: str
  until:
    description: Leave out hits after this time.
    type: str
  fail_at:
    description:
      - From which severity on the task fails.
      - Hits that passed and should have been denied are a V(problem). Hits that were dropped and should have passed, and hits that passed only since a policy
        is monitored, are a V(warning), as are logs that are incomplete or hold nothing to judge. Other rules than expected are a V(note).
    type: str
    choices: [problem, warning, note, never]
    default: problem
  limit:
    description: Keep at most so many groups of lines that don't agree. Lines of all others are counted, and the number is said. V(0) keeps all.
    type: int
    default: 100
extends_documentation_fragment:
  - nutanix_flow.dr.estate
  - nutanix_flow.dr.estate.readings
  - nutanix_flow.dr.estate.checked
  - nutanix_flow.dr.sites.optional
  - nutanix_flow.dr.record
  - nutanix_flow.dr.attributes.info_ungrouped
seealso:
  - module: nutanix_flow.dr.segmentation_query
  - module: nutanix_flow.dr.segmentation_check
"""

EXAMPLES = r"""
- name: Do the hosts of north do what its policies say
  nutanix_flow.dr.hitlog_check:
    logs: [hit_logs]
    site: north
    sites: "{{ dr_sites }}"

- name: Which entries of the baseline were never seen at work this year
  nutanix_flow.dr.hitlog_check:
    logs: [hit_logs/north.log]
    baseline: baseline
    since: "2026-01-01 00:00:00"
    fail_at: never
"""

RETURN = r"""
verdict:
  description:
    - V(agree) if no line contradicts, V(contradict) if one does, V(no_evidence) if there was no line that could be judged.
  returned: success
  type: str
  sample: contradict
severity:
  description: The worst of RV(findings), V(problem), V(warning) or V(note); empty if there is nothing.
  returned: success
  type: str
  sample: problem
lines:
  description:
    - How many lines there were, and how many of them are hits that were judged, repetitions of other lines, hits outside of the wanted time,
      C(damaged) lines of hit logs that were cut or garbled, and lines of C(other) programs. Each line is counted once.
  returned: success
  type: dict
  sample: {total: 12, judged: 8, repeated: 2, outside_time: 0, damaged: 1, other: 1}
counts:
  description:
    - The judged lines by what they say beside the policy engine.
    - C(agrees); C(turned) agrees if the ends of the sample are exchanged, as hosts sometimes write them;
      C(allowed_though_denied); C(denied_though_allowed); C(monitored) passed since the policy is not enforced, as the engine says;
      C(other_rule) passed or was dropped as expected, but by a policy that the engine doesn't expect; C(cannot_tell).
  returned: success
  type: dict
  sample: {agrees: 6, turned: 0, allowed_though_denied: 1, denied_though_allowed: 0, monitored: 1, other_rule: 0, cannot_tell: 0}
cannot_tell:
  description: Why lines can't be judged, with how many there are.
  returned: success
  type: dict
  sample: {unknown_vm: 3}
groups:
  description:
    - Lines that don't agree, those with the same kind, reason, action, policy and expected entry together, the most severe first.
    - C(expected) is what the policy engine says of the end that logged the line, or null. C(example) is the first line.
    - C(depends_on) names the readings without which the example would agree. The log is evidence against such a reading.
  returned: success
  type: list
  elements: dict
  sample:
    - kind: allowed_though_denied
      severity: problem
      reason: ""
      lines: 1
      logged: {action: ALLOW, direction: INBOUND, policy: shop}
      expected: {direction: in, action: deny, policy: shop, entry: "groups[0]", entry_text: AppTier/App, level: 12, stage: "application, everything else"}
      example:
        from: web-1
        to: app-1
        source: 10.1.1.11
        destination: 10.1.1.21
        service: tcp/22
        event: Create
        time: "2026-01-05T10:00:00"
        file: /var/log/flow/hits.log
        line: 4
      explanation: "web-1 -> app-1 tcp/22: logged ALLOW INBOUND by shop; denied at the destination by shop groups[0] 'AppTier/App'"
      depends_on: []
findings:
  description:
    - What contradicts, and what the evidence lacks, the worst first.
    - When input was refused, everything that was found wrong with it.
  returned: always
  type: list
  elements: dict
  sample:
    - code: HITLOG_DAMAGED_LINES
      severity: warning
      subject: one line
      problem: of a hit log, cut or garbled, and not judged
      fix: "let syslog send longer messages (rsyslog: $MaxMessageSize), and see 'unread'"
rules:
  description:
    - Every entry of a rule that is enforced or monitored, and the number of lines that show it at work.
    - An entry without C(inbound), C(outbound) or C(intra) in its path, as C(groups[0]), is what the group denies beside its entries.
    - C(seen) is V(allowed), V(denied), V(monitored), or several of them joined by V(+); V(never) if no line shows it; V(not_logged) if no line could, since the
      rule writes no hit log.
  returned: success
  type: list
  elements: dict
  sample:
    - policy: shop
      entry: "groups[0].inbound[0]"
      entry_text: AppTier/Web inbound from any tcp/443
      mode: enforce
      lines: {allowed: 5, denied: 0, monitored: 0}
      seen: allowed
rules_seen:
  description: How many entries there are for each value of C(seen).
  returned: success
  type: dict
  sample: {allowed: 3, denied: 1, never: 2}
unknown_policies:
  description: Policies that lines name and that the site doesn't have, with the number of lines.
  returned: success
  type: dict
  sample: {old-shop: 12}
renamed_policies:
  description: What policies are called in the log, and what the site calls them now. Needs a live site, which knows their ids.
  returned: success
  type: dict
  sample: {old-shop: shop}
files:
  description:
    - Each file with its digest. C(damage) says why it could not be read to its end, and is empty if it could; C(same_as) names a file with the same content,
      which was read instead.
  returned: success
  type: list
  elements: dict
  sample:
    - {path: /var/log/flow/hits.log, format: plain, sha256: 41d09ab2, lines: 12, same_as: "", damage: ""}
unread:
  description: The first lines of hit logs that were damaged, and the first lines of other programs.
  returned: success
  type: list
  elements: dict
  sample:
    - {file: /var/log/flow/hits.log, line: 9, what: damaged, text: "ahv-7 ahv: INFO:2026/01/05 10:00:00  [1111] shop [Create] SRC=10.1.1.11 DST=10."}
first:
  description: The time of the earliest judged hit, by the clock of its host; empty if there was none.
  returned: success
  type: str
  sample: "2026-01-05T10:00:00"
last:
  description: The time of the latest judged hit.
  returned: success
  type: str
  sample: "2026-01-05T10:59:59"
notes:
  description: What was left out or taken for granted, in words.
  returned: success
  type: list
  elements: str
  sample: ["policy old-shop is not on the site (12 lines)"]
site:
  description: The site whose policies the log was compared with.
  returned: success
  type: str
  sample: north
read_from:
  description: Where its policies and VMs were read.
  returned: success
  type: str
  sample: north, live
digest:
  description: The digest of the baseline or estate file; empty for a live site.
  returned: success
  type: str
  sample: ""
error:
  description: What went wrong, in parts.
  returned: failure
  type: dict
  sample: {type: DrError, cause: "8 hits judged", fix: "Look at 'findings' and 'groups'"}
"""

from ..module_utils._glue.hitlog_check_run import run_hitlog_check


def main() -> None:
    run_hitlog_check()


if __name__ == "__main__":
    main()

#!/usr/bin/python
# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: dr_state
short_description: Lead a pair of sites from state to state, one run at a time
version_added: 1.0.0
description:
  - Keeps the lock of a pair and which of its sites is active, with an epoch that grows with each change, on the Prism Centrals.
    Every controller sees them there, and of two that begin at once one loses.
  - A verb that isn't legal in the state of the pair is refused, with the reason and the verbs that are. The table is in the guide on the state of a pair.
  - A lock is taken over from a run that is dead for certain (its process is gone from this host) or has let it expire. Everything else is O(steal).
  - A verb that was interrupted is resumed under the id of its run, RV(run_id).
author:
  - nutanix_flow.dr contributors (@nutanix-flow-dr)
options:
  state:
    description:
      - V(begun) takes the lock and leads the pair into the state that it has while O(verb) runs. Again by the same run it prolongs the lock.
        Nothing is done, and RV(done) is true, when the pair is already where the verb leads.
      - V(done) leads the pair into the state after O(verb) and gives the lock back.
      - V(released) gives the lock back and leaves the state. The verb can then be resumed at once, by anybody.
      - V(declared) writes down what a person knows, that O(active) runs the workloads. For sites that contradict each other.
    type: str
    choices: [begun, done, released, declared]
    required: true
  verb:
    description:
      - What is done with the pair. Needed unless O(state=declared).
      - V(unplanned_failover) looks at O(recovery) only and locks it there; it may interrupt all others. The other verbs need both sites.
    type: str
    choices: [pre_dr, test_failover, planned_failover, unplanned_failover, failback]
  run_id:
    description: The name of the run that asks.
    type: str
    required: true
  primary:
    description: The id of the site that is active in normal times.
    type: str
    required: true
  recovery:
    description: The id of the site that takes over.
    type: str
    required: true
  by:
    description:
      - Who runs it, for others that find the lock. The host is added.
      - If not given, the account that the task runs under.
    type: str
  lock_minutes:
    description: After how many minutes others may take the lock, unless it is prolonged. Longer than any single step takes.
    type: int
    default: 120
  steal:
    description:
      - The run that holds the lock and is known to be dead, to take the lock from it. Two runs at once would undo each other's work.
    type: str
  active:
    description: The site that runs the workloads. Needed for O(state=declared).
    type: str
  reason:
    description: How that is known, for the record of the run. Needed for O(state=declared).
    type: str
  reports:
    description:
      - The directory with the records of earlier runs. When nothing is left to do, but the run that did it died before it closed its record,
        that run is resumed for its report.
    type: path
extends_documentation_fragment:
  - nutanix_flow.dr.sites
  - nutanix_flow.dr.site_map
  - nutanix_flow.dr.record
  - nutanix_flow.dr.attributes.state_ungrouped
notes:
  - Lock and state are two categories whose key is C(nutanix_flow.dr) and the name of the pair in the site map. The other modules
    treat them as system-defined. A pair that gets another name begins anew.
  - The clocks of the controllers may be two minutes apart, not more.
seealso:
  - module: nutanix_flow.dr.dr_state_info
  - module: nutanix_flow.dr.failover_gate
"""

EXAMPLES = r"""
- name: Nobody else moves this pair from now on
  nutanix_flow.dr.dr_state:
    state: begun
    verb: planned_failover
    run_id: failover-20261121T120000Z
    sites: "{{ dr_sites }}"
    primary: north
    recovery: south
    site_map: dr_site_map.yml
  register: begun

- name: South is active now, and the next run may come
  nutanix_flow.dr.dr_state:
    state: done
    verb: planned_failover
    run_id: "{{ begun.run_id }}"
    sites: "{{ dr_sites }}"
    primary: north
    recovery: south
    site_map: dr_site_map.yml

- name: After both sites were moved by hand, say which one runs the workloads
  nutanix_flow.dr.dr_state:
    state: declared
    active: north
    reason: all workloads were moved back by hand, CHG-4712
    run_id: by-hand-20261122
    sites: "{{ dr_sites }}"
    primary: north
    recovery: south
    site_map: dr_site_map.yml
"""

RETURN = r"""
run_id:
  description: The run that goes on, the one that is resumed or the one that asked.
  returned: success
  type: str
  sample: failover-20261121T120000Z
resumed:
  description: Whether RV(run_id) was interrupted and goes on now, be it the run that asked or an earlier one.
  returned: success
  type: bool
  sample: false
done:
  description: Whether the pair was already where the verb leads, so that nothing is left to do.
  returned: success
  type: bool
  sample: false
pair:
  description: The state of the pair as it is now, or in check mode as it would be. C(lagging) lists sites that don't know it yet.
  returned: success
  type: dict
  sample:
    name: hospital
    state: FAILING_OVER
    active: north
    epoch: 3
    since: "2026-11-21T12:00:00Z"
    verb: planned_failover
    run_id: failover-20261121T120000Z
    why: "planned failover failover-20261121T120000Z was begun at 2026-11-21T12:00:00Z and has not ended"
    lagging: []
    legal_verbs: [planned_failover, unplanned_failover]
before:
  description: The same before the task.
  returned: success
  type: dict
  sample: {name: hospital, state: READY, active: north, epoch: 2, legal_verbs: [pre_dr, test_failover, planned_failover, unplanned_failover]}
lock:
  description: The lock that this run has, or in check mode would have. When the task failed because of another run, the lock of that run.
  returned: when there is one
  type: dict
  sample:
    run_id: failover-20261121T120000Z
    verb: planned_failover
    by: j.doe@controller-1
    since: "2026-11-21T12:00:00Z"
    expires: "2026-11-21T14:00:00Z"
taken_over:
  description: Locks of other runs that this one took, each with C(why), V(dead), V(expired) or V(stolen).
  returned: success
  type: list
  elements: dict
  sample: []
unanswered:
  description: Sites that didn't answer, with the error. In check mode only; else it is a failure.
  returned: success
  type: dict
  sample: {}
legal_verbs:
  description: The verbs that are legal.
  returned: when the verb is not
  type: list
  elements: str
  sample: [failback]
diff:
  description: The state of the pair before and after.
  returned: success
  type: list
  elements: dict
error:
  description: What went wrong, in parts.
  returned: failure
  type: dict
  sample:
    type: IllegalVerb
    cause: "planned failover is not legal, the pair is TESTING: test failover drill-1 was begun at 2026-11-21T12:00:00Z and has not ended"
    fix: "Legal now: test failover, unplanned failover"
"""

from ..module_utils._glue.dr_state_run import run_dr_state


def main() -> None:
    run_dr_state()


if __name__ == "__main__":
    main()

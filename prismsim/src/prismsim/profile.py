# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How fast the simulated world is: ``instant`` for tests, ``realistic`` for rehearsals and benchmarks."""

from __future__ import annotations

import random
from dataclasses import dataclass


@dataclass(frozen=True)
class Profile:
    """Durations in seconds; ``limits`` says whether rate limits hold."""

    name: str
    answer_delay: float
    task_min: float
    task_max: float
    entities_late: float
    limits: bool
    #: How long two clusters need to know each other, a removed remote site or protection domain to vanish, and a
    #: protection domain to become active or inactive.
    pairing: float = 0.0
    removal: float = 0.0
    recovery: float = 0.0
    #: How long a recovery point needs to arrive at the other site.
    replication: float = 0.0
    #: How long one step of a recovery job takes, and whether a plan's delays are waited for.
    recovery_step: float = 0.0
    delays: bool = False

    def task_duration(self, source: random.Random) -> float:
        """How long one task takes."""
        return source.uniform(self.task_min, self.task_max)

    def entities_delay(self, source: random.Random) -> float:
        """How long after its end a task still hides the entities it affected."""
        return source.uniform(0.0, self.entities_late)


PROFILES = {
    "instant": Profile("instant", 0.0, 0.0, 0.0, 0.0, limits=False),
    "realistic": Profile("realistic", 0.02, 0.3, 2.0, 0.3, limits=True, pairing=2.0, removal=2.0, recovery=3.0,
                         replication=2.0, recovery_step=1.0, delays=True),
}

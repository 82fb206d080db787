# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What became of a step of a plan, and which error tells most of several. Writes nothing."""

from __future__ import annotations

import typing as t

from .._errors import DrError
from .plan import Step

DONE, FAILED, SKIPPED = "done", "failed", "skipped"


class Outcome(t.NamedTuple):
    """What became of one step. ``status`` is done, failed or skipped; the latter two have an error."""

    step: Step
    status: str
    error: DrError | None = None
    ext_id: str = ""
    task: str = ""


def first_error(outcomes: t.Iterable[Outcome]) -> DrError | None:
    """The error to fail with: of the first failed step; one that tells how many others failed is in its text."""
    bad = [outcome for outcome in outcomes if outcome.error is not None]
    failed = [outcome for outcome in bad if outcome.status == FAILED] or bad
    if not failed or failed[0].error is None:
        return None
    error = failed[0].error
    if len(bad) > 1 and "of the plan" not in error.fix:
        rest = f"{len(bad)} steps of the plan failed or were skipped, see 'outcomes'; run again to finish"
        error.fix = f"{error.fix}. {rest}" if error.fix else rest.capitalize()
    return error

# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One error that struck several objects is told of each: a copy has all that the error knew, and can be told apart from it."""

from __future__ import annotations

import copy
import inspect

import pytest

from ansible_collections.nutanix_flow.dr.plugins.module_utils import _errors
from ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.dr_lock import Locked
from ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.dr_state import IllegalVerb
from ansible_collections.nutanix_flow.dr.plugins.module_utils._errors import ConnectionFailed, DrError, Finding, InvalidInput

KINDS = [found for found in vars(_errors).values() if isinstance(found, type) and issubclass(found, DrError)] + [IllegalVerb, Locked]


def made(kind: type[DrError]) -> DrError:
    """An error of a kind with all that its kind must be told."""
    if issubclass(kind, InvalidInput):
        return kind([Finding("dr.yml:3", "is wrong", "Mend it")], site="north")
    needed = [one.name for one in inspect.signature(kind).parameters.values() if one.kind is one.KEYWORD_ONLY and one.default is one.empty]
    return kind("no", site="north", fix="Look", **dict.fromkeys(needed, {}))


@pytest.mark.parametrize("kind", KINDS)
def test_a_copy_knows_all_that_the_error_knew(kind: type[DrError]) -> None:
    error = made(kind)
    error.outcome_unknown = True
    error.__cause__ = ValueError("below")
    twin = copy.copy(error)
    assert twin.__class__ is kind
    assert (vars(twin), twin.args, str(twin), twin.__cause__) == (vars(error), error.args, str(error), error.__cause__)


def test_what_is_said_about_a_copy_is_not_said_about_the_error() -> None:
    error = made(ConnectionFailed)
    copy.copy(error).about(name="shop")
    assert error.name == ""

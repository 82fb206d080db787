# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every way this collection can say no, but for those of the state of a pair. Knows words only: no HTTP, no Ansible, no entity."""

from __future__ import annotations

import typing as t


class Finding(t.NamedTuple):
    """One thing found wrong: where (a path or file:line), what, and what to do about it."""

    where: str
    problem: str
    fix: str = ""

    def __str__(self) -> str:
        text = f"{self.where}: {self.problem}" if self.where else self.problem
        return f"{text} ({self.fix})" if self.fix else text


class DrError(Exception):
    """Base of all errors raised on purpose.

    ``cause`` says what happened, ``fix`` the next step; ``verb``, ``kind``, ``name`` and ``site`` say to what.
    ``messages`` and ``codes`` are the server's own words, and its error codes and groups, where it gave some.
    ``outcome_unknown``: the write may or may not have been made; look the object up before writing again.
    """

    messages: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    outcome_unknown: bool = False

    def __init__(
        self,
        cause: str,
        *,
        verb: str = "",
        kind: str = "",
        name: str = "",
        site: str = "",
        fix: str = "",
    ) -> None:
        super().__init__(cause)
        self.cause = cause
        self.verb = verb
        self.kind = kind
        self.name = name
        self.site = site
        self.fix = fix

    def __copy__(self) -> DrError:
        """The same error once more, for one object of several. Exceptions are else copied by calling ``__init__`` with the cause alone."""
        twin = type(self).__new__(type(self), *self.args)
        twin.__dict__.update(self.__dict__)
        twin.__cause__ = self.__cause__
        return twin

    def about(self, *, verb: str = "", kind: str = "", name: str = "", site: str = "") -> DrError:
        """Fill in what the layer below could not know; never overwrites. Returns the same error."""
        self.verb = self.verb or verb
        self.kind = self.kind or kind
        self.name = self.name or name
        self.site = self.site or site
        return self

    def subject(self) -> str:
        """The head of the message: "update security rule 'shop' on pc-b"; empty when nothing is known."""
        what = " ".join(part for part in (self.verb, self.kind.replace("_", " ")) if part)
        if self.name:
            what = f"{what} '{self.name}'".strip()
        if self.site:
            what = f"{what} on {self.site}".strip()
        return what

    def __str__(self) -> str:
        head = self.subject()
        text = f"{head}: {self.cause}" if head else self.cause
        if self.outcome_unknown:
            text += " (it is not known whether the change was made)"
        return f"{text}. {self.fix}" if self.fix else text


class ConnectionFailed(DrError):
    """No usable answer came. Says nothing about the site being dead.

    ``reason``: refused, timeout, tls, dns, proxy, reset, redirect, html, truncated, empty or other.
    ``sent``: the request may have reached the server all the same.
    """

    def __init__(self, cause: str, *, reason: str, sent: bool = False, **known: str) -> None:
        super().__init__(cause, **known)
        self.reason = reason
        self.sent = sent


class Unauthorized(DrError):
    """401: the credentials were not accepted."""


class Forbidden(DrError):
    """403: the credentials are good, the permission is missing."""


class NotFound(DrError):
    """404: the object, or the API version, is not there."""


class Ambiguous(DrError):
    """Two objects of one name; ``ids`` lists them."""

    def __init__(self, cause: str, *, ids: t.Sequence[str] = (), **known: str) -> None:
        super().__init__(cause, **known)
        self.ids = tuple(ids)


class UnknownReference(DrError):
    """A name or an id that the site doesn't know."""


class Conflict(DrError):
    """Somebody else changed the object while we were at it (412 again after reading it anew)."""


class Answered(DrError):
    """The server answered, and not as it should. ``status`` is the HTTP status, 0 if unknown."""

    def __init__(self, cause: str, *, status: int = 0, **known: str) -> None:
        super().__init__(cause, **known)
        self.status = status


class Refused(Answered):
    """The server understood and said no (400, 409, 422, 428 or a schema error)."""


class RateLimited(DrError):
    """429 until the deadline."""


class ServerError(Answered):
    """5xx until the deadline, or an answer that contradicts itself."""


class TaskFailed(DrError):
    """A task of the server ended FAILED or CANCELED."""


class DeadlineExceeded(DrError):
    """Time ran out; the cause holds the last state seen."""


class NotRepresentable(DrError):
    """Law 2: the object holds something this collection has no words for. ``path`` is the field."""

    def __init__(self, cause: str, *, path: str = "", **known: str) -> None:
        super().__init__(cause, **known)
        self.path = path


class InvalidInput(DrError):
    """What a person wrote can't be right; ``findings`` lists everything that was found, not only the first."""

    def __init__(self, findings: t.Sequence[Finding], *, cause: str = "", **known: str) -> None:
        self.findings = tuple(findings)
        listing = "; ".join(str(finding) for finding in self.findings)
        super().__init__(f"{cause}: {listing}" if cause else listing, **known)


class TooNew(InvalidInput):
    """Fields or words newer than the API of the target."""


class SafetyLimit(DrError):
    """The plan is legal but larger than what was allowed: blast radius, deletes, prune on an empty answer."""


# Errors that leave the state of a site unknown. Never to be read as "down", "no drift" or "pass" (law 6).
CANNOT_TELL: tuple[type[DrError], ...] = (
    ConnectionFailed,
    Unauthorized,
    Forbidden,
    RateLimited,
    ServerError,
    DeadlineExceeded,
)

# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names that a person may take for one another: the same but for case, separators and letters that look alike, or one letter apart."""

from __future__ import annotations

import re
import typing as t

_LOOKS = str.maketrans({"0": "o", "1": "l", "i": "l"})
_LETTERS = 5
"""Words shorter than this differ by a letter without being look-alikes."""


def same_looks(names: t.Iterable[str]) -> t.Iterator[tuple[str, str]]:
    """Pairs that look the same."""
    seen: dict[str, str] = {}
    for name in sorted(names):
        look = re.sub(r"[\s_.-]", "", name.casefold()).translate(_LOOKS)
        if look in seen:
            yield seen[look], name
        seen.setdefault(look, name)


def one_letter_apart(names: t.Iterable[str]) -> t.Iterator[tuple[str, str]]:
    """Pairs of long values of one key with one letter more, less or changed. Digits and single letters (zone-a, zone-b) count people's
    things, so they don't matter here."""
    known = dict.fromkeys(sorted(names))
    gaps: dict[tuple[str, str, str], list[str]] = {}
    pairs: set[tuple[str, str]] = set()
    for name in known:
        key, _slash, value = name.partition("/")
        for place in _places(value):
            before, after = value[:place], value[place + 1 :]
            pairs.update((other, name) for other in gaps.setdefault((key, before, after), []))
            gaps[key, before, after].append(name)
            if f"{key}/{before}{after}" in known and len(value) > _LETTERS:
                pairs.add((f"{key}/{before}{after}", name))
    yield from sorted(pairs)


def _places(value: str) -> list[int]:
    """Where a letter may be another one without the word being another on purpose."""
    if len(value) < _LETTERS:
        return []
    around = (value[max(place - 1, 0) : place] + value[place + 1 : place + 2] for place in range(len(value)))
    return [place for place, beside in enumerate(around) if value[place].isalpha() and any(map(str.isalpha, beside))]

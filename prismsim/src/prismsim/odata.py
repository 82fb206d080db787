# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The part of OData 4.01 that the API speaks: ``$filter`` and ``$orderby`` texts become functions over documents.

Knows the grammar; which fields a list allows is given by the caller. All errors are ``ODataError``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

Predicate = Callable[[dict[str, Any]], bool]
_Value = Callable[[dict[str, Any]], Any]

_TOKEN = re.compile(
    r"\s*(?:(?P<enum>[A-Za-z][\w.]*\.[A-Za-z]\w*'(?:[^']|'')*')|(?P<string>'(?:[^']|'')*')"
    r"|(?P<number>-?\d+(?:\.\d+)?(?![\w:-]))|(?P<time>\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d))"
    r"|(?P<uuid>[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})"
    r"|(?P<word>[A-Za-z_][\w]*(?:/[A-Za-z_]\w*)*)|(?P<mark>[(),:]))"
)
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "eq": lambda left, right: bool(left == right),
    "ne": lambda left, right: bool(left != right),
    "gt": lambda left, right: left is not None and right is not None and bool(left > right),
    "ge": lambda left, right: left is not None and right is not None and bool(left >= right),
    "lt": lambda left, right: left is not None and right is not None and bool(left < right),
    "le": lambda left, right: left is not None and right is not None and bool(left <= right),
}
_FUNCTIONS: dict[str, Callable[[str, str], bool]] = {
    "contains": lambda text, part: part in text,
    "startswith": lambda text, part: text.startswith(part),
    "endswith": lambda text, part: text.endswith(part),
}
_LITERALS = {"true": True, "false": False, "null": None}


class ODataError(ValueError):
    """A filter or order text that the API refuses."""


def compile_filter(text: str, allowed: frozenset[str] | None) -> Predicate:
    """A filter text as a predicate; ``allowed`` are the field paths (``a/b``) it may name, None for any."""
    parser = _Parser(_tokens(text), allowed)
    predicate = parser.disjunction({})
    parser.end()
    return predicate


def compile_order(text: str, allowed: frozenset[str] | None) -> list[tuple[str, bool]]:
    """``name desc,priority`` as pairs of field path and whether it is descending."""
    order: list[tuple[str, bool]] = []
    for part in text.split(","):
        words = part.split()
        if not 1 <= len(words) <= 2 or (len(words) == 2 and words[1] not in ("asc", "desc")):
            raise ODataError(f"'{part.strip()}' is no order expression")
        _allow(words[0], allowed)
        order.append((words[0], words[-1] == "desc"))
    return order


def read(document: Any, path: str) -> Any:
    """The value at ``a/b`` of a document; a path through a list gives the list of values; None when absent."""
    value = document
    for step in path.split("/"):
        if isinstance(value, list):
            value = [entry.get(step) for entry in value if isinstance(entry, dict)]
        elif isinstance(value, dict):
            value = value.get(step)
        else:
            return None
    return value


def _allow(path: str, allowed: frozenset[str] | None) -> None:
    if allowed is not None and path not in allowed and path.split("/")[0] not in allowed:
        raise ODataError(f"The property '{path}' does not exist or cannot be used here")


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError as error:
        raise ODataError(f"'{text}' is no point in time") from error


def _comparable(left: Any, right: Any) -> tuple[Any, Any]:
    """Both sides as times when one is: the same moment can be written with more or fewer digits."""
    if isinstance(right, datetime) and isinstance(left, str):
        return _moment(left), right
    if isinstance(left, datetime) and isinstance(right, str):
        return left, _moment(right)
    return left, right


def _tokens(text: str) -> list[tuple[str, str]]:
    tokens: list[tuple[str, str]] = []
    position = 0
    text = text.rstrip()
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None or match.lastgroup is None:
            raise ODataError(f"Cannot parse the expression at position {position}: '{text[position:position + 20]}'")
        tokens.append((match.lastgroup, match.group(match.lastgroup)))
        position = match.end()
    return tokens


class _Parser:
    """Recursive descent over the tokens; ``variables`` are the lambda variables in sight (name -> collection path)."""

    def __init__(self, tokens: list[tuple[str, str]], allowed: frozenset[str] | None) -> None:
        self._tokens = tokens
        self._at = 0
        self._allowed = allowed

    def end(self) -> None:
        if self._at < len(self._tokens):
            raise ODataError(f"Unexpected '{self._tokens[self._at][1]}'")

    def disjunction(self, variables: dict[str, str]) -> Predicate:
        parts = [self._conjunction(variables)]
        while self._take_word("or"):
            parts.append(self._conjunction(variables))
        return parts[0] if len(parts) == 1 else lambda document: any(part(document) for part in parts)

    def _conjunction(self, variables: dict[str, str]) -> Predicate:
        parts = [self._negation(variables)]
        while self._take_word("and"):
            parts.append(self._negation(variables))
        return parts[0] if len(parts) == 1 else lambda document: all(part(document) for part in parts)

    def _negation(self, variables: dict[str, str]) -> Predicate:
        if self._take_word("not"):
            inner = self._negation(variables)
            return lambda document: not inner(document)
        return self._primary(variables)

    def _primary(self, variables: dict[str, str]) -> Predicate:
        if self._take_mark("("):
            inner = self.disjunction(variables)
            self._need_mark(")")
            return inner
        kind, text = self._peek()
        if kind == "word" and self._peek(1) == ("mark", "("):
            self._at += 2
            if text in _FUNCTIONS:
                return self._function(text, variables)
            if text.rsplit("/", 1)[-1] in ("any", "all"):
                return self._quantifier(text, variables)
            raise ODataError(f"Unknown function '{text}'")
        return self._comparison(variables)

    def _function(self, name: str, variables: dict[str, str]) -> Predicate:
        value = self._operand(variables)
        self._need_mark(",")
        part = self._operand(variables)
        self._need_mark(")")
        test = _FUNCTIONS[name]

        def applies(document: dict[str, Any]) -> bool:
            text, wanted = value(document), part(document)
            return isinstance(text, str) and isinstance(wanted, str) and test(text, wanted)

        return applies

    def _quantifier(self, text: str, variables: dict[str, str]) -> Predicate:
        path, _ignored, quantifier = text.rpartition("/")
        if self._allowed is None or not any(field.startswith(f"{path}/") for field in self._allowed):
            _allow(path, self._allowed)
        kind, variable = self._next()
        if kind != "word":
            raise ODataError(f"'{quantifier}' needs a variable")
        self._need_mark(":")
        inner = self.disjunction({**variables, variable: path})
        self._need_mark(")")
        decide = any if quantifier == "any" else all

        def applies(document: dict[str, Any]) -> bool:
            items = read(document, path) or []
            return decide(inner({**document, f"${variable}": item}) for item in items)

        return applies

    def _comparison(self, variables: dict[str, str]) -> Predicate:
        left = self._operand(variables)
        if self._at >= len(self._tokens) or self._peek() == ("mark", ")") or self._peek()[1] in ("and", "or"):
            return lambda document: left(document) is True
        kind, operator = self._next()
        if operator == "in":
            options = self._options(variables)
            return lambda document: left(document) in [option(document) for option in options]
        if kind != "word" or operator not in _COMPARE:
            raise ODataError(f"Unknown operator '{operator}'")
        right = self._operand(variables)
        compare = _COMPARE[operator]

        def applies(document: dict[str, Any]) -> bool:
            try:
                return compare(*_comparable(left(document), right(document)))
            except TypeError:
                return False

        return applies

    def _options(self, variables: dict[str, str]) -> list[_Value]:
        self._need_mark("(")
        options = [self._operand(variables)]
        while self._take_mark(","):
            options.append(self._operand(variables))
        self._need_mark(")")
        return options

    def _operand(self, variables: dict[str, str]) -> _Value:
        kind, text = self._next()
        if kind == "word" and text not in _LITERALS:
            return self._field(text, variables)
        value: Any
        if kind == "word":
            value = _LITERALS[text]
        elif kind == "string":
            value = text[1:-1].replace("''", "'")
        elif kind == "enum":
            value = text.split("'", 1)[1][:-1]
        elif kind == "number":
            value = float(text) if "." in text else int(text)
        elif kind == "time":
            value = _moment(text)
        elif kind == "uuid":
            value = text
        else:
            raise ODataError(f"Unexpected '{text}'")
        return lambda document: value

    def _field(self, text: str, variables: dict[str, str]) -> _Value:
        first, _ignored, rest = text.partition("/")
        if first in variables:
            if rest:
                _allow(f"{variables[first]}/{rest}", self._allowed)
                return lambda document: read(document[f"${first}"], rest)
            return lambda document: document[f"${first}"]
        _allow(text, self._allowed)
        return lambda document: read(document, text)

    def _peek(self, ahead: int = 0) -> tuple[str, str]:
        if self._at + ahead >= len(self._tokens):
            if ahead:
                return ("end", "")
            raise ODataError("The expression ends too early")
        return self._tokens[self._at + ahead]

    def _next(self) -> tuple[str, str]:
        token = self._peek()
        self._at += 1
        return token

    def _take_word(self, word: str) -> bool:
        return self._take(("word", word))

    def _take_mark(self, mark: str) -> bool:
        return self._take(("mark", mark))

    def _take(self, token: tuple[str, str]) -> bool:
        if self._at < len(self._tokens) and self._tokens[self._at] == token:
            self._at += 1
            return True
        return False

    def _need_mark(self, mark: str) -> None:
        if not self._take_mark(mark):
            raise ODataError(f"'{mark}' is missing")

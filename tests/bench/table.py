"""Figures as a table, in the terminal and in docs/benchmarks.md. Knows no measurement."""

from __future__ import annotations

import datetime
import platform
import time
from pathlib import Path
from typing import NamedTuple

BEGIN, END = "<!-- figures: begin, written by make bench -->", "<!-- figures: end -->"


class Figure(NamedTuple):
    """One measurement; ``within`` says whether it is inside its limit, None for one that has none."""

    what: str
    limit: str
    measured: str
    within: bool | None


def at_most(what: str, limit: float, measured: float, unit: str = "", digits: int = 2) -> Figure:
    """A figure that may be LIMIT at most."""
    suffix = f" {unit}" if unit else ""
    return Figure(what, f"at most {limit:g}{suffix}", f"{measured:.{digits}f}{suffix}", measured <= limit)


def at_least(what: str, limit: float, measured: float, unit: str = "", digits: int = 0) -> Figure:
    """A figure that must be LIMIT at least."""
    suffix = f" {unit}" if unit else ""
    return Figure(what, f"at least {limit:,.{digits}f}{suffix}", f"{measured:,.{digits}f}{suffix}", measured >= limit)


def note(what: str, measured: str) -> Figure:
    """A figure without a limit."""
    return Figure(what, "", measured, None)


def part(title: str, figures: list[Figure]) -> str:
    """One table in Markdown."""
    lines = [f"### {title}", "", "| figure | limit | measured | |", "|---|---|---|---|"]
    lines += [f"| {one.what} | {one.limit} | {one.measured} | {_mark(one)} |" for one in figures]
    return "\n".join(lines) + "\n"


def page(parts: dict[str, list[Figure]]) -> str:
    """All tables, with what they were measured on."""
    return "\n".join([f"{measured_on()}\n", *(part(title, figures) for title, figures in parts.items())])


def measured_on() -> str:
    """The day and the machine, with how fast it is now: seconds for ten million additions in a loop, by which limits in seconds are read."""
    began, total = time.perf_counter(), 0
    for number in range(10_000_000):
        total += number
    speed = f"ten million additions in a loop take {time.perf_counter() - began:.2f} s"
    return f"Measured {datetime.date.today():%Y-%m-%d} with Python {platform.python_version()} on {_machine()}; {speed}."


def write_into(page: Path, text: str) -> None:
    """Replace what stands between the markers of PAGE. Raises ValueError when it has none."""
    before, begin, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    _old, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{page} has no place for figures")
    page.write_text(f"{before}{BEGIN}\n\n{text}\n{END}{after}", encoding="utf-8")


def _mark(figure: Figure) -> str:
    return {True: "ok", False: "**over**", None: ""}[figure.within]


def _machine() -> str:
    count = Path("/proc/cpuinfo").read_text(encoding="utf-8").count("processor\t:") if Path("/proc/cpuinfo").exists() else 0
    return f"{platform.system()}, {count or 'some'} cores"

"""Knows which gates there are, what each runs, and how they are grouped; not how a gate is run or reported."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from tests.tools.collection_tree import CACHE, ROOT
from tests.tools.environments import Pair, best, make, matrix, prepare
from tests.tools.gate import LOGS, Counter, Counts, Gate, junit, one_check, sanity_tests

CONTRACT = ROOT / "tests" / "contract"
COLLECTION = CACHE / "collections" / "ansible_collections" / "nutanix_flow" / "dr"
MODULE_UTILS = "ansible_collections.nutanix_flow.dr.plugins.module_utils"


def check(name: str, *command: str, weight: int = 10, count: Counter = one_check) -> list[Gate]:
    """A linter or another judge of the text, once, beside the newest ansible-core."""
    return [Gate(name, command, prepare("checks", best()), count, weight=weight)]


def sanity() -> list[Gate]:
    """ansible-test sanity of each end of the supported range."""
    return [
        Gate(f"sanity-{pair}", ("python", "-m", "tests.tools.sanity"), prepare("checks" if pair == best() else "tests", pair), sanity_tests, weight=120)
        for pair in matrix()
    ]


def pytest(name: str, *arguments: str, pairs: Iterable[Pair], weight: int) -> list[Gate]:
    """Tests in Python, on each of PAIRS."""
    found = []
    for pair in pairs:
        results = LOGS / f"{name}-{pair}.xml"
        command = ("python", "-m", "pytest", "-q", f"--junitxml={results}", *arguments)
        found.append(Gate(f"{name}-{pair}", command, prepare("tests", pair), junit(results), weight=weight, results=results))
    return found


def contract() -> list[Gate]:
    """The vendor's SDKs against the simulator. Each set of releases has an environment of its own."""
    found = []
    for sdk in ("4.0", "4.2", "newest"):
        results = LOGS / f"contract-{sdk}.xml"
        command = ("python", "-m", "pytest", "-q", f"--junitxml={results}", "tests/contract")
        requirements = [ROOT / "requirements.txt", *(CONTRACT / f"requirements-{part}.txt" for part in ("common", sdk))]
        environment = make(f"contract-{sdk}", best().python, requirements)
        found.append(Gate(f"contract-{sdk}", command, environment, junit(results), weight=60))
    return found


def journeys() -> list[Gate]:
    """The molecule scenarios, one after the other, beside the newest ansible-core. The playbooks go the same ways on each core."""
    command = ("molecule", "--base-config", "molecule/config.yml", "test", "--all")
    return [Gate(f"journeys-{best()}", command, prepare("tests", best()), count_scenarios, weight=300, directory=ROOT / "extensions")]


def count_scenarios(output: str, code: int) -> Counts:
    """From molecule's recap, one line per scenario."""
    failures = [int(failed) for failed in re.findall(r"^\S+ +: actions=\d+ .*failed=(\d+)", output, re.MULTILINE)]
    failed = sum(map(bool, failures))
    return Counts(passed=len(failures) - failed, failed=max(failed, int(code != 0)))


def demo() -> list[Gate]:
    """What `make demo` runs; each promise that it keeps counts as a test."""
    command = ("python", "-m", "tests.demo.run", "--output", str(CACHE / "demo-output"))
    return [Gate("demo", command, prepare("tests", best()), count_promises, weight=150)]


def count_promises(output: str, code: int) -> Counts:
    """From the demo's terminal, one line per promise."""
    kept, broken = (len(re.findall(rf"^ +{word}: ", output, re.MULTILINE)) for word in ("ok", "BROKEN"))
    return Counts(passed=kept, failed=max(broken, int(code != 0)))


GATES: dict[str, Callable[[], list[Gate]]] = {
    "lint": lambda: check("lint", "ruff", "check", "."),
    "types": lambda: check("types", "mypy", "-p", MODULE_UTILS, "-p", "prismsim", weight=30),
    "sanity": sanity,
    "ansible-lint": lambda: check("ansible-lint", "ansible-lint", "--offline", "--strict", "--profile", "production", weight=60),
    "importer": lambda: check("importer", "python", "-m", "tests.tools.artifact", weight=60),
    "docs": lambda: check(
        "docs", "antsibull-docs", "lint-collection-docs", "--plugin-docs", "--validate-collection-refs=self", "--check-extra-docs-refs",
        str(COLLECTION), weight=30,
    ),
    "changelog": lambda: check("changelog", "antsibull-changelog", "lint"),
    "meta": lambda: pytest("meta", "tests/meta", pairs=[best()], weight=30),
    "units": lambda: pytest("units", "tests/unit", pairs=matrix(), weight=60),
    # On the oldest Python it serves the integration tests and the playbooks.
    "prismsim": lambda: pytest("prismsim", "--rootdir=prismsim", "prismsim/tests", pairs=[best()], weight=100),
    "contract": contract,
    "integration": lambda: pytest("integration", "--ignore=tests/integration/test_examples.py", "tests/integration", pairs=matrix(), weight=400),
    # Examples are documentation: what they call, the integration tests call on every core.
    "examples": lambda: pytest("examples", "tests/integration/test_examples.py", pairs=[best()], weight=200),
    "playbooks": lambda: pytest("playbooks", "tests/journeys", pairs=matrix(), weight=500),
    "journeys": journeys,
    "demo": demo,
}
GROUPS: dict[str, tuple[str, ...]] = {
    "all": tuple(GATES),
    "quick": ("lint", "types", "meta", "units"),
}


def names() -> list[str]:
    """Every name a person may give: groups, then gates."""
    return [*GROUPS, *GATES]


def gates(wanted: Iterable[str]) -> list[Gate]:
    """The gates of these names, each once, with their environments made."""
    plain = dict.fromkeys(name for entry in wanted for name in GROUPS.get(entry, (entry,)))
    return [gate for name in plain for gate in GATES[name]()]

"""Each layer imports only those below it, the pure ones reach no I/O, and the collection and the simulator don't know each other."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tools import import_graph
from tests.tools.collection_tree import ROOT

UTILS = "ansible_collections.nutanix_flow.dr.plugins.module_utils"
LAYERS = ("_errors", "_net", "_prism", "_model", "_entities", "_evidence", "_segmentation", "_engine", "_glue")
"""From the lowest to the highest."""
PURE = ("_segmentation", "_model", "_entities", "_engine.plan", "_engine.replicate", "_engine.three_way")
DOES_IO = frozenset({
    "asyncio", "ctypes", "ftplib", "glob", "http", "io", "logging", "multiprocessing", "os", "pathlib", "requests", "select", "shutil",
    "signal", "socket", "sqlite3", "ssl", "subprocess", "sys", "tempfile", "threading", "urllib", "urllib3", "ansible",
})
SOCKETS = frozenset({"requests", "urllib3", "socket", "ssl", "http", "urllib.request", "ftplib", "asyncio"})


def layer_of(module: str) -> str | None:
    """`_engine` for `...module_utils._engine.plan`; None for what is outside of module_utils."""
    inside, found, rest = module.partition(f"{UTILS}.")
    return rest.split(".")[0] if found and not inside else None


def layer_faults(graph: import_graph.Graph) -> list[str]:
    """Imports that go up, and files that lie in no layer."""
    faults = []
    for module, names in graph.items():
        layer = layer_of(module)
        if layer is None:
            continue
        if layer not in LAYERS:
            faults.append(f"{module} lies in no layer; layers are {', '.join(LAYERS)}")
            continue
        for other in sorted(filter(None, map(layer_of, names))):
            if other != layer and other not in LAYERS[: LAYERS.index(layer)]:
                faults.append(f"{module} imports {other}, which is not below {layer}")
    return faults


def is_pure(module: str) -> bool:
    name = module.removeprefix(f"{UTILS}.")
    return any(name == pure or name.startswith((f"{pure}.", f"{pure}_")) for pure in PURE)


def purity_faults(graph: import_graph.Graph, sources: dict[str, str]) -> list[str]:
    """Ways from a pure module to I/O, through any number of imports; and its own calls of `open`."""
    faults = []
    for module in filter(is_pure, graph):
        for name, chain in import_graph.reachable(graph, module).items():
            if name.split(".")[0] in DOES_IO or layer_of(name) in ("_net", "_prism"):
                faults.append(chain)
        if "open(" in sources.get(module, ""):
            faults.append(f"{module} calls open()")
    return faults


def socket_faults(graph: import_graph.Graph) -> list[str]:
    """Imports of what opens a socket, anywhere but in `_net`."""
    return [
        f"{module} imports {name}; only _net may"
        for module, names in graph.items()
        for name in sorted(names)
        if layer_of(module) != "_net" and (name in SOCKETS or name.split(".")[0] in SOCKETS)
    ]


def stranger_faults(graph: import_graph.Graph, stranger: str) -> list[str]:
    return [f"{module} imports {name}" for module, names in graph.items() for name in sorted(names) if name.split(".")[0] == stranger]


@pytest.fixture(scope="module")
def plugins() -> import_graph.Graph:
    graph = import_graph.read(ROOT / "plugins", UTILS.rpartition(".")[0])
    assert graph, "found no file below plugins/: the test looks in the wrong place"
    return graph


def test_layers_import_only_what_is_below_them(plugins: import_graph.Graph) -> None:
    assert layer_faults(plugins) == []


def test_pure_layers_reach_no_io(plugins: import_graph.Graph) -> None:
    sources = {module: (ROOT / "plugins" / Path(*module.split(".")[4:])).with_suffix(".py") for module in plugins if is_pure(module)}
    assert sources, "found no pure module: the test looks in the wrong place"
    assert purity_faults(plugins, {module: path.read_text() for module, path in sources.items() if path.is_file()}) == []


def test_only_net_opens_sockets(plugins: import_graph.Graph) -> None:
    assert socket_faults(plugins) == []


def test_collection_and_simulator_do_not_import_each_other(plugins: import_graph.Graph) -> None:
    simulator = import_graph.read(ROOT / "prismsim" / "src" / "prismsim", "prismsim")
    assert simulator, "found no file of prismsim: the test looks in the wrong place"
    assert stranger_faults(plugins, "prismsim") + stranger_faults(simulator, "ansible_collections") + stranger_faults(simulator, "plugins") == []


WRONG_TREE = {
    "_errors.py": "import typing",
    "_net/session.py": "import requests\nfrom .._prism.tasks import wait",
    "_prism/tasks.py": "from .._errors import DrError\nimport socket",
    "_model/entity.py": "from .._errors import DrError\nfrom . import files",
    "_model/files.py": "def read(path):\n    import os.path\n    return open(path)",
    "_engine/plan.py": "from .apply import apply",
    "_engine/apply.py": "from .._prism import tasks",
    "_helpers/misc.py": "import json",
}


@pytest.fixture
def wrong(tmp_path: Path) -> import_graph.Graph:
    """A tree that breaks each rule once."""
    for name, text in WRONG_TREE.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    return import_graph.read(tmp_path, UTILS)


def test_an_import_upwards_is_found(wrong: import_graph.Graph) -> None:
    assert layer_faults(wrong) == [
        f"{UTILS}._helpers.misc lies in no layer; layers are {', '.join(LAYERS)}",
        f"{UTILS}._net.session imports _prism, which is not below _net",
    ]


def test_io_is_found_through_other_modules(wrong: import_graph.Graph) -> None:
    found = purity_faults(wrong, {f"{UTILS}._model.files": WRONG_TREE["_model/files.py"]})
    assert f"{UTILS}._model.entity > {UTILS}._model.files > os.path" in found
    assert f"{UTILS}._engine.plan > {UTILS}._engine.apply > {UTILS}._prism.tasks > socket" in found
    assert f"{UTILS}._model.files calls open()" in found


def test_a_socket_outside_of_net_is_found(wrong: import_graph.Graph) -> None:
    assert socket_faults(wrong) == [f"{UTILS}._prism.tasks imports socket; only _net may"]

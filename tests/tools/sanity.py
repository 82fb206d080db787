"""Runs `ansible-test sanity` on a copy of the checkout, without a container, with or without the internet.

It has a home directory of its own below .cache, so that neither its environments nor its way of getting pip touch the
person's own. Run it with the Python of the environment whose ansible-core is to judge.
"""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

from tests.tools import collection_tree


def main(arguments: list[str]) -> int:
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    base = collection_tree.CACHE / "sanity" / Path(sys.prefix).name
    home = base / "home"
    tree = collection_tree.copy(base / "collections")
    ignores = sorted(tree.glob("tests/sanity/ignore*"))
    if ignores:
        print("sanity ignore files are not allowed here:", *(path.name for path in ignores))
        return 1
    put_standin(home, version)
    put_pip_configuration(home)
    # ansible-test takes what git would: the copy needs an index of its own, or it finds the one around it.
    subprocess.run(["git", "init", "--quiet"], cwd=tree, check=True)
    return subprocess.run(
        ["ansible-test", "sanity", "--venv", "--python", version, "--color", "no", "--truncate", "0", *arguments],
        cwd=tree, env={**os.environ, "HOME": str(home)}, check=False, stdin=subprocess.DEVNULL,
    ).returncode


def put_standin(home: Path, version: str) -> None:
    """Lay pip_standin where this ansible-test keeps the script it would otherwise fetch."""
    from ansible_test._internal.python_requirements import get_venv_packages

    pip = get_venv_packages(SimpleNamespace(version=version))["pip"]
    target = home / ".ansible" / "test" / "cache" / f"get_pip_{pip.replace('.', '_')}.py"
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(Path(__file__).with_name("pip_standin.py"), target)


def put_pip_configuration(home: Path) -> None:
    """Write down pip's settings (mirror, certificates): ansible-test drops PIP_* variables, and the home is another."""
    listing = subprocess.run([sys.executable, "-m", "pip", "config", "list"], check=True, capture_output=True, text=True).stdout
    found = re.findall(r"^(:env:|global|user|site)\.([a-z.-]+)=('.*')$", listing, re.MULTILINE)
    found.sort(key=lambda setting: setting[0] == ":env:")  # the environment has the last word
    settings = {name.removeprefix("install."): ast.literal_eval(value).replace("\n", "\n  ") for _source, name, value in found}
    target = home / ".config" / "pip" / "pip.conf"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text("[global]\n" + "".join(f"{key} = {value}\n" for key, value in sorted(settings.items())))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

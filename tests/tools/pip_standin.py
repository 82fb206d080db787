"""Takes the place of the script that ansible-test fetches to put pip into its environments.

That script comes from a host which a closed network doesn't reach. CPython carries a pip of its own (ensurepip), and the
version asked for then comes from the package index like everything else. ensurepip has a process of its own because it
hides pip's configuration from the process it runs in.
"""

from __future__ import annotations

import subprocess
import sys

if __name__ == "__main__":
    packages = [argument for argument in sys.argv[1:] if argument not in ("--no-setuptools", "--no-wheel")]
    subprocess.run([sys.executable, "-m", "ensurepip", "--default-pip"], check=True, stdout=subprocess.DEVNULL)
    subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", *packages], check=True)

#!/bin/sh
# Print the path of a usable Python: version $1 (as in 3.13), or without $1 the newest of those supported, else any >= 3.10.
# Each candidate is really run: a pyenv shim exists for versions that it then refuses to start, and some
# distributions ship a python3 without the venv module.
set -u

# The environments of this checkout are made of the machine's Pythons: they are none of them, though `make` puts them on the path.
cache=$(cd "$(dirname "$0")/../.." && pwd)/.cache
PATH=$(printf '%s' "$PATH" | tr ':' '\n' | grep -v "^$cache/" | paste -sd: -)

usable() { # COMMAND [VERSION]: print its real path if it runs, is new enough and can make virtual environments
    "$1" - "${2:-}" 2>/dev/null <<'PYTHON'
import sys
if sys.version_info < (3, 10) or sys.argv[1] not in ("", "%d.%d" % sys.version_info[:2]):
    sys.exit(1)
import ensurepip, ssl, venv
print(sys.executable)
PYTHON
}

for version in ${1:-3.13 3.12 3.11 3.10}; do
    for candidate in "python$version" "${PYENV_ROOT:-$HOME/.pyenv}"/versions/"$version".*/bin/python; do
        usable "$candidate" "$version" && exit 0
    done
done
if [ $# -eq 0 ]; then
    usable python3 && exit 0
    echo "No usable Python: needed is Python 3.10 or newer with the venv and ensurepip modules" \
        "(on Debian and Ubuntu: the package python3-venv)." >&2
fi
exit 1

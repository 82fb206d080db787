"""Stands in for the Python of a task: runs it, then writes what it cost to the file that BENCH_USAGE names."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys

done = subprocess.run([sys.executable, *sys.argv[1:]], check=False)
usage = resource.getrusage(resource.RUSAGE_CHILDREN)
with open(os.environ["BENCH_USAGE"], "w", encoding="utf-8") as output:
    json.dump({"cpu": usage.ru_utime + usage.ru_stime, "megabytes": usage.ru_maxrss / 1024}, output)
sys.exit(done.returncode)

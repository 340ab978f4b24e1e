#!/usr/bin/env python3
"""The ladder: what programs write, written in every way there is, from buffered to what the disk can do.

    ladder.py [-n ROUNDS] [--size MIB] [--dir DIR] [--build DIR] [--json FILE] [--plots DIR] [WORKLOAD...]

`ladder.py --help` names the workloads and the rungs.
"""
import sys

from ladder.main import main

sys.exit(main(sys.argv[1:]))

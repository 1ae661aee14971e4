"""Entry point of `python3 tests/debrepo`, which puts this folder and not its parent on the path.

SPDX-License-Identifier: Apache-2.0
"""
import os
import sys

if __package__ in (None, ""):
    sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from debrepo.cli import main  # noqa: E402

sys.exit(main())

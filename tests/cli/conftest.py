"""Runs the programs under test.

SPDX-License-Identifier: Apache-2.0
"""
import os
import re
import subprocess

import pytest

TIME = re.compile(r"^\d{4}/\d\d/\d\d \d\d:\d\d:\d\d ", re.M)


class Program:
    def __init__(self, path, folder):
        self.path, self.folder = path, folder

    def __call__(self, *words, stdin=None, env=None):
        """Status, stdout, stderr; times of log lines are cut off."""
        done = subprocess.run([self.path, *words], cwd=self.folder, capture_output=True, text=True, input=stdin,
                              env={**os.environ, "TERM": "dumb", **(env or {})}, timeout=60)
        return done.returncode, done.stdout, TIME.sub("", done.stderr)


@pytest.fixture
def apko(tmp_path):
    return Program(os.environ["APKO"], tmp_path)


@pytest.fixture
def melange(tmp_path):
    return Program(os.environ["MELANGE"], tmp_path)


@pytest.fixture(params=["apko", "melange"])
def program(request, tmp_path):
    return Program(os.environ[request.param.upper()], tmp_path)

#!/usr/bin/python3
"""hello-py answers "Hello World!" on /. HOST and PORT in the environment choose where it listens.

SPDX-License-Identifier: Apache-2.0
"""
import os
import sys

sys.path.insert(0, "/usr/share/hello-py")

from flask import Flask  # noqa: E402

app = Flask("hello-py")


@app.route("/")
def hello():
    return "Hello World!\n", 200, {"Content-Type": "text/plain"}


app.run(host=os.environ.get("HOST", "0.0.0.0"), port=int(os.environ.get("PORT", "8080")))

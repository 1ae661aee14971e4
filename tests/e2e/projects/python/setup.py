# SPDX-License-Identifier: Apache-2.0
from setuptools import setup

setup(name="hello", version="1.2.3", py_modules=["hello"], entry_points={"console_scripts": ["hello = hello:main"]})

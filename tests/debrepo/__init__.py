"""Signed APK repositories out of Debian packages: real toolchains where no APK mirror can be reached.

SPDX-License-Identifier: Apache-2.0
"""

# SPDX-License-Identifier: Apache-2.0
TEXT = "Hello World!"


def main():
    print(TEXT)

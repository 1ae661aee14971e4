"""Signed APK repositories out of Debian packages: real toolchains where no APK mirror can be reached."""

/*
 * Architectures: the names that apk, Go and OCI, compilers and Rust use for one machine. In: any
 * accepted spelling; out: a row of a constant table.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "apk/arch.h"

#include <string.h>
#include <sys/utsname.h>

#include "base/banned.h"

/* clang-format off */
const struct lf_arch lf_archs[] = {
	{"x86",         "386",     "386",     "",   "i486-pc-linux-",          "i686-unknown-linux-",        ""},
	{"x86_64",      "amd64",   "amd64",   "",   "x86_64-pc-linux-",        "x86_64-unknown-linux-",      ""},
	{"aarch64",     "arm64",   "arm64",   "",   "aarch64-unknown-linux-",  "aarch64-unknown-linux-",     ""},
	{"armhf",       "arm/v6",  "arm",     "v6", "arm-unknown-linux-",      "armv6-unknown-linux-",       "eabihf"},
	{"armv7",       "arm/v7",  "arm",     "v7", "armv7l-unknown-linux-",   "armv7-unknown-linux-",       "eabihf"},
	/* compat: the compiler's own word is loongarch64, but this is what scripts get to see */
	{"loongarch64", "loong64", "loong64", "",   "loong64-unknown-linux-",  "loong64-unknown-linux-",     ""},
	{"ppc64le",     "ppc64le", "ppc64le", "",   "powerpc64le-unknown-linux-", "powerpc64le-unknown-linux-", ""},
	{"riscv64",     "riscv64", "riscv64", "",   "riscv64-unknown-linux-",  "riscv64-unknown-linux-",     ""},
	{"s390x",       "s390x",   "s390x",   "",   "s390x-ibm-linux-",        "s390x-unknown-linux-",       ""},
};
/* clang-format on */
const size_t lf_n_archs = sizeof(lf_archs) / sizeof(lf_archs[0]);

const struct lf_arch *lf_arch_find(const char *name)
{
	for (size_t i = 0; i < lf_n_archs; i++)
		if (!strcmp(name, lf_archs[i].apk) || !strcmp(name, lf_archs[i].oci))
			return &lf_archs[i];
	return NULL;
}

const char *lf_arch_apk(const char *name)
{
	const struct lf_arch *a = lf_arch_find(name);

	return a ? a->apk : name;
}

const char *lf_arch_oci(const char *name)
{
	const struct lf_arch *a = lf_arch_find(name);

	return a ? a->oci : name;
}

/* The kernel's names where they are not apk's. */
static const char *apk_name_of_machine(const char *machine)
{
	static const char *const names[][2] = {
		{"i386", "x86"},     {"i486", "x86"},     {"i586", "x86"},     {"i686", "x86"},
		{"armv6l", "armhf"}, {"armv7l", "armv7"}, {"armv8l", "armv7"},
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!strcmp(machine, names[i][0]))
			return names[i][1];
	return machine;
}

const struct lf_arch *lf_arch_host(void)
{
	struct utsname u;
	const struct lf_arch *a = NULL;

	if (uname(&u) == 0)
		a = lf_arch_find(apk_name_of_machine(u.machine));
	return a ? a : lf_arch_find("x86_64");
}

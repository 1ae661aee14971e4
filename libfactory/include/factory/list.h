/*
 * A list of strings, as options with several values are handed over. The strings live elsewhere
 * (the command line, an arena); the array is on the heap and the maker's to free.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <stddef.h>

/* A zeroed struct is an empty list. */
struct lf_strv {
	const char **v;
	size_t n, cap;
};

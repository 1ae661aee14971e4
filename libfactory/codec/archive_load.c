/*
 * Loading libarchive. Nothing in, a table of its functions out; made once a process and never
 * changed.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "codec/archive_load.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "base/mem.h"

#include "base/banned.h"

static pthread_once_t load_once = PTHREAD_ONCE_INIT;
static struct lf_libarchive table;
static bool complete;

static const struct {
	const char *name;
	size_t at;
} symbols[] = {
#define SYMBOL(field)                                                    \
	{                                                                \
		"archive_" #field, offsetof(struct lf_libarchive, field) \
	}
	SYMBOL(read_new),
	SYMBOL(read_support_filter_gzip),
	SYMBOL(read_support_filter_xz),
	SYMBOL(read_support_filter_zstd),
	SYMBOL(read_support_format_raw),
	SYMBOL(read_open_memory),
	SYMBOL(read_next_header),
	SYMBOL(read_data),
	SYMBOL(read_free),
	SYMBOL(error_string),
#undef SYMBOL
};

static void load(void)
{
	void *lib = dlopen("libarchive.so.13", RTLD_NOW | RTLD_LOCAL);

	for (size_t i = 0; i < LF_ARRAY_LEN(symbols); i++) {
		void *f = lib ? dlsym(lib, symbols[i].name) : NULL;

		if (!f)
			return;
		memcpy((char *)&table + symbols[i].at, &f, sizeof(f));
	}
	complete = true;
}

const struct lf_libarchive *lf_libarchive_load(void)
{
	(void)pthread_once(&load_once, load);
	return complete ? &table : NULL;
}

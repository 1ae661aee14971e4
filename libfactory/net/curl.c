/*
 * Loading libcurl. Nothing in, a table of its functions out; made once a process and never changed.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "net/curl.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"

#include "base/banned.h"

static pthread_once_t load_once = PTHREAD_ONCE_INIT;
static struct lf_curl table;
static char objection[256]; /* empty: loaded */

static const struct {
	const char *name;
	size_t at;
} symbols[] = {
#define SYMBOL(field)                                           \
	{                                                       \
		"curl_" #field, offsetof(struct lf_curl, field) \
	}
	SYMBOL(global_init),      SYMBOL(easy_init),           SYMBOL(easy_setopt),
	SYMBOL(easy_getinfo),     SYMBOL(easy_reset),          SYMBOL(easy_cleanup),
	SYMBOL(easy_strerror),    SYMBOL(multi_init),          SYMBOL(multi_setopt),
	SYMBOL(multi_add_handle), SYMBOL(multi_remove_handle), SYMBOL(multi_perform),
	SYMBOL(multi_poll),       SYMBOL(multi_info_read),     SYMBOL(multi_cleanup),
	SYMBOL(multi_strerror),   SYMBOL(slist_append),        SYMBOL(slist_free_all),
#undef SYMBOL
};

static void *open_library(void)
{
	static const char *const names[] = {"libcurl.so.4", "libcurl-gnutls.so.4"};
	void *lib = NULL;

	for (size_t i = 0; i < LF_ARRAY_LEN(names) && !lib; i++)
		lib = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
	return lib;
}

static void load(void)
{
	void *lib = open_library();

	if (!lib) {
		snprintf(objection, sizeof(objection), "%s", dlerror());
		return;
	}
	for (size_t i = 0; i < LF_ARRAY_LEN(symbols); i++) {
		void *f = dlsym(lib, symbols[i].name);

		if (!f) {
			snprintf(objection, sizeof(objection), "%s is missing in it",
				 symbols[i].name);
			return;
		}
		memcpy((char *)&table + symbols[i].at, &f, sizeof(f));
	}
	if (table.global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		snprintf(objection, sizeof(objection), "it does not start");
}

const struct lf_curl *lf_curl_load(struct lf_err *err)
{
	(void)pthread_once(&load_once, load);
	if (!objection[0])
		return &table;
	lf_fail_new(err, LF_E_NET, "the network needs libcurl (libcurl.so.4): %s", objection);
	return NULL;
}

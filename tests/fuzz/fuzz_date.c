/* Any text as a date, a duration, a path: what is read must print and read back the same.
 * SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "base/date.h"
#include "base/fs.h"
#include "base/mem.h"
#include "base/banned.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_date(const char *text)
{
	char printed[LF_DATE_MAX];
	int64_t t, back;

	if (!lf_date_parse(text, &t, NULL))
		return;
	lf_date_print(t, printed);
	/* A zone may shift the first or the last moment out of the years that can be written. */
	if (t >= -62167219200 && t <= 253402300799 &&
	    (!lf_date_parse(printed, &back, NULL) || back != t))
		abort();
}

static void check_duration(const char *text)
{
	char printed[LF_DATE_MAX];
	int64_t ns, back;

	if (!lf_duration_parse(text, &ns, NULL))
		return;
	lf_duration_print(ns, printed);
	if (!lf_duration_parse(printed, &back, NULL) || back != ns)
		abort();
}

static void check_path(const char *text)
{
	lf_auto_free char *once = lf_path_clean(text), *twice = lf_path_clean(once);

	if (strcmp(once, twice) != 0 || strstr(once, "//"))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	lf_auto_buf text = {0};

	lf_buf_add(&text, data, size);
	check_date(lf_buf_c(&text));
	check_duration(lf_buf_c(&text));
	check_path(lf_buf_c(&text));
	return 0;
}

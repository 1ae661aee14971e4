/*
 * Package files: opened and unpacked within small limits, whatever they hold.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include "apk/archive.h"
#include "base/fs.h"

#include "base/banned.h"

#define LIMIT (1 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	lf_auto_arena arena = {0};
	lf_auto_err err = {0};
	lf_auto_fd fd = lf_temp_file(&err);
	lf_auto_fd out = lf_temp_file(&err);
	struct lf_apk apk;
	uint64_t n;

	if (fd < 0 || out < 0 || !lf_write_all(fd, data, size, &err))
		return 0;
	if (lf_apk_open_section(fd, LIMIT, &arena, &apk, NULL) &&
	    apk.control.offset + apk.control.size != size)
		abort();
	if (lf_apk_open(fd, NULL, LIMIT, &arena, &apk, &err) &&
	    lf_apk_unpack_data(fd, &apk, LIMIT, out, &n, &err))
		return 0;
	return 0;
}

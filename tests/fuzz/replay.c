/*
 * A plain main for fuzz targets: feeds every file of a corpus folder (which need not exist),
 * damaged copies of each, the empty input, and noise of up to 1 KiB. All of it is the same on every
 * run.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/fs.h"
#include "base/mem.h"
#include "base/banned.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define NOISE_RUNS 64
#define DAMAGES    24

/* xorshift: any sequence will do, if it is always the same. */
static uint64_t next(uint64_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return *seed;
}

/* Each input gets memory of its exact size, so that a sanitizer sees the first byte beyond. */
static void feed(const char *p, size_t n)
{
	uint8_t *copy = lf_alloc(n);

	if (n)
		memcpy(copy, p, n);
	(void)LLVMFuzzerTestOneInput(copy, n);
	lf_free(copy);
}

static void feed_noise(void)
{
	uint64_t seed = 0x5eed;
	char bytes[1024];

	feed("", 0);
	for (int run = 0; run < NOISE_RUNS; run++) {
		size_t n = next(&seed) % sizeof(bytes) + 1;

		for (size_t i = 0; i < n; i++)
			bytes[i] = (char)(run % 2 ? next(&seed) : ' ' + next(&seed) % 95);
		feed(bytes, n);
	}
}

static void feed_damaged(const struct lf_buf *whole)
{
	uint64_t seed = whole->n + 1;
	lf_auto_buf bytes = {0};

	for (int i = 0; i < DAMAGES && whole->n > 0; i++) {
		size_t cut = next(&seed) % whole->n;

		lf_buf_clear(&bytes);
		lf_buf_add(&bytes, whole->p, i % 3 == 0 ? cut : whole->n);
		for (int flips = i % 3; flips > 0 && bytes.n > 0; flips--)
			bytes.p[next(&seed) % bytes.n] ^= (char)(1u << next(&seed) % 8);
		feed(bytes.p, bytes.n);
	}
}

static bool feed_folder(const char *path, struct lf_err *err)
{
	lf_auto_fd dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	LF_CLEANUP(lf_dir_names_fini) struct lf_strv names = {0};

	if (dir < 0)
		return true;
	if (!lf_dir_names(dir, &names, err))
		return false;
	for (size_t i = 0; i < names.n; i++) {
		lf_auto_free char *file = lf_path_join(path, names.v[i]);
		lf_auto_buf text = {0};

		if (!lf_read_file(file, 1 << 20, &text, err))
			return false;
		feed(lf_buf_c(&text), text.n);
		feed_damaged(&text);
	}
	printf("%zu corpus files\n", names.n);
	return true;
}

int main(int argc, char **argv)
{
	lf_auto_err err = {0};

	feed_noise();
	for (int i = 1; i < argc; i++)
		if (!feed_folder(argv[i], &err)) {
			fprintf(stderr, "%s\n", lf_err_text(&err));
			return 1;
		}
	return 0;
}

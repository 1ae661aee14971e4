/* gzip members: boundaries, damage, and bytes that do not depend on threads.
 * SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <zlib.h>

#include "base/buf.h"
#include "base/mem.h"
#include "codec/gzip.h"
#include "codec/gzip_inflate.h"

#include "base/banned.h"

/* Text that compresses a little: numbers from a fixed generator. */
static void fill_noise(struct lf_buf *b, size_t n, uint32_t seed)
{
	while (b->n < n) {
		seed = seed * 1664525 + 1013904223;
		lf_buf_printf(b, "%x ", seed >> (seed >> 29) * 3);
	}
	b->n = n;
	b->p[n] = '\0';
}

/* A reader that hands out at most `step` bytes, so that boundaries fall everywhere. */
struct drip {
	struct lf_reader r;
	const char *p;
	size_t n, step;
};

static ssize_t read_drip(struct lf_reader *r, void *p, size_t n, struct lf_err *err)
{
	struct drip *d = (struct drip *)r;
	size_t k = n < d->step ? n : d->step;

	(void)err;
	if (k > d->n)
		k = d->n;
	memcpy(p, d->p, k);
	d->p += k;
	d->n -= k;
	return (ssize_t)k;
}

static void add_to_buf(void *data, const void *p, size_t n)
{
	lf_buf_add(data, p, n);
}

/* Every member's content, '|' between, with offset; or the error. */
static void list_members(struct lf_str bytes, size_t step, const struct lf_inflate_ops *ops,
			 struct lf_buf *out)
{
	struct drip d = {{read_drip, NULL}, bytes.p, bytes.n, step};
	struct lf_gzip_in *g = lf_gzip_in_new_with(&d.r, ops);
	lf_auto_err err = {0};
	uint64_t before = 0;
	bool more;

	while (lf_gzip_next(g, &more, &err) && more) {
		lf_auto_buf tapped = {0};
		char piece[1000];
		ssize_t got;

		lf_gzip_tap(g, add_to_buf, &tapped);
		while ((got = lf_gzip_read(g, piece, step < sizeof(piece) ? step : sizeof(piece),
					   &err)) > 0)
			lf_buf_add(out, piece, (size_t)got);
		if (got < 0)
			break;
		lf_gzip_tap(g, NULL, NULL);
		/* the tap saw exactly this member */
		assert_int_equal(tapped.n, lf_gzip_offset(g) - before);
		assert_memory_equal(tapped.p, bytes.p + before, tapped.n);
		before = lf_gzip_offset(g);
		lf_buf_printf(out, "|%llu|", (unsigned long long)before);
	}
	if (err.text)
		lf_buf_puts(out, err.text);
	lf_gzip_in_free(g);
}

static void finds_member_boundaries(void **state)
{
	(void)state;
	static const size_t steps[] = {1, 2, 7, 511, 65536};
	const struct lf_inflate_ops *ops[] = {&lf_inflate_zlib, lf_inflate_best()};
	lf_auto_buf noise = {0}, bytes = {0}, want = {0};

	fill_noise(&noise, 50000, 1);
	lf_gzip_member("abc", 3, 6, 0, &bytes);
	lf_buf_printf(&want, "abc|%zu|", bytes.n);
	lf_gzip_member("", 0, 6, 0, &bytes);
	lf_buf_printf(&want, "|%zu|", bytes.n);
	lf_gzip_member(noise.p, noise.n, 1, 0, &bytes);
	lf_buf_str(&want, lf_buf_view(&noise));
	lf_buf_printf(&want, "|%zu|", bytes.n);
	lf_gzip_member("end", 3, 12, 0, &bytes);
	lf_buf_printf(&want, "end|%zu|", bytes.n);
	for (size_t i = 0; i < LF_ARRAY_LEN(steps) * 2; i++) {
		lf_auto_buf got = {0};

		list_members(lf_buf_view(&bytes), steps[i / 2], ops[i % 2], &got);
		assert_string_equal(got.p, want.p);
	}
}

static void reads_all_header_fields(void **state)
{
	(void)state;
	lf_auto_buf plain = {0}, bytes = {0}, got = {0};

	lf_gzip_member("abc", 3, 6, 0, &plain);
	lf_buf_add(&bytes, "\x1f\x8b\x08\x1f\0\0\0\0\0\x03", 10);
	lf_buf_add(&bytes,
		   "\x03\0xyz"
		   "name\0"
		   "comment",
		   18);
	const uint32_t crc = (uint32_t)crc32(0, (const Bytef *)bytes.p, (uInt)bytes.n);
	lf_buf_putc(&bytes, (char)(crc & 0xff));
	lf_buf_putc(&bytes, (char)(crc >> 8 & 0xff));
	lf_buf_add(&bytes, plain.p + 10, plain.n - 10);
	list_members(lf_buf_view(&bytes), 3, lf_inflate_best(), &got);
	assert_memory_equal(got.p, "abc|", 4);
	bytes.p[28] ^= 1;
	lf_buf_clear(&got);
	list_members(lf_buf_view(&bytes), 3, lf_inflate_best(), &got);
	assert_string_equal(got.p, "gzip: invalid header");
}

static void refuses_damage(void **state)
{
	(void)state;
	const struct lf_inflate_ops *ops[] = {&lf_inflate_zlib, lf_inflate_best()};
	static const struct {
		const char *what;
		size_t at; /* from the end when large */
		char with;
		const char *want;
	} cases[] = {
		{"magic", 0, 'x', "gzip: invalid header"},
		{"method", 2, 7, "gzip: invalid header"},
		{"reserved flag", 3, 0x20, "gzip: invalid header"},
		{"block type", 10, 0x07, "flate: corrupt input"},
		{"crc", SIZE_MAX - 8, 0x55, "gzip: invalid checksum"},
		{"length", SIZE_MAX - 1, 0x55, "gzip: invalid checksum"},
	};

	for (size_t i = 0; i < LF_ARRAY_LEN(cases) * 2; i++) {
		lf_auto_buf bytes = {0}, got = {0};
		const size_t at = cases[i / 2].at;

		lf_gzip_member("abcabcabcabc", 12, 6, 0, &bytes);
		bytes.p[at < bytes.n ? at : bytes.n - 1 - (SIZE_MAX - at)] = cases[i / 2].with;
		list_members(lf_buf_view(&bytes), 64, ops[i % 2], &got);
		if (!strstr(got.p, cases[i / 2].want))
			fail_msg("%s (%s): %s", cases[i / 2].what, ops[i % 2]->name, got.p);
	}
}

static void every_truncation_is_an_error(void **state)
{
	(void)state;
	const struct lf_inflate_ops *ops[] = {&lf_inflate_zlib, lf_inflate_best()};
	lf_auto_buf noise = {0}, bytes = {0};

	fill_noise(&noise, 700, 3);
	lf_gzip_member(noise.p, noise.n, 6, 0, &bytes);
	for (size_t n = 1; n < bytes.n; n++) {
		for (size_t o = 0; o < 2; o++) {
			lf_auto_buf got = {0};

			list_members((struct lf_str){bytes.p, n}, 97, ops[o], &got);
			if (!lf_ends(got.p, "unexpected EOF"))
				fail_msg("cut at %zu (%s): %s", n, ops[o]->name, got.p);
		}
	}
}

static void write_stream(const struct lf_buf *in, size_t piece, unsigned workers, int level,
			 bool single, struct lf_buf *out)
{
	struct lf_writer *dst = lf_writer_buf(out);
	struct lf_writer *w = lf_gzip_writer(dst, workers, level, LF_GZIP_ZERO_TIME, single);
	lf_auto_err err = {0};

	for (size_t at = 0; at < in->n; at += piece) {
		const size_t k = in->n - at < piece ? in->n - at : piece;

		assert_true(lf_write(w, in->p + at, k, &err));
	}
	assert_true(lf_writer_close(w, &err));
	assert_true(lf_writer_close(dst, &err));
}

static void writes_the_same_for_any_workers(void **state)
{
	(void)state;
	static const size_t sizes[] = {0, 1, 1000, 1 << 20, (1 << 20) + 1, 5 << 19, 3 << 20};
	lf_auto_buf noise = {0};

	fill_noise(&noise, 3 << 20, 5);
	for (size_t i = 0; i < LF_ARRAY_LEN(sizes) * 2; i++) {
		const bool single = i % 2;
		const size_t n = sizes[i / 2];
		struct lf_buf in = noise;
		lf_auto_buf one = {0}, three = {0}, plain = {0};
		lf_auto_err err = {0};

		in.n = n;
		write_stream(&in, 1 << 20, 1, 1, single, &one);
		write_stream(&in, 77777, 3, 1, single, &three);
		assert_int_equal(one.n, three.n);
		assert_memory_equal(one.p, three.p, one.n);
		assert_memory_equal(one.p, "\x1f\x8b\x08\0\0\x09\x6e\x88\0\xff", 10);

		lf_auto_reader *r = lf_reader_mem(one.p, one.n);
		lf_auto_reader *g = lf_gzip_reader(r);
		assert_true(lf_read_all(g, 8 << 20, &plain, &err));
		assert_int_equal(plain.n, n);
		assert_memory_equal(plain.p, noise.p, n);
	}
}

/* Every alignment of the last block's end, at several levels, must join. */
static void joined_blocks_are_one_member(void **state)
{
	(void)state;
	static const int levels[] = {1, 2, 6, 12};

	for (unsigned i = 0; i < 40; i++) {
		lf_auto_buf in = {0}, out = {0};

		if (i % 5 == 4)
			lf_buf_fill(&in, 'a', (1 << 20) + i);
		else
			fill_noise(&in, (1 << 20) + 100 * i + 1, 1000 + i);
		if (i % 5 == 3) { /* not compressible: stored blocks */
			for (size_t k = 0; k < in.n; k++)
				in.p[k] =
					(char)(crc32(i, (const Bytef *)&k, sizeof(k)) >> 7 & 0xff);
		}
		write_stream(&in, in.n, 1, levels[i % 4], true, &out);

		/* zlib's own reader: one member, nothing behind it, right bytes */
		lf_auto_free Bytef *plain = lf_alloc(in.n + 1);
		z_stream z = {.next_in = (Bytef *)out.p,
			      .avail_in = (uInt)out.n,
			      .next_out = plain,
			      .avail_out = (uInt)in.n + 1};
		assert_int_equal(inflateInit2(&z, 31), Z_OK);
		assert_int_equal(inflate(&z, Z_FINISH), Z_STREAM_END);
		assert_int_equal(z.avail_in, 0);
		assert_int_equal(z.total_out, in.n);
		assert_memory_equal(plain, in.p, in.n);
		inflateEnd(&z);
	}
}

static bool write_nothing(struct lf_writer *w, const void *p, size_t n, struct lf_err *err)
{
	(void)w;
	(void)p;
	(void)n;
	return lf_fail_new(err, LF_E_IO, "no space left on device");
}

static void a_failed_write_is_reported_at_close(void **state)
{
	(void)state;
	struct lf_writer full = {write_nothing, NULL};
	struct lf_writer *w = lf_gzip_writer(&full, 2, 1, 0, false);
	lf_auto_err err = {0};

	assert_true(lf_write(w, "abc", 3, &err));
	assert_false(lf_writer_close(w, &err));
	assert_string_equal(err.text, "no space left on device");
	assert_int_equal(err.class, LF_E_IO);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_member_boundaries),
		cmocka_unit_test(reads_all_header_fields),
		cmocka_unit_test(refuses_damage),
		cmocka_unit_test(every_truncation_is_an_error),
		cmocka_unit_test(writes_the_same_for_any_workers),
		cmocka_unit_test(joined_blocks_are_one_member),
		cmocka_unit_test(a_failed_write_is_reported_at_close),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

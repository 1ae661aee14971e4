/*
 * What is known of a layer as a whole, in the cache under the name of its list of pieces: diff_id,
 * digest and size of the blob, and the sum of each member, so that members from the cache or made
 * anew can be held against it. Kind "layer" (docs/formats/cache.md).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include <sys/stat.h>

#include "base/fs.h"
#include "codec/gzip_block.h"
#include "image/piece.h"
#include "trust/digest.h"
#include "base/banned.h"

#define KIND  "layer"
#define MAGIC "lflayer1"
#define FIXED (8 + 2 * LF_SHA256_LEN + 8) /* magic, diff_id, digest, size */
#define SUM   4                           /* CRC-32 of all before it */

static void put_le(struct lf_buf *out, uint64_t n, unsigned bytes)
{
	for (unsigned i = 0; i < bytes; i++)
		lf_buf_putc(out, (char)(n >> 8 * i & 0xff));
}

static uint64_t get_le(const char *p, unsigned bytes)
{
	uint64_t n = 0;

	for (unsigned i = 0; i < bytes; i++)
		n |= (uint64_t)(uint8_t)p[i] << 8 * i;
	return n;
}

static bool parse(struct lf_str s, size_t n_pieces, struct lf_layer_record *ret)
{
	if (s.n != FIXED + 4 * n_pieces + SUM || memcmp(s.p, MAGIC, 8) != 0 ||
	    get_le(s.p + s.n - SUM, SUM) != lf_gzip_crc(s.p, s.n - SUM))
		return false;
	memcpy(ret->layer.diff_id, s.p + 8, LF_SHA256_LEN);
	memcpy(ret->layer.digest, s.p + 8 + LF_SHA256_LEN, LF_SHA256_LEN);
	ret->layer.size = get_le(s.p + FIXED - 8, 8);
	for (size_t i = 0; i < n_pieces; i++)
		lf_vec_push(&ret->crc, (uint32_t)get_le(s.p + FIXED + 4 * i, 4));
	return true;
}

static bool read_fd(int fd, struct lf_buf *ret)
{
	struct stat st;

	if (fstat(fd, &st) != 0 || st.st_size > (off_t)(64 << 20))
		return false;
	lf_buf_reserve(ret, (size_t)st.st_size);
	if (!lf_pread_all(fd, ret->p, (size_t)st.st_size, 0, NULL))
		return false;
	ret->n = (size_t)st.st_size;
	return true;
}

bool lf_layer_record_read(const struct lf_cache *c, const struct lf_piece_list *list,
			  struct lf_layer_record *ret)
{
	lf_auto_fd fd = -1;
	lf_auto_buf text = {0};
	char hex[2 * LF_SHA256_LEN + 1];

	if (!c || !list->known)
		return false;
	lf_hex(list->key, LF_SHA256_LEN, hex);
	fd = lf_cache_get(c, KIND, hex);
	if (fd < 0)
		return false;
	if (read_fd(fd, &text) && parse(lf_buf_view(&text), list->piece.n, ret))
		return true;
	lf_cache_drop(c, KIND, hex);
	return false;
}

void lf_layer_record_keep(struct lf_cache *c, const struct lf_piece_list *list,
			  const struct lf_layer_record *r)
{
	lf_auto_cache_file f = LF_CACHE_FILE;
	lf_auto_buf text = {0};
	char hex[2 * LF_SHA256_LEN + 1];

	if (!c || !list->known)
		return;
	lf_buf_add(&text, MAGIC, 8);
	lf_buf_add(&text, r->layer.diff_id, LF_SHA256_LEN);
	lf_buf_add(&text, r->layer.digest, LF_SHA256_LEN);
	put_le(&text, r->layer.size, 8);
	for (size_t i = 0; i < r->crc.n; i++)
		put_le(&text, r->crc.v[i], 4);
	put_le(&text, lf_gzip_crc(text.p, text.n), SUM);
	lf_hex(list->key, LF_SHA256_LEN, hex);
	lf_cache_drop(c, KIND, hex); /* one that did not fit stays no longer */
	if (!lf_cache_begin(c, &f, NULL) || !lf_write_all(f.fd, text.p, text.n, NULL) ||
	    !lf_cache_put(c, &f, KIND, hex, NULL))
		return; /* it will be found out again */
}

void lf_layer_record_fini(struct lf_layer_record *r)
{
	lf_vec_fini(&r->crc);
}

/*
 * Deflated pieces in the cache: kind "piece", a file each: magic, size and CRC-32 of the member,
 * the member (docs/formats/cache.md). The sum is there since a machine that loses power may leave a
 * name with half its bytes.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/fs.h"
#include "codec/gzip_block.h"
#include "image/piece.h"
#include "trust/digest.h"
#include "base/banned.h"

#define KIND  "piece"
#define MAGIC "lfpiece1"
#define MAX   ((off_t)256 << 20)

static void print_key(const struct lf_piece *piece, char hex[2 * LF_SHA256_LEN + 1])
{
	lf_hex(piece->key, LF_SHA256_LEN, hex);
}

static void put_le32(char *p, uint32_t n)
{
	for (unsigned i = 0; i < 4; i++)
		p[i] = (char)(n >> 8 * i & 0xff);
}

void lf_packed_begin(struct lf_packed *p)
{
	lf_buf_clear(&p->file);
	lf_buf_fill(&p->file, 0, LF_PIECE_HEAD);
}

struct lf_str lf_packed_member(const struct lf_packed *p)
{
	return (struct lf_str){p->file.p + LF_PIECE_HEAD, p->file.n - LF_PIECE_HEAD};
}

static void print_head(char head[LF_PIECE_HEAD], size_t n, uint32_t crc)
{
	memcpy(head, MAGIC, 8);
	put_le32(head + 8, (uint32_t)n);
	put_le32(head + 12, crc);
}

void lf_packed_end(struct lf_packed *p)
{
	const struct lf_str member = lf_packed_member(p);

	p->crc = lf_gzip_crc(member.p, member.n);
	print_head(p->file.p, member.n, p->crc);
}

/* Head and member, or only the member. */
static bool read_member(int fd, bool head_too, struct lf_buf *out, uint32_t *ret_crc)
{
	char head[LF_PIECE_HEAD], want[LF_PIECE_HEAD];
	struct stat st;

	if (fstat(fd, &st) != 0 || st.st_size <= LF_PIECE_HEAD || st.st_size > MAX)
		return false;
	const size_t n = (size_t)st.st_size - LF_PIECE_HEAD;

	lf_buf_reserve(out, n + LF_PIECE_HEAD);
	char *to = out->p + out->n + (head_too ? LF_PIECE_HEAD : 0);
	const struct iovec part[] = {{head, LF_PIECE_HEAD}, {to, n}};

	if (readv(fd, part, 2) != (ssize_t)(LF_PIECE_HEAD + n))
		return false;
	*ret_crc = lf_gzip_crc(to, n);
	print_head(want, n, *ret_crc);
	if (memcmp(head, want, LF_PIECE_HEAD) != 0)
		return false;
	if (head_too)
		memcpy(out->p + out->n, head, LF_PIECE_HEAD);
	out->n += n + (head_too ? LF_PIECE_HEAD : 0);
	out->p[out->n] = '\0';
	return true;
}

static bool get(const struct lf_cache *c, const struct lf_piece *piece, bool head_too,
		struct lf_buf *out, uint32_t *ret_crc)
{
	char hex[2 * LF_SHA256_LEN + 1];
	lf_auto_fd fd = -1;

	if (!c || !piece->known)
		return false;
	print_key(piece, hex);
	fd = lf_cache_get(c, KIND, hex);
	if (fd < 0)
		return false;
	if (read_member(fd, head_too, out, ret_crc))
		return true;
	lf_cache_drop(c, KIND, hex);
	return false;
}

bool lf_piece_read(const struct lf_cache *c, const struct lf_piece *piece, struct lf_packed *ret)
{
	lf_buf_clear(&ret->file);
	return get(c, piece, true, &ret->file, &ret->crc);
}

bool lf_piece_add(const struct lf_cache *c, const struct lf_piece *piece, struct lf_buf *out,
		  uint32_t *ret_crc)
{
	return get(c, piece, false, out, ret_crc);
}

void lf_piece_keep(struct lf_cache *c, const struct lf_piece *piece, const struct lf_packed *p)
{
	lf_auto_cache_file f = LF_CACHE_FILE;
	char hex[2 * LF_SHA256_LEN + 1];

	if (!c || !piece->known || !lf_cache_begin(c, &f, NULL) ||
	    !lf_write_all(f.fd, p->file.p, p->file.n, NULL))
		return;
	print_key(piece, hex);
	if (!lf_cache_put(c, &f, KIND, hex, NULL))
		return; /* it will be made again */
}

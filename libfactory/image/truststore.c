/*
 * Java truststores in the JKS format, version 1 and 2: big-endian entries (aliased keys and
 * certificates) and a SHA-1 over password, a fixed phrase and the content. Entries are copied as
 * they are; new ones are trusted certificates.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "image/certificates.h"

#include <string.h>

#include "base/mem.h"
#include "base/vec.h"
#include "trust/digest.h"
#include "base/banned.h"

#define MAGIC       0xfeedfeedu
#define PASSWORD    "changeit"
#define PHRASE      "Mighty Aphrodite"
#define PRIVATE_KEY 1
#define TRUSTED     2

struct entry {
	struct lf_str alias;
	struct lf_str bytes; /* the whole entry */
};

struct store {
	struct entry *v;
	size_t n, cap;
	uint32_t version;
};

/* ---- reading ---- */

static bool take(struct lf_str *in, size_t n, struct lf_str *ret)
{
	if (n > in->n)
		return false;
	*ret = (struct lf_str){in->p, n};
	in->p += n;
	in->n -= n;
	return true;
}

static bool take_number(struct lf_str *in, size_t bytes, uint64_t *ret)
{
	struct lf_str s;

	if (!take(in, bytes, &s))
		return false;
	*ret = 0;
	for (size_t i = 0; i < bytes; i++)
		*ret = *ret << 8 | (uint8_t)s.p[i];
	return true;
}

static bool take_sized(struct lf_str *in, size_t bytes, struct lf_str *ret)
{
	uint64_t n;

	return take_number(in, bytes, &n) && take(in, n, ret);
}

static bool take_certificate(struct lf_str *in, uint32_t version)
{
	struct lf_str s;

	return (version < 2 || take_sized(in, 2, &s)) && take_sized(in, 4, &s);
}

static bool take_chain(struct lf_str *in, uint32_t version)
{
	struct lf_str key;
	uint64_t n;

	if (!take_sized(in, 4, &key) || !take_number(in, 4, &n))
		return false;
	while (n--)
		if (!take_certificate(in, version))
			return false;
	return true;
}

static bool take_entry(struct lf_str *in, struct store *s)
{
	struct entry e = {.bytes = *in};
	uint64_t tag, time;

	if (!take_number(in, 4, &tag) || !take_sized(in, 2, &e.alias) || !take_number(in, 8, &time))
		return false;
	if (tag != PRIVATE_KEY && tag != TRUSTED)
		return false;
	if (!(tag == TRUSTED ? take_certificate(in, s->version) : take_chain(in, s->version)))
		return false;
	e.bytes.n -= in->n;
	lf_vec_push(s, e);
	return true;
}

static bool parse(struct lf_str in, struct store *s)
{
	uint64_t magic, version, n;

	if (!take_number(&in, 4, &magic) || !take_number(&in, 4, &version) ||
	    !take_number(&in, 4, &n))
		return false;
	if (magic != MAGIC || version < 1 || version > 2)
		return false;
	s->version = (uint32_t)version;
	while (n--)
		if (!take_entry(&in, s))
			return false;
	return in.n == LF_SHA1_LEN;
}

/* ---- writing ---- */

static void put_number(struct lf_buf *out, size_t bytes, uint64_t v)
{
	while (bytes--)
		lf_buf_putc(out, (char)(v >> (8 * bytes)));
}

static void put_sized(struct lf_buf *out, size_t bytes, struct lf_str s)
{
	put_number(out, bytes, s.n);
	lf_buf_str(out, s);
}

static void add(struct store *s, const struct lf_certificate *c, int64_t time,
		struct lf_arena *arena)
{
	lf_auto_buf out = {0};
	struct entry e = {.alias = lf_str(c->alias)};

	put_number(&out, 4, TRUSTED);
	put_sized(&out, 2, e.alias);
	put_number(&out, 8, (uint64_t)time * 1000);
	if (s->version >= 2)
		put_sized(&out, 2, LF_STR("X.509"));
	put_sized(&out, 4, c->der);
	e.bytes = (struct lf_str){lf_arena_dup(arena, out.p, out.n), out.n};
	for (size_t i = 0; i < s->n; i++)
		if (lf_str_eq(s->v[i].alias, e.alias)) {
			s->v[i] = e;
			return;
		}
	lf_vec_push(s, e);
}

static int by_alias(const void *a, const void *b)
{
	return lf_str_cmp(((const struct entry *)a)->alias, ((const struct entry *)b)->alias);
}

static void put_digest(struct lf_buf *out)
{
	lf_auto_digest *d = lf_digest_new(LF_SHA1);
	uint8_t sum[LF_SHA1_LEN];

	/* The password in UTF-16. */
	for (const char *p = PASSWORD; *p; p++)
		lf_digest_add(d, (const char[]){0, *p}, 2);
	lf_digest_add(d, PHRASE, strlen(PHRASE));
	lf_digest_add(d, out->p, out->n);
	lf_digest_final(d, sum);
	lf_buf_add(out, sum, sizeof(sum));
}

bool lf_truststore_add(struct lf_str old, const struct lf_certificates *list, int64_t time,
		       struct lf_arena *arena, struct lf_buf *out, struct lf_err *err)
{
	struct store s = {0};
	bool ok = parse(old, &s);

	for (size_t i = 0; ok && i < list->n; i++)
		add(&s, &list->v[i], time, arena);
	lf_vec_sort(&s, by_alias);
	put_number(out, 4, MAGIC);
	put_number(out, 4, s.version);
	put_number(out, 4, s.n);
	for (size_t i = 0; i < s.n; i++)
		lf_buf_str(out, s.v[i].bytes);
	put_digest(out);
	lf_vec_fini(&s);
	return ok || lf_fail_new(err, LF_E_FORMAT, "not a Java keystore");
}

/*
 * What comes back: header lines are kept, a good body goes to the caller's writer, the start of a
 * bad one is kept as the complaint. A body that is repeated after a break is cut where the first
 * part ended.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <strings.h>

#include "base/fs.h"
#include "base/mem.h"
#include "net/http_flight.h"

#include "base/banned.h"

#define MAX_FIELDS    ((size_t)256 << 10)
#define MAX_COMPLAINT 4096
#define MAX_UNWANTED  ((curl_off_t)1 << 20) /* of the body of a reply that is not 2xx */

static bool is_good(unsigned status)
{
	return status >= 200 && status < 300;
}

struct lf_str lf_http_field(const struct lf_http_transfer *t, const char *name)
{
	struct lf_str rest = lf_buf_view(&t->fields), line;
	const size_t n = strlen(name);

	while (lf_str_line(&rest, &line)) {
		if (line.n > n && line.p[n] == ':' && strncasecmp(line.p, name, n) == 0)
			return lf_str_trim(lf_str_sub(line, n + 1, line.n));
	}
	return LF_STR("");
}

struct lf_str lf_http_etag(const struct lf_http_transfer *t)
{
	struct lf_str etag = lf_http_field(t, "ETag");

	/* compat: as with Go's Trim, a weak tag loses only its last quote */
	if (lf_str_starts(etag, "\""))
		etag = lf_str_sub(etag, 1, etag.n);
	if (lf_str_ends(etag, "\""))
		etag = lf_str_sub(etag, 0, etag.n - 1);
	return etag;
}

const char *lf_http_status_text(unsigned status)
{
	static const struct {
		unsigned status;
		const char *text;
	} texts[] = {
		{200, "200 OK"},
		{201, "201 Created"},
		{202, "202 Accepted"},
		{204, "204 No Content"},
		{206, "206 Partial Content"},
		{301, "301 Moved Permanently"},
		{302, "302 Found"},
		{304, "304 Not Modified"},
		{400, "400 Bad Request"},
		{401, "401 Unauthorized"},
		{403, "403 Forbidden"},
		{404, "404 Not Found"},
		{405, "405 Method Not Allowed"},
		{407, "407 Proxy Authentication Required"},
		{408, "408 Request Timeout"},
		{409, "409 Conflict"},
		{410, "410 Gone"},
		{411, "411 Length Required"},
		{413, "413 Request Entity Too Large"},
		{415, "415 Unsupported Media Type"},
		{416, "416 Requested Range Not Satisfiable"},
		{422, "422 Unprocessable Entity"},
		{429, "429 Too Many Requests"},
		{500, "500 Internal Server Error"},
		{501, "501 Not Implemented"},
		{502, "502 Bad Gateway"},
		{503, "503 Service Unavailable"},
		{504, "504 Gateway Timeout"},
	};

	for (size_t i = 0; i < LF_ARRAY_LEN(texts); i++) {
		if (texts[i].status == status)
			return texts[i].text;
	}
	return "unknown status";
}

void lf_http_transfer_fini(struct lf_http_transfer *t)
{
	lf_buf_fini(&t->fields);
	lf_buf_fini(&t->complaint);
	lf_err_fini(&t->err);
}

/* "HTTP/1.1 200 OK" begins a reply: of a redirect, a 100, or the one that counts. */
static bool begin_reply(struct lf_flight *f, struct lf_str line)
{
	struct lf_str word;
	uint64_t status;

	if (!lf_str_starts(line, "HTTP/"))
		return false;
	(void)lf_str_word(&line, &word);
	if (!lf_str_word(&line, &word) || !lf_str_u64(word, 10, &status) || status > 999)
		status = 0;
	f->t->status = (unsigned)status;
	f->body_begun = false;
	lf_buf_clear(&f->t->fields);
	lf_buf_clear(&f->t->complaint);
	return true;
}

size_t lf_flight_on_header(char *p, size_t size, size_t n, void *data)
{
	struct lf_flight *f = data;
	const struct lf_str line = {p, size * n};

	if (begin_reply(f, line))
		return size * n;
	if (f->t->fields.n + line.n > MAX_FIELDS) {
		lf_fail_new(&f->stop, LF_E_LIMIT, "reply header is longer than %zu bytes",
			    MAX_FIELDS);
		return 0;
	}
	lf_buf_str(&f->t->fields, line);
	return size * n;
}

/* "bytes 100-199/200": does it start where we asked? */
static bool range_fits(const struct lf_flight *f)
{
	struct lf_str field = lf_http_field(f->t, "Content-Range");
	uint64_t from;

	if (!lf_str_skip(&field, "bytes "))
		return false;
	return lf_str_u64(lf_str_trim(lf_str_cut(&field, '-')), 10, &from) && from == f->range_from;
}

/* At the first byte of a good body: where does it continue what we have? */
static bool begin_body(struct lf_flight *f)
{
	const struct lf_str etag = lf_http_field(f->t, "ETag");

	f->body_begun = true;
	f->skip = 0;
	if (!f->t->received) {
		lf_buf_clear(&f->etag);
		lf_buf_str(&f->etag, etag);
		return true;
	}
	/* A part need not say it again. */
	if (f->etag.n && (etag.n || f->t->status != 206) &&
	    !lf_str_eq(etag, lf_buf_view(&f->etag))) {
		f->t->changed = true;
		return lf_fail_new(&f->stop, LF_E_NET, "changed while it was fetched");
	}
	if (f->t->status != 206)
		f->skip = f->t->received;
	else if (!range_fits(f))
		return lf_fail_new(&f->stop, LF_E_NET,
				   "reply to a Range request is for another range");
	return true;
}

static uint64_t max_of(const struct lf_flight *f)
{
	return f->t->max_body ? f->t->max_body : f->o->max_body;
}

/* Known from the header already? */
static bool is_too_long(const struct lf_flight *f)
{
	uint64_t length;

	return lf_str_u64(lf_http_field(f->t, "Content-Length"), 10, &length) && length > max_of(f);
}

static bool fail_limit(struct lf_flight *f)
{
	return lf_fail_new(&f->stop, LF_E_LIMIT, "size limit exceeded: limit is %" PRIu64 " bytes",
			   max_of(f));
}

static bool take_body(struct lf_flight *f, const char *p, size_t n)
{
	struct lf_http_transfer *t = f->t;

	if (!f->body_begun && (!begin_body(f) || (is_too_long(f) && !fail_limit(f))))
		return false;
	const size_t drop = f->skip < n ? (size_t)f->skip : n;
	f->skip -= drop;
	p += drop;
	n -= drop;
	if (n > max_of(f) - t->received)
		return fail_limit(f);
	if (n && t->to && !lf_write(t->to, p, n, &f->stop))
		return false;
	t->received += n;
	return true;
}

size_t lf_flight_on_body(char *p, size_t size, size_t n, void *data)
{
	struct lf_flight *f = data;
	struct lf_buf *complaint = &f->t->complaint;

	if (is_good(f->t->status))
		return take_body(f, p, size * n) ? size * n : 0;
	const size_t room = MAX_COMPLAINT - complaint->n;
	lf_buf_add(complaint, p, size * n < room ? size * n : room);
	return size * n;
}

int lf_flight_on_progress(void *data, curl_off_t all, curl_off_t now, curl_off_t send_all,
			  curl_off_t sent)
{
	struct lf_flight *f = data;

	(void)all;
	(void)send_all;
	(void)sent;
	if (f->t->status >= 300 && now > MAX_UNWANTED)
		f->enough = true;
	return f->enough;
}

size_t lf_flight_on_send(char *p, size_t size, size_t n, void *data)
{
	struct lf_flight *f = data;
	const struct lf_http_transfer *t = f->t;
	const uint64_t all = t->body.p ? t->body.n : t->body_size;
	const uint64_t left = all - f->sent;
	const size_t k = size * n < left ? size * n : (size_t)left;

	if (t->body.p) {
		memcpy(p, t->body.p + f->sent, k);
		f->sent += k;
		return k;
	}
	const ssize_t got = lf_pread_some(t->body_fd, p, k, t->body_offset + f->sent);

	if (got < 0 || (got == 0 && k)) {
		lf_fail_new(&f->stop, LF_E_IO, "reading the request body: %s",
			    got < 0 ? strerror(errno) : "unexpected end of file");
		return CURL_READFUNC_ABORT;
	}
	f->sent += (uint64_t)got;
	return (size_t)got;
}

int lf_flight_on_seek(void *data, curl_off_t offset, int origin)
{
	struct lf_flight *f = data;

	if (origin != SEEK_SET || offset < 0)
		return CURL_SEEKFUNC_CANTSEEK;
	f->sent = (uint64_t)offset;
	return CURL_SEEKFUNC_OK;
}

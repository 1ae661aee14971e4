/*
 * Errors: one line of text, built from the inside out as the failure travels up to the program. The
 * words for an errno are those of libc in the C locale with a small first letter, which are also
 * Go's.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <factory/err.h>

#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/banned.h"

static void set(struct lf_err *err, enum lf_class class, char *text)
{
	lf_err_fini(err);
	err->class = class;
	err->text = text;
}

bool lf_vfail_new(struct lf_err *err, enum lf_class class, const char *fmt, va_list ap)
{
	struct lf_buf text = {0};

	if (!err)
		return false;
	/* The old text may be an argument, so it is freed only after printing. */
	lf_buf_vprintf(&text, fmt, ap);
	set(err, class, lf_buf_detach(&text));
	return false;
}

bool lf_fail_new(struct lf_err *err, enum lf_class class, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	(void)lf_vfail_new(err, class, fmt, ap);
	va_end(ap);
	return false;
}

static void add_errno(struct lf_buf *b, int number)
{
	const char *words = strerrordesc_np(number);

	if (!words) {
		lf_buf_printf(b, "errno %d", number);
		return;
	}
	/* "RFS specific error" keeps its capitals. */
	if (isupper((unsigned char)words[0]) && !isupper((unsigned char)words[1])) {
		lf_buf_putc(b, (char)tolower((unsigned char)words[0]));
		words++;
	}
	lf_buf_puts(b, words);
}

bool lf_fail_errno(struct lf_err *err, const char *fmt, ...)
{
	int number = errno;
	struct lf_buf text = {0};
	va_list ap;

	if (!err)
		return false;
	va_start(ap, fmt);
	lf_buf_vprintf(&text, fmt, ap);
	va_end(ap);
	if (text.n)
		lf_buf_puts(&text, ": ");
	add_errno(&text, number);
	set(err, number == ENOENT ? LF_E_NOT_FOUND : LF_E_IO, lf_buf_detach(&text));
	err->sys_errno = number;
	return false;
}

bool lf_fail(struct lf_err *err, const char *fmt, ...)
{
	struct lf_buf text = {0};
	va_list ap;

	if (!err)
		return false;
	va_start(ap, fmt);
	lf_buf_vprintf(&text, fmt, ap);
	va_end(ap);
	if (err->text) {
		lf_buf_puts(&text, ": ");
		lf_buf_puts(&text, err->text);
	}
	if (err->class == LF_E_NONE)
		err->class = LF_E_BUG;
	lf_free(err->text);
	err->text = lf_buf_detach(&text);
	return false;
}

const char *lf_err_text(const struct lf_err *err)
{
	return err && err->text ? err->text : "";
}

void lf_err_fini(struct lf_err *err)
{
	if (!err)
		return;
	lf_free(err->text);
	*err = (struct lf_err){0};
}

void lf_err_move(struct lf_err *dst, struct lf_err *src)
{
	if (dst == src || !src)
		return;
	if (dst) {
		lf_err_fini(dst);
		*dst = *src;
		*src = (struct lf_err){0};
	} else {
		lf_err_fini(src);
	}
}

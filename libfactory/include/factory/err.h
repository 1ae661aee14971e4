/*
 * Errors: one value on the caller's stack that carries a class, an optional errno or child status,
 * and one line of text. The text reads from the outside in: what was being done, then why it
 * failed, joined by ": ". Whoever fails makes it with lf_fail_new or lf_fail_errno; whoever passes
 * it on puts its own clause in front with lf_fail. The library never prints an error: the program
 * does, once.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include <factory/api.h>

/* What went wrong, for decisions and tests; the text is for people. */
enum lf_class {
	LF_E_NONE = 0,
	LF_E_USAGE,     /* the command line */
	LF_E_CONFIG,    /* a YAML file, or what it asks for */
	LF_E_NOT_FOUND, /* a file, key, package or URL that is not there */
	LF_E_IO,        /* a system call */
	LF_E_NET,       /* a transfer */
	LF_E_FORMAT,    /* bytes that are not what they claim to be */
	LF_E_SIGNATURE, /* a signature, key or digest that does not match */
	LF_E_SOLVE,     /* no set of packages satisfies the constraints */
	LF_E_CHILD,     /* a program that was run failed */
	LF_E_LIMIT,     /* larger, deeper or longer than allowed */
	LF_E_CANCELLED, /* the user interrupted */
	LF_E_BUG,       /* an invariant of this program is broken */
};

/* A zeroed struct is "no error". After a failure the owner calls lf_err_fini. */
struct lf_err {
	enum lf_class class;
	int sys_errno;    /* for LF_E_IO made by lf_fail_errno, otherwise 0 */
	int child_status; /* exit status of a child, 128 + signal when killed; otherwise 0 */
	char *text;       /* owned; NULL when class is LF_E_NONE */
};

#define LF_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#define LF_MUST_CHECK        __attribute__((warn_unused_result))

/* Starts an error: replaces what err held. Returns false, so that callers can return it. err may
 * be NULL in all calls here, for callers that only want to know whether. */
LF_API bool lf_fail_new(struct lf_err *err, enum lf_class class, const char *fmt, ...)
	LF_PRINTF(3, 4);

/* Starts an error from errno: "TEXT: No such file or directory". The class is LF_E_NOT_FOUND for
 * ENOENT, LF_E_IO otherwise. The wording of the errno is lower case, as Go and apko print it. */
LF_API bool lf_fail_errno(struct lf_err *err, const char *fmt, ...) LF_PRINTF(2, 3);

/* Puts a clause in front of an existing error: "CLAUSE: old text". Class and errno stay. */
LF_API bool lf_fail(struct lf_err *err, const char *fmt, ...) LF_PRINTF(2, 3);

LF_API bool lf_vfail_new(struct lf_err *err, enum lf_class class, const char *fmt, va_list ap)
	LF_PRINTF(3, 0);

/* Never NULL: "" when there is no error. */
LF_API const char *lf_err_text(const struct lf_err *err);

/* Forgets the error and frees its text. Harmless twice and on a zeroed struct. */
LF_API void lf_err_fini(struct lf_err *err);

/* Moves src into dst (dst's old content is freed); src is empty afterwards. */
LF_API void lf_err_move(struct lf_err *dst, struct lf_err *src);

#define lf_auto_err __attribute__((cleanup(lf_err_fini))) struct lf_err

/*
 * The terminal: log records and progress on standard error. Private to cli.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <pthread.h>
#include <time.h>

#include <factory/ctx.h>

enum lf_term_form {
	LF_TERM_PLAIN, /* no level: what apko's runtime prints before its logger is there */
	LF_TERM_LONG,  /* five letters: melange's likewise */
	LF_TERM_SHORT, /* four letters */
	LF_TERM_JSON   /* --gcplog */
};

struct lf_term {
	pthread_mutex_t lock;
	enum lf_term_form form;
	int threshold; /* least level printed, on Go's scale */
	bool tty, color;
	bool line; /* a progress line stands on the terminal */
	char what[64];
	struct timespec shown, started; /* of that line; of the work it tells about */
};

void lf_term_init(struct lf_term *t);
void lf_term_fini(struct lf_term *t);
/* Points the context's sinks here. */
void lf_term_attach(struct lf_term *t, struct lf_ctx *ctx);
/* Sets the threshold, for the context too, which then formats nothing that is not printed. */
void lf_term_level(struct lf_term *t, struct lf_ctx *ctx, int threshold);

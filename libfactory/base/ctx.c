/*
 * The context: formats records for the log sink of the program, and answers "how many workers" and
 * "go on?".
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <factory/ctx.h>

#include <sched.h>

#include "base/buf.h"
#include "base/banned.h"

/* A record longer than this is cut: nobody reads it, and it may come from foreign bytes. */
#define RECORD_MAX ((size_t)1 << 20)

void lf_log(const struct lf_ctx *ctx, enum lf_level level, const char *fmt, ...)
{
	lf_auto_buf text = {0};
	va_list ap;

	if (!ctx || !ctx->log || level < ctx->log_level)
		return;
	va_start(ap, fmt);
	lf_buf_vprintf(&text, fmt, ap);
	va_end(ap);
	if (text.n > RECORD_MAX)
		text.p[RECORD_MAX] = '\0';
	ctx->log(ctx->log_data, level, lf_buf_c(&text), ctx->log_attrs ? ctx->log_attrs : "");
}

void lf_progress(const struct lf_ctx *ctx, const char *what, uint64_t done, uint64_t total)
{
	if (ctx && ctx->progress)
		ctx->progress(ctx->progress_data, what, done, total);
}

bool lf_check_cancel(const struct lf_ctx *ctx, struct lf_err *err)
{
	if (ctx && ctx->cancel && atomic_load_explicit(ctx->cancel, memory_order_relaxed))
		return lf_fail_new(err, LF_E_CANCELLED, "interrupted");
	return true;
}

unsigned lf_jobs(const struct lf_ctx *ctx)
{
	cpu_set_t set;

	if (ctx && ctx->jobs)
		return ctx->jobs;
	if (sched_getaffinity(0, sizeof(set), &set) != 0)
		return 1;
	return CPU_COUNT(&set) > 0 ? (unsigned)CPU_COUNT(&set) : 1;
}

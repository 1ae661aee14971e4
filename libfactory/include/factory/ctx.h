/*
 * The context of a run: how many workers, who hears the log and the progress, whether to stop.
 * A plain value: copy it to give one architecture its own log attributes. Nothing is owned; the
 * program keeps what the pointers mean alive for the whole run. The sinks may be called from
 * several threads at once and must cope.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include <factory/api.h>
#include <factory/err.h>

enum lf_level { LF_LOG_DEBUG, LF_LOG_INFO, LF_LOG_WARN, LF_LOG_ERROR };

/* One record: text without a final newline (it may hold newlines of its own); attrs is "" or
 * " key=value..." ready to append. */
typedef void lf_log_sink(void *data, enum lf_level level, const char *text, const char *attrs);

/* Long work tells where it stands: what is being done ("fetching", "layer x86_64"), how much of how
 * much (total 0: unknown), bytes or pieces. done == total ends the line. */
typedef void lf_progress_sink(void *data, const char *what, uint64_t done, uint64_t total);

struct lf_ctx {
	unsigned jobs;           /* worker threads; 0 means one per available CPU */
	enum lf_level log_level; /* records below it are not even formatted */
	lf_log_sink *log;        /* NULL: silence */
	void *log_data;
	lf_progress_sink *progress; /* NULL: none */
	void *progress_data;
	const char *log_attrs;     /* appended to every record: "" or NULL, or " arch=x86_64" */
	const atomic_bool *cancel; /* set by the program on SIGINT or SIGTERM; NULL: never */
};

LF_API void lf_log(const struct lf_ctx *ctx, enum lf_level level, const char *fmt, ...)
	LF_PRINTF(3, 4);
LF_API void lf_progress(const struct lf_ctx *ctx, const char *what, uint64_t done, uint64_t total);

/* False with LF_E_CANCELLED ("interrupted") once the user asked to stop; long loops ask. */
LF_API bool lf_check_cancel(const struct lf_ctx *ctx, struct lf_err *err) LF_MUST_CHECK;

/* The number of workers to start: jobs, or the CPUs this process may use. At least 1. */
LF_API unsigned lf_jobs(const struct lf_ctx *ctx);

#define lf_debug(ctx, ...) lf_log(ctx, LF_LOG_DEBUG, __VA_ARGS__)
#define lf_info(ctx, ...)  lf_log(ctx, LF_LOG_INFO, __VA_ARGS__)
#define lf_warn(ctx, ...)  lf_log(ctx, LF_LOG_WARN, __VA_ARGS__)

/*
 * The terminal. A record is put together first and written by one call, so that lines of several
 * threads or processes do not mix. Progress is one line that is erased before each record; where
 * nobody watches, only work that takes long says so, in records of its own.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/term.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/fs.h"
#include "base/banned.h"

#define REDRAW_S   0.1
#define QUIET_S    30.0
#define ERASE_LINE "\r\033[K"

static const struct level {
	const char *four, *five, *json, *color;
} levels[] = {
	[LF_LOG_DEBUG] = {"DEBU", "DEBUG", "DEBUG", "\033[35m"},
	[LF_LOG_INFO] = {"INFO", "INFO", "INFO", "\033[36m"},
	[LF_LOG_WARN] = {"WARN", "WARN", "WARNING", "\033[33m"},
	[LF_LOG_ERROR] = {"ERRO", "ERROR", "ERROR", "\033[31m"},
};

static double seconds_since(const struct timespec *then)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)(now.tv_sec - then->tv_sec) + (double)(now.tv_nsec - then->tv_nsec) / 1e9;
}

/* Nobody is left to be told when standard error is gone. */
static void put(struct lf_str s)
{
	bool ignored = lf_write_all(STDERR_FILENO, s.p, s.n, NULL);

	(void)ignored;
}

static void add_time(struct lf_buf *b, bool json)
{
	time_t now = time(NULL);
	char text[40];
	struct tm tm;

	if (localtime_r(&now, &tm) &&
	    strftime(text, sizeof(text), json ? "%Y-%m-%dT%H:%M:%S%z" : "%Y/%m/%d %H:%M:%S ", &tm) >
		    0)
		lf_buf_puts(b, text);
}

static void add_json_string(struct lf_buf *b, struct lf_str s)
{
	lf_buf_putc(b, '"');
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (c == '"' || c == '\\')
			lf_buf_printf(b, "\\%c", c);
		else if (c < ' ')
			lf_buf_printf(b, "\\u%04x", c);
		else
			lf_buf_putc(b, (char)c);
	}
	lf_buf_putc(b, '"');
}

static void add_json(struct lf_buf *b, const struct level *l, const char *text, const char *attrs)
{
	struct lf_str rest = lf_str(attrs), word;

	lf_buf_puts(b, "{\"time\":\"");
	add_time(b, true);
	lf_buf_printf(b, "\",\"severity\":\"%s\",\"message\":", l->json);
	add_json_string(b, lf_str(text));
	while (lf_str_word(&rest, &word)) {
		struct lf_str key = lf_str_cut(&word, '=');

		lf_buf_putc(b, ',');
		add_json_string(b, key);
		lf_buf_putc(b, ':');
		add_json_string(b, word);
	}
	lf_buf_puts(b, "}\n");
}

static void add_line(struct lf_buf *b, const struct lf_term *t, const struct level *l,
		     const char *text, const char *attrs)
{
	const char *name = t->form == LF_TERM_LONG ? l->five : l->four;

	add_time(b, false);
	if (t->form != LF_TERM_PLAIN) {
		if (t->color)
			lf_buf_printf(b, "%s%s\033[0m ", l->color, name);
		else
			lf_buf_printf(b, "%s ", name);
	}
	lf_buf_printf(b, "%s%s", text, attrs);
	/* compat: Go's plain logger adds no newline where there is one. */
	if (t->form == LF_TERM_SHORT || !lf_ends(lf_buf_c(b), "\n"))
		lf_buf_putc(b, '\n');
}

/* The lock is held. */
static void write_record(struct lf_term *t, enum lf_level level, const char *text,
			 const char *attrs)
{
	lf_auto_buf b = {0};

	if (t->line)
		lf_buf_puts(&b, ERASE_LINE);
	t->line = false;
	if (t->form == LF_TERM_JSON)
		add_json(&b, &levels[level], text, attrs);
	else
		add_line(&b, t, &levels[level], text, attrs);
	put(lf_buf_view(&b));
}

static void log_sink(void *data, enum lf_level level, const char *text, const char *attrs)
{
	struct lf_term *t = data;

	if (4 * (int)level - 4 < t->threshold)
		return;
	pthread_mutex_lock(&t->lock);
	write_record(t, level, text, attrs);
	pthread_mutex_unlock(&t->lock);
}

/* Large totals are bytes. */
static void describe(struct lf_buf *b, const char *what, uint64_t done, uint64_t total)
{
	const double mb = 1e6;

	lf_buf_puts(b, what);
	if (total >= 100000)
		lf_buf_printf(b, " %.1f/%.1f MB (%u%%)", (double)done / mb, (double)total / mb,
			      (unsigned)(100.0 * (double)done / (double)total));
	else if (total > 0)
		lf_buf_printf(b, " %llu/%llu", (unsigned long long)done, (unsigned long long)total);
	else if (done >= 100000)
		lf_buf_printf(b, " %.1f MB", (double)done / mb);
	else if (done > 0)
		lf_buf_printf(b, " %llu", (unsigned long long)done);
}

static size_t terminal_width(void)
{
	struct winsize size;

	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col < 20)
		return 80;
	return size.ws_col;
}

static void draw(struct lf_term *t, const char *what, uint64_t done, uint64_t total)
{
	lf_auto_buf text = {0}, b = {0};
	bool end = total > 0 && done >= total;

	if (!end && t->line && seconds_since(&t->shown) < REDRAW_S)
		return;
	describe(&text, what, done, total);
	if (t->line || !end)
		lf_buf_puts(&b, ERASE_LINE);
	if (!end)
		lf_buf_str(&b, lf_str_sub(lf_buf_view(&text), 0, terminal_width() - 1));
	t->line = !end;
	clock_gettime(CLOCK_MONOTONIC, &t->shown);
	put(lf_buf_view(&b));
}

/* Without a terminal: nothing for the first half minute, then a record each half minute. */
static void tell(struct lf_term *t, const char *what, uint64_t done, uint64_t total)
{
	lf_auto_buf text = {0};

	if (strncmp(t->what, what, sizeof(t->what) - 1) != 0) {
		(void)snprintf(t->what, sizeof(t->what), "%s", what);
		clock_gettime(CLOCK_MONOTONIC, &t->shown);
		return;
	}
	if (seconds_since(&t->shown) < QUIET_S)
		return;
	clock_gettime(CLOCK_MONOTONIC, &t->shown);
	describe(&text, what, done, total);
	write_record(t, LF_LOG_INFO, lf_buf_c(&text), "");
}

static void progress_sink(void *data, const char *what, uint64_t done, uint64_t total)
{
	struct lf_term *t = data;

	if (t->threshold > 0)
		return;
	pthread_mutex_lock(&t->lock);
	if (t->tty && t->form != LF_TERM_JSON)
		draw(t, what, done, total);
	else
		tell(t, what, done, total);
	pthread_mutex_unlock(&t->lock);
}

void lf_term_init(struct lf_term *t)
{
	const char *term = getenv("TERM"), *no_color = getenv("NO_COLOR");

	*t = (struct lf_term){.form = LF_TERM_PLAIN};
	pthread_mutex_init(&t->lock, NULL);
	t->tty = isatty(STDERR_FILENO) && !(term && strcmp(term, "dumb") == 0);
	t->color = t->tty && !(no_color && no_color[0]);
}

void lf_term_fini(struct lf_term *t)
{
	if (t->line)
		put(LF_STR(ERASE_LINE));
	pthread_mutex_destroy(&t->lock);
}

void lf_term_attach(struct lf_term *t, struct lf_ctx *ctx)
{
	ctx->log = log_sink;
	ctx->log_data = t;
	ctx->progress = progress_sink;
	ctx->progress_data = t;
}

void lf_term_level(struct lf_term *t, struct lf_ctx *ctx, int threshold)
{
	int level = LF_LOG_DEBUG;

	while (level < LF_LOG_ERROR && 4 * level - 4 < threshold)
		level++;
	t->threshold = threshold;
	ctx->log_level = (enum lf_level)level;
}

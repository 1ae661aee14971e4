/*
 * Civil time in UTC: days since 1970 by the calendar's 400-year cycle, RFC 3339 in and out. What is
 * accepted and how it is refused follow Go's time.Parse with the layout RFC 3339, to the word.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "base/date.h"

#include <stdio.h>

#include "base/buf.h"
#include "base/banned.h"

#define LAYOUT "2006-01-02T15:04:05Z07:00"

/* A year is counted from March, so that the leap day comes last. */
static int64_t days_from_civil(int64_t year, unsigned month, unsigned day)
{
	int64_t y = month <= 2 ? year - 1 : year;
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t year_of_era = y - era * 400;
	int64_t day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;

	return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 +
	       day_of_year - 719468;
}

static void civil_from_days(int64_t days, int64_t *ret_year, unsigned *ret_month, unsigned *ret_day)
{
	int64_t z = days + 719468;
	int64_t era = (z >= 0 ? z : z - 146096) / 146097;
	int64_t doe = z - era * 146097;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int64_t mp = (5 * doy + 2) / 153;

	*ret_day = (unsigned)(doy - (153 * mp + 2) / 5 + 1);
	*ret_month = (unsigned)(mp < 10 ? mp + 3 : mp - 9);
	*ret_year = yoe + era * 400 + (*ret_month <= 2);
}

void lf_date_print(int64_t seconds, char out[LF_DATE_MAX])
{
	int64_t days = seconds / 86400, rest = seconds % 86400, year;
	unsigned month, day;

	if (rest < 0) {
		rest += 86400;
		days--;
	}
	civil_from_days(days, &year, &month, &day);
	(void)snprintf(out, LF_DATE_MAX, "%04lld-%02u-%02uT%02d:%02d:%02dZ", (long long)year, month,
		       day, (int)(rest / 3600), (int)(rest / 60 % 60), (int)(rest % 60));
}

/* Go's time package quotes with \" and \\ and bytes outside of ASCII as \xNN. */
static void add_quoted(struct lf_buf *b, struct lf_str s)
{
	lf_buf_putc(b, '"');
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (c >= 0x80 || c < ' ')
			lf_buf_printf(b, "\\x%02x", c);
		else if (c == '"' || c == '\\')
			lf_buf_printf(b, "\\%c", c);
		else
			lf_buf_putc(b, (char)c);
	}
	lf_buf_putc(b, '"');
}

struct parse {
	struct lf_str rest;
	const char *text;
	struct lf_err *err;
};

static bool fail_part(struct parse *p, const char *part)
{
	lf_auto_buf all = {0}, rest = {0};

	add_quoted(&all, lf_str(p->text));
	add_quoted(&rest, p->rest);
	return lf_fail_new(p->err, LF_E_CONFIG,
			   "parsing time %s as \"" LAYOUT "\": cannot parse %s as \"%s\"",
			   lf_buf_c(&all), lf_buf_c(&rest), part);
}

static bool fail_range(struct parse *p, const char *words)
{
	lf_auto_buf all = {0};

	add_quoted(&all, lf_str(p->text));
	return lf_fail_new(p->err, LF_E_CONFIG, "parsing time %s: %s", lf_buf_c(&all), words);
}

static bool is_digit(struct lf_str s, size_t i)
{
	return i < s.n && s.p[i] >= '0' && s.p[i] <= '9';
}

static bool fixed(struct parse *p, const char *part)
{
	return lf_str_skip(&p->rest, part) || fail_part(p, part);
}

/* least to most digits; part is how the layout spells the place. */
static bool number(struct parse *p, size_t least, size_t most, const char *part, unsigned *ret)
{
	unsigned value = 0;
	size_t n = 0;

	while (n < most && is_digit(p->rest, n))
		value = value * 10 + (unsigned)(p->rest.p[n++] - '0');
	if (n < least)
		return fail_part(p, part);
	p->rest = lf_str_sub(p->rest, n, p->rest.n);
	*ret = value;
	return true;
}

static bool number_below(struct parse *p, size_t least, unsigned end, const char *part,
			 const char *words, unsigned *ret)
{
	return number(p, least, 2, part, ret) && (*ret < end || fail_range(p, words));
}

/* A fraction may follow the seconds though the layout has none; it is dropped. */
static void skip_fraction(struct parse *p)
{
	size_t n = 1;

	if (!(lf_str_starts(p->rest, ".") || lf_str_starts(p->rest, ",")) || !is_digit(p->rest, 1))
		return;
	while (is_digit(p->rest, n))
		n++;
	p->rest = lf_str_sub(p->rest, n, p->rest.n);
}

static bool parse_zone(struct parse *p, int64_t *ret_offset)
{
	struct lf_str z = p->rest;
	bool minus = lf_str_starts(z, "-");
	int64_t hours, minutes;

	*ret_offset = 0;
	if (lf_str_skip(&p->rest, "Z"))
		return true;
	if (z.n < 6 || !(minus || z.p[0] == '+') || z.p[3] != ':' || !is_digit(z, 1) ||
	    !is_digit(z, 2) || !is_digit(z, 4) || !is_digit(z, 5))
		return fail_part(p, "Z07:00");
	hours = (z.p[1] - '0') * 10 + z.p[2] - '0';
	minutes = (z.p[4] - '0') * 10 + z.p[5] - '0';
	p->rest = lf_str_sub(z, 6, z.n);
	if (hours > 24)
		return fail_range(p, "time zone offset hour out of range");
	if (minutes > 60)
		return fail_range(p, "time zone offset minute out of range");
	*ret_offset = (hours * 60 + minutes) * (minus ? -60 : 60);
	return true;
}

static unsigned days_in_month(unsigned year, unsigned month)
{
	static const unsigned char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	return days[month - 1] + (month == 2 && leap ? 1u : 0u);
}

static bool parse_day(struct parse *p, unsigned *year, unsigned *month, unsigned *day)
{
	if (!number(p, 4, 4, "2006", year) || !fixed(p, "-") || !number(p, 2, 2, "01", month))
		return false;
	if (*month < 1 || *month > 12)
		return fail_range(p, "month out of range");
	return fixed(p, "-") && number(p, 2, 2, "02", day) && fixed(p, "T");
}

bool lf_date_parse(const char *text, int64_t *ret, struct lf_err *err)
{
	struct parse p = {lf_str(text), text, err};
	unsigned year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
	int64_t offset = 0;

	if (!parse_day(&p, &year, &month, &day) ||
	    !number_below(&p, 1, 24, "15", "hour out of range", &hour) || !fixed(&p, ":") ||
	    !number_below(&p, 2, 60, "04", "minute out of range", &minute) || !fixed(&p, ":") ||
	    !number_below(&p, 2, 60, "05", "second out of range", &second))
		return false;
	skip_fraction(&p);
	if (!parse_zone(&p, &offset))
		return false;
	if (p.rest.n > 0) {
		lf_auto_buf words = {0};

		lf_buf_puts(&words, "extra text: ");
		add_quoted(&words, p.rest);
		return fail_range(&p, lf_buf_c(&words));
	}
	if (day < 1 || day > days_in_month(year, month))
		return fail_range(&p, "day out of range");
	*ret = days_from_civil(year, month, day) * 86400 + hour * 3600 + minute * 60 + second -
	       offset;
	return true;
}

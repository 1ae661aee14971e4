/*
 * Civil time in UTC without libc's time zones: pure functions of seconds since 1970.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <factory/err.h>

#include "base/str.h"

#define LF_DATE_MAX 40
/* "2023-11-14T22:13:20Z" */
void lf_date_print(int64_t seconds, char out[LF_DATE_MAX]);
/* RFC 3339 with zone; Go's words on failure: parsing time "foo" as "2006-01-02T15:04:05Z07:00":
 * cannot parse "foo" as "2006". */
bool lf_date_parse(const char *text, int64_t *ret, struct lf_err *err) LF_MUST_CHECK;
/* Go's duration syntax ("1h30m", "1.5s", "300ms") in nanoseconds; Go's words on failure: time:
 * invalid duration "zz". */
bool lf_duration_parse(const char *text, int64_t *ret_ns, struct lf_err *err) LF_MUST_CHECK;
/* Go's printing: "1h30m0s", "0s". */
void lf_duration_print(int64_t ns, char out[LF_DATE_MAX]);

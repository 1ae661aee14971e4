/*
 * What a registry wants to be shown: the WWW-Authenticate fields of a 401 reply (RFC 9110 11.6.1).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <stdbool.h>

#include "base/arena.h"

enum lf_challenge_kind { LF_CHALLENGE_NONE, LF_CHALLENGE_BASIC, LF_CHALLENGE_BEARER };

struct lf_challenge {
	enum lf_challenge_kind kind;
	const char *realm, *service, *scope; /* NULL when not given */
};

/* The best challenge of one field's value, which may hold several: Bearer with a realm that is a
 * URL, before Basic, before none. False when there is none that can be met. Texts in the arena. */
bool lf_challenge_parse(struct lf_str value, struct lf_arena *arena, struct lf_challenge *ret);
/* The same over all fields of that name among the header lines of a reply. */
bool lf_challenge_find(struct lf_str fields, struct lf_arena *arena, struct lf_challenge *ret);

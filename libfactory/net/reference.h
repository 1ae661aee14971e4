/*
 * References of images: [REGISTRY/]REPOSITORY[:TAG], completed as docker does.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <stdbool.h>

#include "base/arena.h"

#define LF_REGISTRY_DEFAULT "index.docker.io"

struct lf_reference {
	const char *registry;   /* "index.docker.io" when none is given */
	const char *repository; /* with "library/" where docker adds it */
	const char *tag;        /* "latest" when none is given */
};

/* False with upstream's words. Texts in the arena. */
bool lf_reference_parse(const char *text, struct lf_arena *arena, struct lf_reference *ret,
			struct lf_err *err) LF_MUST_CHECK;

/* [REGISTRY/]REPOSITORY[:TAG]@sha256:HEX: the digest takes the place of the tag. */
bool lf_reference_parse_digest(const char *text, struct lf_arena *arena, struct lf_reference *ret,
			       struct lf_err *err) LF_MUST_CHECK;

/* A registry alone, HOST[:PORT]; "" and "docker.io" are the default one. *ret is text or a
 * literal. */
bool lf_reference_registry(const char *text, const char **ret, struct lf_err *err) LF_MUST_CHECK;

/* May this registry be spoken to without TLS? True for the own machine, private IPv4 addresses and
 * names below .local and .localhost. */
bool lf_reference_is_local(const char *registry);

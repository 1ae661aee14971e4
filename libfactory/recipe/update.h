/*
 * `update:` of a recipe: written down for the tools that look for new releases. Only stored and
 * printed.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/vec.h"

/* release-monitor, github, git or oci; each uses a part of it. */
struct lf_monitor {
	bool set;
	int64_t number; /* release-monitor: identifier */
	const char *identifier, *strip_prefix, *strip_suffix, *tag_filter;
	const char *filter_prefix, *filter_contains; /* version-filter-… or tag-filter-… */
	bool use_tag;
};

struct lf_version_source {
	const char *name, *stream, *commit_source;
	struct lf_strv ignore;
	bool use_release;
};

struct lf_version_transform {
	const char *match, *replace;
};

struct lf_update {
	bool set; /* an `update:` block was there */
	bool enabled, manual, require_sequential, shared, prerelease_tags;
	const char *version_separator, *exclude_reason;
	struct lf_strv ignore_patterns;
	struct lf_monitor release_monitor, github, git, oci;
	struct {
		bool set;
		const char *version_format;
		struct lf_version_source *source;
		size_t n_sources;
	} version_data;
	struct lf_version_transform *transform;
	size_t n_transforms;
	struct {
		bool set;
		const char *reason, *period;
	} schedule;
};

/*
 * `update:` of a recipe.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "recipe/shapes.h"
#include "recipe/update.h"

#include "base/banned.h"

static const struct lf_field release_monitor_fields[] = {
	LF_FIELD(struct lf_monitor, "identifier", I64, number, .always = true, .always_json = true),
	LF_FIELD_STR(struct lf_monitor, "strip-prefix", strip_prefix),
	LF_FIELD_STR(struct lf_monitor, "strip-suffix", strip_suffix),
	LF_FIELD_STR(struct lf_monitor, "version-filter-contains", filter_contains),
	LF_FIELD_STR(struct lf_monitor, "version-filter-prefix", filter_prefix),
	{0},
};
static const struct lf_shape release_monitor_type = {
	"config.ReleaseMonitor", sizeof(struct lf_monitor), release_monitor_fields};

static const struct lf_field github_fields[] = {
	LF_FIELD(struct lf_monitor, "identifier", STR, identifier, .always = true,
		 .always_json = true),
	LF_FIELD_STR(struct lf_monitor, "strip-prefix", strip_prefix),
	LF_FIELD_STR(struct lf_monitor, "strip-suffix", strip_suffix),
	LF_FIELD_STR(struct lf_monitor, "tag-filter", tag_filter),
	LF_FIELD_STR(struct lf_monitor, "tag-filter-prefix", filter_prefix),
	LF_FIELD_STR(struct lf_monitor, "tag-filter-contains", filter_contains),
	LF_FIELD(struct lf_monitor, "use-tag", BOOL, use_tag, .go = "UseTags"),
	{0},
};
static const struct lf_shape github_type = {"config.GitHubMonitor", sizeof(struct lf_monitor),
					    github_fields};

static const struct lf_field git_fields[] = {
	LF_FIELD_STR(struct lf_monitor, "strip-prefix", strip_prefix),
	LF_FIELD_STR(struct lf_monitor, "strip-suffix", strip_suffix),
	LF_FIELD_STR(struct lf_monitor, "tag-filter-prefix", filter_prefix),
	LF_FIELD_STR(struct lf_monitor, "tag-filter-contains", filter_contains),
	{0},
};
static const struct lf_shape git_type = {"config.GitMonitor", sizeof(struct lf_monitor),
					 git_fields};

static const struct lf_field oci_fields[] = {
	LF_FIELD(struct lf_monitor, "identifier", STR, identifier, .always = true,
		 .always_json = true),
	LF_FIELD_STR(struct lf_monitor, "strip-prefix", strip_prefix),
	LF_FIELD_STR(struct lf_monitor, "strip-suffix", strip_suffix),
	LF_FIELD_STR(struct lf_monitor, "tag-filter-prefix", filter_prefix),
	LF_FIELD_STR(struct lf_monitor, "tag-filter-contains", filter_contains),
	{0},
};
static const struct lf_shape oci_type = {"config.OCIMonitor", sizeof(struct lf_monitor),
					 oci_fields};

static const struct lf_field source_fields[] = {
	LF_FIELD(struct lf_version_source, "name", STR, name, .always = true, .always_json = true),
	LF_FIELD(struct lf_version_source, "stream", STR, stream, .always = true,
		 .always_json = true),
	LF_FIELD_STRV(struct lf_version_source, "ignore", ignore),
	LF_FIELD_STR(struct lf_version_source, "commit_source", commit_source),
	LF_FIELD_BOOL(struct lf_version_source, "use_release", use_release),
	{0},
};
static const struct lf_shape source_type = {"config.VersionDataSource",
					    sizeof(struct lf_version_source), source_fields};

static const struct lf_field transform_fields[] = {
	LF_FIELD(struct lf_version_transform, "match", STR, match, .always = true,
		 .always_json = true),
	LF_FIELD(struct lf_version_transform, "replace", STR, replace, .always = true,
		 .always_json = true),
	{0},
};
static const struct lf_shape transform_type = {
	"config.VersionTransform", sizeof(struct lf_version_transform), transform_fields};

static const struct lf_field version_data_fields[] = {
	LF_FIELD(struct lf_update, "version_format", STR, version_data.version_format,
		 .always = true, .always_json = true, .go = "Format"),
	LF_FIELD_ARRAY(struct lf_update, "sources", version_data.source, version_data.n_sources,
		       &source_type, .always = true, .always_json = true),
	{0},
};
static const struct lf_shape version_data_type = {"config.VersionDataMonitor",
						  sizeof(struct lf_update), version_data_fields};

static const struct lf_field schedule_fields[] = {
	LF_FIELD_STR(struct lf_update, "reason", schedule.reason),
	LF_FIELD(struct lf_update, "period", STR, schedule.period, .type = "config.Period"),
	{0},
};
static const struct lf_shape schedule_type = {"config.Schedule", sizeof(struct lf_update),
					      schedule_fields};

static const struct lf_field update_fields[] = {
	LF_FIELD(struct lf_update, "enabled", BOOL, enabled, .always = true, .always_json = true),
	LF_FIELD(struct lf_update, "manual", BOOL, manual, .always = true),
	LF_FIELD(struct lf_update, "require-sequential", BOOL, require_sequential, .always = true),
	LF_FIELD_BOOL(struct lf_update, "shared", shared),
	LF_FIELD_STR(struct lf_update, "version-separator", version_separator),
	LF_FIELD_STRV(struct lf_update, "ignore-regex-patterns", ignore_patterns),
	LF_FIELD(struct lf_update, "release-monitor", STRUCT, release_monitor,
		 &release_monitor_type, LF_FIELD_SET(struct lf_update, release_monitor.set)),
	LF_FIELD(struct lf_update, "github", STRUCT, github, &github_type,
		 LF_FIELD_SET(struct lf_update, github.set), .go = "GitHubMonitor"),
	LF_FIELD(struct lf_update, "git", STRUCT, git, &git_type,
		 LF_FIELD_SET(struct lf_update, git.set), .go = "GitMonitor"),
	LF_FIELD(struct lf_update, "oci", STRUCT, oci, &oci_type,
		 LF_FIELD_SET(struct lf_update, oci.set), .go = "OCIMonitor"),
	LF_FIELD_NESTED("version_data", &version_data_type,
			LF_FIELD_SET(struct lf_update, version_data.set),
			.go = "VersionDataMonitor"),
	LF_FIELD_ARRAY(struct lf_update, "version-transform", transform, n_transforms,
		       &transform_type),
	LF_FIELD_STR(struct lf_update, "exclude-reason", exclude_reason),
	LF_FIELD_NESTED("schedule", &schedule_type, LF_FIELD_SET(struct lf_update, schedule.set)),
	LF_FIELD(struct lf_update, "enable-prerelease-tags", BOOL, prerelease_tags,
		 .go = "EnablePreReleaseTags"),
	{0},
};
const struct lf_shape lf_shape_update = {"config.Update", sizeof(struct lf_update), update_fields};

/*
 * The keys of an image configuration. The order here is the order of keys in every output; `always`
 * says what upstream prints even when it is empty.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "config/config.h"
#include "config/decode.h"

#include "base/banned.h"

#define CONFIG struct lf_image_config

static const struct lf_field keyring_fields[] = {
	LF_FIELD_STR(struct lf_named_text, "name", name),
	LF_FIELD_STR(struct lf_named_text, "content", content),
	{0},
};
static const struct lf_shape keyring_entry = {
	"types.RuntimeKeyringEntry",
	sizeof(struct lf_named_text),
	keyring_fields,
};
static const struct lf_shape certificate_entry = {
	"types.AdditionalCertificateEntry",
	sizeof(struct lf_named_text),
	keyring_fields,
};

static const struct lf_field baseimage_fields[] = {
	LF_FIELD_STR(CONFIG, "image", contents.base_image),
	LF_FIELD(CONFIG, "apkindex", STR, contents.base_apkindex, .go = "APKIndex"),
	{0},
};
static const struct lf_shape baseimage = {
	"types.BaseImageDescriptor",
	sizeof(CONFIG),
	baseimage_fields,
};

static const struct lf_field contents_fields[] = {
	LF_FIELD(CONFIG, "build_repositories", STRV, contents.build_repositories, .redact = true),
	LF_FIELD(CONFIG, "runtime_repositories", STRV, contents.runtime_repositories,
		 .redact = true, .go = "RuntimeOnlyRepositories"),
	LF_FIELD(CONFIG, "repositories", STRV, contents.repositories, .redact = true),
	LF_FIELD(CONFIG, "keyring", STRV, contents.keyring, .redact = true),
	LF_FIELD_LIST(CONFIG, "runtime_keyring", contents.runtime_keyring, &keyring_entry),
	LF_FIELD_STRV(CONFIG, "packages", contents.packages),
	LF_FIELD_NESTED("baseimage", &baseimage, LF_FIELD_SET(CONFIG, contents.has_baseimage),
			.go = "BaseImage"),
	{0},
};
static const struct lf_shape contents = {"types.ImageContents", sizeof(CONFIG), contents_fields};

static const struct lf_field entrypoint_fields[] = {
	LF_FIELD(CONFIG, "type", STR, entrypoint.type, .always = true),
	LF_FIELD(CONFIG, "command", STR, entrypoint.command, .always = true),
	LF_FIELD(CONFIG, "shell-fragment", STR, entrypoint.shell_fragment, .always = true),
	LF_FIELD(CONFIG, "services", PAIRS, entrypoint.services, .always = true),
	{0},
};
static const struct lf_shape entrypoint = {
	"types.ImageEntrypoint",
	sizeof(CONFIG),
	entrypoint_fields,
};

static const struct lf_field user_fields[] = {
	LF_FIELD(struct lf_user, "username", STR, username, .always = true, .go = "UserName"),
	LF_FIELD(struct lf_user, "uid", U32, uid, .go = "UID", .always = true),
	LF_FIELD(struct lf_user, "gid", ID, gid, .go = "GID", .type = "types.GID"),
	LF_FIELD(struct lf_user, "shell", STR, shell, .always = true),
	LF_FIELD(struct lf_user, "homedir", STR, homedir, .always = true, .go = "HomeDir"),
	{0},
};
static const struct lf_shape user = {"types.User", sizeof(struct lf_user), user_fields};

static const struct lf_field group_fields[] = {
	LF_FIELD(struct lf_group, "groupname", STR, groupname, .always = true, .go = "GroupName"),
	LF_FIELD(struct lf_group, "gid", U32, gid, .go = "GID", .always = true),
	LF_FIELD(struct lf_group, "members", STRV, members, .always = true),
	{0},
};
static const struct lf_shape group = {"types.Group", sizeof(struct lf_group), group_fields};

static const struct lf_field accounts_fields[] = {
	LF_FIELD(CONFIG, "run-as", STR, accounts.run_as, .always = true),
	LF_FIELD(CONFIG, "users", LIST, accounts.users, &user, .always = true),
	LF_FIELD(CONFIG, "groups", LIST, accounts.groups, &group, .always = true),
	{0},
};
static const struct lf_shape accounts = {"types.ImageAccounts", sizeof(CONFIG), accounts_fields};

static const struct lf_field path_fields[] = {
	LF_FIELD(struct lf_path_mutation, "path", STR, path, .always = true),
	LF_FIELD(struct lf_path_mutation, "type", STR, type, .always = true),
	LF_FIELD(struct lf_path_mutation, "uid", ID, uid, .go = "UID", .type = "types.UID"),
	LF_FIELD(struct lf_path_mutation, "gid", ID, gid, .go = "GID", .type = "types.GID"),
	LF_FIELD(struct lf_path_mutation, "permissions", U32, permissions, .always = true),
	LF_FIELD(struct lf_path_mutation, "source", STR, source, .always = true),
	LF_FIELD(struct lf_path_mutation, "recursive", BOOL, recursive, .always = true),
	{0},
};
static const struct lf_shape path = {
	"types.PathMutation",
	sizeof(struct lf_path_mutation),
	path_fields,
};

static const struct lf_field layering_fields[] = {
	LF_FIELD_STR(CONFIG, "strategy", layering.strategy),
	LF_FIELD(CONFIG, "budget", I64, layering.budget, NULL),
	{0},
};
static const struct lf_shape layering = {"types.Layering", sizeof(CONFIG), layering_fields};

static const struct lf_field certificates_fields[] = {
	LF_FIELD_LIST(CONFIG, "additional", certificates.additional, &certificate_entry),
	LF_FIELD_STRV(CONFIG, "providers", certificates.providers),
	{0},
};
static const struct lf_shape certificates = {
	"types.ImageCertificates",
	sizeof(CONFIG),
	certificates_fields,
};

static const struct lf_field image_fields[] = {
	LF_FIELD_NESTED("contents", &contents, .always_json = true),
	LF_FIELD_NESTED("entrypoint", &entrypoint, .always_json = true),
	LF_FIELD_STR(CONFIG, "cmd", cmd),
	LF_FIELD_STR(CONFIG, "stop-signal", stop_signal),
	LF_FIELD_STR(CONFIG, "work-dir", work_dir),
	LF_FIELD_NESTED("accounts", &accounts, .always_json = true),
	LF_FIELD(CONFIG, "archs", STRV, archs, .type = "[]types.Architecture"),
	LF_FIELD_PAIRS(CONFIG, "environment", environment),
	LF_FIELD_LIST(CONFIG, "paths", paths, &path),
	LF_FIELD(CONFIG, "vcs-url", STR, vcs_url, .go = "VCSUrl"),
	LF_FIELD_PAIRS(CONFIG, "annotations", annotations),
	LF_FIELD_STR(CONFIG, "include", include),
	LF_FIELD_STRV(CONFIG, "volumes", volumes),
	LF_FIELD_NESTED("layering", &layering, LF_FIELD_SET(CONFIG, layering.set)),
	LF_FIELD_STR(CONFIG, "format", format),
	LF_FIELD_NESTED("certificates", &certificates, LF_FIELD_SET(CONFIG, certificates.set)),
	{0},
};
const struct lf_shape lf_image_config_shape = {
	"types.ImageConfiguration",
	sizeof(CONFIG),
	image_fields,
};

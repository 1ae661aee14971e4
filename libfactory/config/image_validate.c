/*
 * What a valid image configuration is, and the values that validation fills in. The texts are those
 * that scripts know, Go's way of printing a struct included.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "config/config.h"

#include "base/banned.h"

#define NAME_PATTERN "^[a-zA-Z0-9_-]+[a-zA-Z0-9_.-]*$"

static const char *id_text(struct lf_arena *arena, struct lf_id id)
{
	return id.set ? lf_arena_printf(arena, "%u", id.v) : "<nil>";
}

static bool check_user(const struct lf_user *u, struct lf_arena *arena, struct lf_err *err)
{
	const char *text;

	if (*u->username && u->uid)
		return true;
	text = lf_arena_printf(arena, "{%s %u %s %s %s}", u->username, u->uid,
			       id_text(arena, u->gid), u->shell, u->homedir);
	if (!*u->username)
		return lf_fail_new(err, LF_E_CONFIG,
				   "configured user %s has no configured user name", text);
	return lf_fail_new(err, LF_E_CONFIG,
			   "configured user %s has UID 0 (to run as root, use `run-as: 0`)", text);
}

static bool check_group(const struct lf_group *g, struct lf_err *err)
{
	lf_auto_buf members = {0};

	if (*g->groupname)
		return true;
	for (size_t i = 0; i < g->members.n; i++)
		lf_buf_printf(&members, "%s%s", i ? " " : "", g->members.v[i]);
	return lf_fail_new(err, LF_E_CONFIG,
			   "configured group { %u [%s]} has no configured group name", g->gid,
			   lf_buf_c(&members));
}

static bool is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_' || c == '-';
}

/* NAME_PATTERN */
static bool is_file_name(const char *name)
{
	if (!is_word(*name))
		return false;
	while (is_word(*name) || *name == '.')
		name++;
	return !*name;
}

static bool check_certificates(const struct lf_image_config *c, struct lf_err *err)
{
	for (size_t i = 0; i < c->certificates.additional.n; i++) {
		const char *name = c->certificates.additional.v[i].name;

		if (!*name)
			return lf_fail_new(err, LF_E_CONFIG,
					   "configured additional certificate has no name");
		if (!is_file_name(name))
			return lf_fail_new(err, LF_E_CONFIG,
					   "configured additional certificate \"%s\" has an "
					   "invalid name, it must match " NAME_PATTERN,
					   name);
	}
	return true;
}

static bool check_key(const struct lf_image_config *c, size_t i, struct lf_err *err)
{
	const struct lf_named_text *key = &c->contents.runtime_keyring.v[i];

	if (!*key->name)
		return lf_fail_new(err, LF_E_CONFIG,
				   "configured runtime_keyring entry has no name");
	if (!*key->content)
		return lf_fail_new(err, LF_E_CONFIG, "runtime_keyring entry \"%s\" has no content",
				   key->name);
	if (!is_file_name(key->name))
		return lf_fail_new(err, LF_E_CONFIG,
				   "runtime_keyring entry \"%s\" has an invalid name, it must "
				   "match " NAME_PATTERN,
				   key->name);
	for (size_t j = 0; j < i; j++)
		if (strcmp(c->contents.runtime_keyring.v[j].name, key->name) == 0)
			return lf_fail_new(err, LF_E_CONFIG,
					   "runtime_keyring entry \"%s\" is a duplicate",
					   key->name);
	return true;
}

static bool check_format(const struct lf_image_config *c, struct lf_err *err)
{
	bool erofs = strcmp(c->format, "erofs") == 0;

	if (*c->format && !erofs && strcmp(c->format, "tar") != 0)
		return lf_fail_new(err, LF_E_CONFIG,
				   "invalid layer format \"%s\" (must be \"tar\" or \"erofs\")",
				   c->format);
	if (erofs && c->layering.set)
		return lf_fail_new(err, LF_E_CONFIG,
				   "layering is not supported with format \"erofs\" yet (use one "
				   "or the other)");
	return true;
}

/* compat: "s6" is added even when it is among the packages already, with or without a version. */
static void set_up_services(struct lf_image_config *c)
{
	if (strcmp(c->entrypoint.type, "service-bundle") != 0)
		return;
	c->entrypoint.command = "/bin/s6-svscan /sv";
	lf_strv_add(&c->contents.packages, "s6");
}

bool lf_image_config_validate(struct lf_image_config *c, struct lf_arena *arena, struct lf_err *err)
{
	set_up_services(c);
	for (size_t i = 0; i < c->accounts.users.n; i++) {
		struct lf_user *u = &c->accounts.users.v[i];

		if (!check_user(u, arena, err))
			return false;
		if (!*u->homedir)
			u->homedir = lf_arena_printf(arena, "/home/%s", u->username);
	}
	for (size_t i = 0; i < c->accounts.groups.n; i++)
		if (!check_group(&c->accounts.groups.v[i], err))
			return false;
	if (!check_format(c, err) || !check_certificates(c, err))
		return false;
	for (size_t i = 0; i < c->contents.runtime_keyring.n; i++)
		if (!check_key(c, i, err))
			return false;
	return true;
}

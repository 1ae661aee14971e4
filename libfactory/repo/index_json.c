/*
 * An index as JSON: the fields that its text has, by the names that templates and old versions of
 * the family give them. docs/formats/index.md.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "repo/index_json.h"

#include "codec/json.h"

#include "base/banned.h"

static void set_text(json_t *o, const char *key, const char *value)
{
	lf_auto_buf line = {0};

	lf_index_print_value(&line, value);
	lf_json_set(o, key, lf_json_text(lf_buf_view(&line)));
}

static void set_number(json_t *o, const char *key, uint64_t n)
{
	lf_json_set(o, key, json_integer((json_int_t)n));
}

static void set_list(json_t *o, const char *key, const struct lf_strv *v)
{
	json_t *list = json_array();

	for (size_t i = 0; i < v->n; i++) {
		lf_auto_buf line = {0};
		lf_index_print_value(&line, v->v[i]);
		json_array_append_new(list, lf_json_text(lf_buf_view(&line)));
	}
	lf_json_set(o, key, list);
}

static json_t *package(const struct lf_pkg *p)
{
	json_t *o = json_object();
	lf_auto_buf checksum = {0};

	lf_base64(&checksum, p->checksum, p->has_checksum ? LF_SHA1_LEN : 0);
	set_text(o, "Name", p->name);
	set_text(o, "Version", p->version);
	set_text(o, "Arch", p->arch);
	set_text(o, "Description", p->description);
	set_text(o, "License", p->license);
	set_text(o, "Origin", p->origin);
	set_text(o, "Maintainer", p->maintainer);
	set_text(o, "URL", p->url);
	lf_json_set_str(o, "Checksum", lf_buf_c(&checksum));
	set_list(o, "Dependencies", &p->depends);
	set_list(o, "Provides", &p->provides);
	set_list(o, "InstallIf", &p->install_if);
	set_number(o, "Size", p->size);
	set_number(o, "InstalledSize", p->installed_size);
	set_number(o, "ProviderPriority", p->provider_priority);
	lf_json_set(o, "BuildDate", json_integer((json_int_t)p->build_time));
	set_text(o, "RepoCommit", p->commit);
	return o;
}

void lf_index_print_json(struct lf_buf *out, const struct lf_index *index)
{
	lf_auto_json *o = json_object();
	json_t *packages = json_array();

	for (size_t i = 0; i < index->n; i++)
		json_array_append_new(packages, package(&index->pkg[i]));
	set_text(o, "Description", index->description ? index->description : "");
	lf_json_set(o, "Packages", packages);
	lf_json_print(out, o, 2);
	lf_buf_putc(out, '\n');
}

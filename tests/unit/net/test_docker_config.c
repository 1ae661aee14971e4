/* Files of credentials: what they say of a repository, and what is added to them.
 * SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/fs.h"
#include "base/mem.h"
#include "net/docker_config.h"

#include "base/banned.h"

/* "USER:PASSWORD", "identity TOKEN", "token TOKEN", "nobody"; then " ask NAME for KEY". */
static const char *show(const struct lf_docker_entry *e, struct lf_arena *arena)
{
	const struct lf_registry_auth *a = &e->auth;
	const char *who = "nobody";

	if (a->registry_token)
		who = lf_arena_printf(arena, "token %s", a->registry_token);
	else if (a->identity_token)
		who = lf_arena_printf(arena, "identity %s", a->identity_token);
	else if (a->user)
		who = lf_arena_printf(arena, "%s:%s", a->user, a->password ? a->password : "-");
	if (e->helper)
		who = lf_arena_printf(arena, "%s ask %s for %s", who, e->helper, e->helper_key);
	return who;
}

/* dTpw is u:p, dTpxOnI= is u:q:r */
static void finds_entries(void **state)
{
	static const struct {
		const char *text, *registry, *repository, *want;
	} cases[] = {
		{"", "r.example", "a", "nobody"},
		{"{}", "r.example", "a", "nobody"},
		{"{\"auths\":{\"r.example\":{\"auth\":\"dTpw\"}}}", "r.example", "a", "u:p"},
		{"{\"auths\":{\"r.example\":{\"auth\":\"dTpxOnI=\"}}}", "r.example", "a", "u:q:r"},
		{"{\"auths\":{\"r.example\":{\"auth\":\"dTpwAAA=\"}}}", "r.example", "a", "u:p"},
		{"{\"auths\":{\"r.example\":{\"auth\":\"dTpw\"}}}", "r.example:5000", "a",
		 "nobody"},
		{"{\"auths\":{\"https://r.example/v2/\":{\"auth\":\"dTpw\"}}}", "r.example", "a",
		 "u:p"},
		{"{\"auths\":{\"http://r.example\":{\"auth\":\"dTpw\"}}}", "r.example", "a", "u:p"},
		{"{\"auths\":{\"r.example.evil\":{\"auth\":\"dTpw\"}}}", "r.example", "a",
		 "nobody"},
		{"{\"auths\":{\"r.example\":{\"username\":\"u\",\"password\":\"p\"}}}", "r.example",
		 "a", "u:p"},
		{"{\"auths\":{\"r.example\":{\"identitytoken\":\"i\",\"auth\":\"dTpw\"}}}",
		 "r.example", "a", "identity i"},
		{"{\"auths\":{\"r.example\":{\"registrytoken\":\"t\"}}}", "r.example", "a",
		 "token t"},
		{"{\"auths\":{\"r.example\":{}}}", "r.example", "a", "nobody"},
		{"{\"auths\":{\"r.example\":7}}", "r.example", "a", "nobody"},
		{"{\"auths\":[]}", "r.example", "a", "nobody"},
		{"{\"auths\":{\"r.example\":{\"username\":7,\"password\":null}}}", "r.example", "a",
		 "nobody"},
		/* a header line cannot be made of these */
		{"{\"auths\":{\"r.example\":{\"registrytoken\":\"a\\r\\nX: y\"}}}", "r.example",
		 "a", "nobody"},
		/* the most specific one */
		{"{\"auths\":{\"r.example\":{\"auth\":\"dTpw\"},\"r.example/a/b\":{\"username\":"
		 "\"x\",\"password\":\"y\"}}}",
		 "r.example", "a/b", "x:y"},
		{"{\"auths\":{\"r.example\":{\"auth\":\"dTpw\"},\"r.example/a\":{\"username\":"
		 "\"x\",\"password\":\"y\"}}}",
		 "r.example", "a/b", "x:y"},
		{"{\"auths\":{\"r.example\":{\"auth\":\"dTpw\"},\"r.example/a\":{\"username\":"
		 "\"x\",\"password\":\"y\"}}}",
		 "r.example", "ab", "u:p"},
		/* docker's own */
		{"{\"auths\":{\"https://index.docker.io/v1/\":{\"auth\":\"dTpw\"}}}",
		 "index.docker.io", "library/a", "u:p"},
		{"{\"auths\":{\"docker.io\":{\"auth\":\"dTpw\"}}}", "index.docker.io", "library/a",
		 "u:p"},
		/* helpers */
		{"{\"credsStore\":\"desktop\"}", "r.example", "a",
		 "nobody ask desktop for r.example"},
		{"{\"credsStore\":\"desktop\"}", "index.docker.io", "library/a",
		 "nobody ask desktop for https://index.docker.io/v1/"},
		{"{\"credHelpers\":{\"r.example\":\"h\"},\"credsStore\":\"desktop\"}", "r.example",
		 "a", "nobody ask h for r.example"},
		{"{\"credHelpers\":{\"r.example/a\":\"h\"}}", "r.example", "a",
		 "nobody ask h for r.example/a"},
		{"{\"credHelpers\":{\"other\":\"h\"}}", "r.example", "a", "nobody"},
		{"{\"credsStore\":\"\"}", "r.example", "a", "nobody"},
		/* broken, and no word of what is in there */
		{"{\"auths\":{\"r.example\":{\"auth\":\"c2VjcmV0\"}}}", "r.example", "a",
		 "c.json: \"auth\" of r.example is not USER:PASSWORD in base64"},
		{"{\"auths\":{\"r.example\":{\"auth\":\"%%%\"}}}", "r.example", "a",
		 "c.json: \"auth\" of r.example is not USER:PASSWORD in base64"},
		{"{\"auths\":{\"r.example\":{\"auth\":\"dTpwAHg=\"}}}", "r.example", "a",
		 "c.json: \"auth\" of r.example is not USER:PASSWORD in base64"},
		{"{\n \"auths\": {\"x\": \"dTpw\" secret", "r.example", "a",
		 "c.json:2:29: this is not JSON"},
		{"[]", "r.example", "a", "c.json: this is not a JSON object"},
	};

	(void)state;
	for (size_t i = 0; i < LF_ARRAY_LEN(cases); i++) {
		lf_auto_arena arena = {0};
		lf_auto_err err = {0};
		struct lf_docker_entry e;
		const bool ok =
			lf_docker_config_find(lf_str(cases[i].text), "c.json", cases[i].registry,
					      cases[i].repository, &arena, &e, &err);

		assert_string_equal(ok ? show(&e, &arena) : lf_err_text(&err), cases[i].want);
	}
}

static void reads_answers_of_helpers(void **state)
{
	static const char *const cases[][2] = {
		{"{\"ServerURL\":\"x\",\"Username\":\"u\",\"Secret\":\"p\"}\n", "u:p"},
		{"{\"Username\":\"<token>\",\"Secret\":\"t\"}", "identity t"},
		{"{\"Secret\":\"p\"}", ":p"},
		{"{\"Username\":\"u\"}", "answer of docker-credential-h has no secret"},
		{"password", "answer of docker-credential-h:1:8: this is not JSON"},
	};

	(void)state;
	for (size_t i = 0; i < LF_ARRAY_LEN(cases); i++) {
		lf_auto_arena arena = {0};
		lf_auto_err err = {0};
		struct lf_docker_entry e = {0};
		const bool ok =
			lf_docker_helper_parse(lf_str(cases[i][0]), "h", &arena, &e.auth, &err);

		assert_string_equal(ok ? show(&e, &arena) : lf_err_text(&err), cases[i][1]);
	}
}

static void keeps_what_is_in_the_file(void **state)
{
	static const struct lf_ctx quiet = {0};
	lf_auto_free char *dir = lf_temp_dir("docker-", NULL);
	lf_auto_free char *path = lf_path_join(dir, "deep/config.json");
	lf_auto_buf text = {0};
	bool plain = false;

	(void)state;
	assert_true(lf_docker_login(&quiet, path, "r.example", "u", "p", &plain, NULL));
	assert_true(plain);
	assert_true(lf_docker_login(&quiet, path, "index.docker.io", "a b", "\"\\", &plain, NULL));
	assert_true(lf_docker_login(&quiet, path, "r.example", "u", "other", &plain, NULL));
	assert_true(lf_read_file(path, 4096, &text, NULL));
	assert_string_equal(text.p,
			    "{\n\t\"auths\": {\n\t\t\"r.example\": {\n\t\t\t\"auth\": "
			    "\"dTpvdGhlcg==\"\n\t\t},\n\t\t\"https://index.docker.io/v1/\": "
			    "{\n\t\t\t\"auth\": \"YSBiOiJc\"\n\t\t}\n\t}\n}");
	assert_true(lf_remove_all(dir, NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_entries),
		cmocka_unit_test(reads_answers_of_helpers),
		cmocka_unit_test(keeps_what_is_in_the_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

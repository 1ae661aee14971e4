/*
 * Credential helpers: programs named docker-credential-NAME that keep secrets for docker. `get`
 * takes a key on standard input and prints {"ServerURL", "Username", "Secret"}; `store` takes such
 * an object. On failure they print a sentence and exit with 1.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "net/docker_config.h"

#include "base/mem.h"
#include "base/proc.h"
#include "codec/json.h"
#include "net/foreign.h"
#include "base/banned.h"

#define MAX_ANSWER ((size_t)1 << 20)
#define MAX_WORDS  200

static void add_line(void *data, int stream, struct lf_str line)
{
	struct lf_buf *out = data;

	if (stream != 1)
		return;
	lf_buf_str(out, line);
	lf_buf_putc(out, '\n');
}

/* The name comes from a file: it must stay a name. */
static bool check_name(const char *helper, struct lf_err *err)
{
	if (helper[strspn(helper, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				  "-_.")])
		return lf_fail_new(err, LF_E_CONFIG, "a credential helper cannot have this name");
	return true;
}

static bool run(const struct lf_ctx *ctx, const char *helper, const char *verb, struct lf_str input,
		struct lf_buf *out, struct lf_err *err)
{
	lf_auto_buf name = {0};

	if (!check_name(helper, err))
		return false;
	lf_buf_printf(&name, "docker-credential-%s", helper);
	const char *const argv[] = {name.p, verb, NULL};
	const struct lf_proc p = {.argv = argv, .line = add_line, .line_data = out, .input = input};

	if (lf_proc_run(ctx, &p, err))
		return !out->overflow ||
		       lf_fail_new(err, LF_E_LIMIT, "%s %s: answer is too long", name.p, verb);
	/* Go's words for a program that is not there name it already. */
	return err && err->class == LF_E_CHILD ? lf_fail(err, "%s %s", name.p, verb) : false;
}

static bool says_not_found(struct lf_str words)
{
	return lf_str_search(words, LF_STR("credentials not found")) >= 0 ||
	       lf_str_search(words, LF_STR("no credentials server URL")) >= 0 ||
	       lf_str_search(words, LF_STR("no credentials username")) >= 0;
}

/* What it said goes behind what happened. */
static bool add_words(struct lf_err *why, struct lf_str words, struct lf_err *err)
{
	lf_auto_buf clean = {0};

	lf_foreign_print(&clean, words, MAX_WORDS);
	if (!clean.n || why->class != LF_E_CHILD)
		return lf_err_move(err, why), false;
	return lf_fail_new(err, LF_E_CHILD, "%s: %s", lf_err_text(why), clean.p);
}

bool lf_docker_helper_parse(struct lf_str text, const char *helper, struct lf_arena *arena,
			    struct lf_registry_auth *ret, struct lf_err *err)
{
	lf_auto_buf source = {0};

	lf_buf_printf(&source, "answer of docker-credential-%s", helper);
	lf_auto_json *answer = lf_docker_json(text, source.p, err);
	if (!answer)
		return false;
	const char *user = lf_docker_json_text(answer, "Username", arena);
	const char *secret = lf_docker_json_text(answer, "Secret", arena);

	if (!secret)
		return lf_fail_new(err, LF_E_FORMAT, "%s has no secret", source.p);
	if (user && strcmp(user, "<token>") == 0)
		*ret = (struct lf_registry_auth){.identity_token = secret};
	else
		*ret = (struct lf_registry_auth){.user = user ? user : "", .password = secret};
	return true;
}

bool lf_docker_helper_get(const struct lf_ctx *ctx, const char *helper, const char *key,
			  struct lf_arena *arena, struct lf_registry_auth *ret, struct lf_err *err)
{
	lf_auto_buf answer = LF_BUF(MAX_ANSWER);
	lf_auto_err why = {0};

	if (run(ctx, helper, "get", lf_str(key), &answer, &why))
		return lf_docker_helper_parse(lf_buf_view(&answer), helper, arena, ret, err);
	if (why.class == LF_E_CHILD && says_not_found(lf_buf_view(&answer)))
		return true;
	return add_words(&why, lf_buf_view(&answer), err);
}

bool lf_docker_helper_store(const struct lf_ctx *ctx, const char *helper, const char *key,
			    const char *user, const char *password, struct lf_err *err)
{
	lf_auto_json *value = json_object();
	lf_auto_buf text = {0}, answer = LF_BUF(MAX_ANSWER);
	lf_auto_err why = {0};

	lf_json_set_str(value, "ServerURL", key);
	lf_json_set_str(value, "Username", user);
	lf_json_set_str(value, "Secret", password);
	lf_json_print(&text, value, 0);
	if (run(ctx, helper, "store", lf_buf_view(&text), &answer, &why))
		return true;
	return add_words(&why, lf_buf_view(&answer), err);
}

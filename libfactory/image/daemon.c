/*
 * `apko publish --local`: one image into the docker daemon of this machine, by its HTTP interface
 * (Docker Engine API: /images/load, /images/NAME/tag). It is found as docker's own client does, by
 * $DOCKER_HOST or at the usual socket.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "image/publish.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/mem.h"
#include "codec/json.h"
#include "net/foreign.h"
#include "base/banned.h"

#define DEFAULT_HOST "unix:///var/run/docker.sock"
#define CACHE        "apko.local/cache"
#define MAX_REPLY    ((uint64_t)4 << 20)
#define MAX_WORDS    500

struct daemon {
	struct lf_http *http;
	struct lf_arena arena;
	const char *socket; /* NULL: base is reached by TCP */
	const char *base;   /* "http://HOST:PORT" */
};

static const char *env(const char *name, const char *otherwise)
{
	const char *value = getenv(name);

	return value && *value ? value : otherwise;
}

static bool find_daemon(struct daemon *d, struct lf_err *err)
{
	const char *host = env("DOCKER_HOST", DEFAULT_HOST);

	if (lf_starts(host, "unix://")) {
		d->socket = host + strlen("unix://");
		d->base = "http://docker";
		return true;
	}
	if (lf_starts(host, "tcp://") && !env("DOCKER_TLS_VERIFY", NULL)) {
		d->base = lf_arena_printf(&d->arena, "http://%s", host + strlen("tcp://"));
		return true;
	}
	return lf_fail_new(err, LF_E_USAGE,
			   "only unix:// and tcp:// without TLS are supported for DOCKER_HOST");
}

/* ---- requests ---- */

static void take_message(const json_t *v, const char *key, struct lf_buf *out)
{
	const json_t *text = json_object_get(v, key);

	if (!out->n && json_is_string(text))
		lf_foreign_print(out, lf_str(json_string_value(text)), MAX_WORDS);
}

/* The reply is a series of objects, a line each; a failure is one of them, whatever the status. */
static void find_failure(struct lf_str reply, const char *key, struct lf_buf *out)
{
	struct lf_str line;

	while (lf_str_line(&reply, &line)) {
		lf_auto_json *v = lf_json_parse(line, "reply", NULL);

		take_message(v, key, out);
	}
}

static bool check_reply(const struct lf_http_transfer *t, const struct lf_buf *reply,
			struct lf_err *err)
{
	lf_auto_buf words = {0};

	if (t->status >= 200 && t->status < 300)
		find_failure(lf_buf_view(reply), "error", &words);
	else
		find_failure(lf_buf_view(&t->complaint), "message", &words);
	if (words.n)
		return lf_fail_new(err, LF_E_NET, "%s %s: %s", t->method, t->shown, words.p);
	return t->status < 300 || lf_fail_new(err, LF_E_NET, "%s %s: unexpected status code %u",
					      t->method, t->shown, t->status);
}

/* POST of a file (fd -1: of nothing). */
static bool post(struct daemon *d, const char *path, int fd, uint64_t size, struct lf_err *err)
{
	const char *type = "Content-Type: application/x-tar";
	lf_auto_buf reply = {0};
	struct lf_writer *w = lf_writer_buf(&reply);
	struct lf_http_transfer t = {.method = "POST",
				     .url = lf_arena_printf(&d->arena, "%s%s", d->base, path),
				     .shown = path,
				     .unix_socket = d->socket,
				     .headers = {.v = &type, .n = fd >= 0 ? 1 : 0},
				     .body_fd = fd,
				     .body_size = size,
				     .no_auth = true,
				     .once = true,
				     .to = w,
				     .max_body = MAX_REPLY};
	bool ok = lf_http_one(d->http, &t, err) && check_reply(&t, &reply, err);

	ok = lf_writer_close(w, ok ? err : NULL) && ok;
	lf_http_transfer_fini(&t);
	return ok;
}

/* ---- the image ---- */

/* compat: the last of several variants. The platform that $GOOS and $GOARCH name, or linux/amd64;
 * else the first there is. */
static const struct lf_oci_image *choose(const struct lf_image_build *b)
{
	const char *arch = env("GOARCH", "amd64");
	const struct lf_oci_image *found = &b->image[0];

	for (size_t i = 0; i < b->n && strcmp(env("GOOS", "linux"), "linux") == 0; i++) {
		const struct lf_arch *a = lf_arch_find(b->image[i].oci);

		if (strcmp(a ? a->oci_arch : b->image[i].oci, arch) == 0)
			found = &b->image[i];
	}
	return found;
}

/* The daemon wants to know the length beforehand. */
static bool load(struct daemon *d, const struct lf_image_build *b, const struct lf_oci_image *image,
		 const char *tag, struct lf_err *err)
{
	lf_auto_fd fd = lf_temp_file(err);
	struct lf_writer *w;
	off_t size;

	if (fd < 0)
		return false;
	w = lf_writer_fd(fd, false);
	bool ok = lf_publish_archive(b, image, tag, w, err);

	if (!(lf_writer_close(w, ok ? err : NULL) && ok))
		return false;
	size = lseek(fd, 0, SEEK_END);
	if (size < 0)
		return lf_fail_errno(err, "seeking");
	return post(d, "/images/load?quiet=1", fd, (uint64_t)size, err);
}

static bool add_tag(struct daemon *d, const char *name, const struct lf_reference *ref,
		    struct lf_err *err)
{
	return post(d,
		    lf_arena_printf(&d->arena, "/images/%s/tag?repo=%s/%s&tag=%s", name,
				    ref->registry, ref->repository, ref->tag),
		    -1, 0, err);
}

static bool publish(struct daemon *d, const struct lf_image_build *b,
		    const struct lf_publish_target *t, size_t n, const char **ret,
		    struct lf_err *err)
{
	const struct lf_ctx *ctx = b->setup.run.ctx;
	const struct lf_oci_image *image = choose(b);
	char hex[2 * LF_SHA256_LEN + 1];
	const char *name;

	if (lf_oci_is_erofs(&b->setup.config))
		return lf_fail_new(err, LF_E_USAGE, "docker does not load layers in EROFS format");
	lf_hex(image->manifest_digest, LF_SHA256_LEN, hex);
	name = lf_arena_printf(&d->arena, CACHE ":%s", hex);
	lf_info(ctx, "using best guess single-arch image for local tags (%s/%s)",
		env("GOOS", "linux"), env("GOARCH", "amd64"));
	lf_info(ctx, "saving OCI image locally: %s", name);
	if (!load(d, b, image, name, err))
		return lf_fail(err, "failed to save OCI image locally");
	for (size_t i = 0; i < n; i++) {
		lf_info(ctx, "tagging local image %s as %s/%s:%s", name, t[i].ref.registry,
			t[i].ref.repository, t[i].ref.tag);
		if (!add_tag(d, name, &t[i].ref, err))
			return false;
	}
	*ret = name;
	return true;
}

bool lf_publish_local(struct lf_publish *p, const struct lf_publish_target *t, size_t n,
		      char **ret_reference, struct lf_err *err)
{
	struct daemon d = {.http = p->http};
	const char *name = NULL;
	bool ok = find_daemon(&d, err) && publish(&d, &p->build, t, n, &name, err);

	if (ok) {
		lf_info(p->build.setup.run.ctx, "using local option, exiting early");
		*ret_reference = lf_strdup(name);
	} else {
		lf_fail(err, "loading index: docker daemon at %s",
			env("DOCKER_HOST", DEFAULT_HOST));
	}
	lf_arena_fini(&d.arena);
	return ok;
}

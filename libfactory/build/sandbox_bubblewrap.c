/*
 * The bubblewrap runner: every command is one `bwrap` process that binds the guest directory at /
 * and the workspace at /home/build. In: guest, workspace, environment, capabilities, user; out: the
 * command's status, its output in the log. Nothing is kept between two commands but the two
 * directories. The order of bwrap's options is upstream's (docs/formats/sandbox.md).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <unistd.h>

#include "apk/arch.h"
#include "base/fs.h"
#include "base/proc.h"
#include "build/confine.h"
#include "build/sandbox.h"

#include "base/banned.h"

static const char *const capabilities[] = {
	"CAP_CHOWN",   "CAP_DAC_OVERRIDE", "CAP_FSETID",           "CAP_FOWNER",
	"CAP_MKNOD",   "CAP_NET_RAW",      "CAP_SETGID",           "CAP_SETUID",
	"CAP_SETFCAP", "CAP_SETPCAP",      "CAP_NET_BIND_SERVICE", "CAP_SYS_CHROOT",
	"CAP_KILL",    "CAP_AUDIT_WRITE",
};

/* ---- the command line ---- */

static void add3(struct lf_strv *v, const char *option, const char *a, const char *b)
{
	lf_strv_add(v, option);
	lf_strv_add(v, a);
	lf_strv_add(v, b);
}

static void add_environment(struct lf_strv *v, const struct lf_pairs *env)
{
	for (size_t i = 0; env && i < env->n; i++)
		add3(v, "--setenv", env->v[i].key, env->v[i].value);
}

static void add_mounts(struct lf_strv *v, const struct lf_sandbox_config *c, bool has_resolv_conf)
{
	add3(v, "--bind", c->guest, "/");
	add3(v, "--bind", c->workspace, LF_GUEST_WORKSPACE);
	if (has_resolv_conf)
		add3(v, "--bind", "/etc/resolv.conf", "/etc/resolv.conf");
	if (c->cache_dir)
		add3(v, "--bind", c->cache_dir, LF_GUEST_CACHE);
	static const char *const rest[] = {"--unshare-pid",
					   "--die-with-parent",
					   "--dev",
					   "/dev",
					   "--proc",
					   "/proc",
					   "--ro-bind",
					   "/sys",
					   "/sys",
					   "--chdir",
					   LF_GUEST_WORKSPACE,
					   "--clearenv"};
	for (size_t i = 0; i < LF_ARRAY_LEN(rest); i++)
		lf_strv_add(v, rest[i]);
}

static void add_user(struct lf_strv *v, const struct lf_sandbox_config *c, bool root,
		     struct lf_arena *arena)
{
	if (!c->run_as_set && root)
		return;
	lf_strv_add(v, "--unshare-user");
	lf_strv_add(v, "--uid");
	lf_strv_add(v, lf_arena_printf(arena, "%u", c->run_as_set ? c->uid : 1000));
	lf_strv_add(v, "--gid");
	lf_strv_add(v, lf_arena_printf(arena, "%u", c->run_as_set ? c->gid : 1000));
}

static void add_capabilities(struct lf_strv *v, const struct lf_sandbox_config *c)
{
	for (size_t i = 0; i < LF_ARRAY_LEN(capabilities); i++) {
		lf_strv_add(v, "--cap-add");
		lf_strv_add(v, capabilities[i]);
	}
	for (size_t i = 0; i < c->cap_add.n; i++) {
		lf_strv_add(v, "--cap-add");
		lf_strv_add(v, c->cap_add.v[i]);
	}
	for (size_t i = 0; i < c->cap_drop.n; i++) {
		lf_strv_add(v, "--cap-drop");
		lf_strv_add(v, c->cap_drop.v[i]);
	}
}

const char *const *lf_bubblewrap_argv(const struct lf_sandbox_config *c,
				      const struct lf_sandbox_run *run, bool root,
				      bool has_resolv_conf, struct lf_arena *arena)
{
	lf_auto_strv v = {0};

	lf_strv_add(&v, "bwrap");
	add_mounts(&v, c, has_resolv_conf);
	add_user(&v, c, root, arena);
	add_capabilities(&v, c);
	if (!run->interactive)
		lf_strv_add(&v, "--new-session");
	add_environment(&v, c->environment);
	add_environment(&v, run->env);
	for (size_t i = 0; run->argv[i]; i++)
		lf_strv_add(&v, run->argv[i]);

	const char **argv = lf_new_n(arena, const char *, v.n + 1);
	memcpy(argv, v.v, v.n * sizeof(*argv));
	return argv;
}

/* ---- running ---- */

struct lf_sandbox {
	const struct lf_sandbox_config *config;
	struct lf_confine *confine;
};

static void log_line(void *data, int stream, struct lf_str line)
{
	const struct lf_ctx *ctx = data;

	lf_log(ctx, stream == 1 ? LF_LOG_INFO : LF_LOG_WARN, LF_STR_FMT, LF_STR_ARG(line));
}

static bool run(struct lf_sandbox *s, const struct lf_ctx *ctx, const struct lf_sandbox_run *r,
		struct lf_err *err)
{
	struct lf_ctx copy = *ctx;
	lf_auto_arena arena = {0};
	const struct lf_proc p = {
		.plain_umask = true, /* modes of a package are not the builder's business */
		.argv = lf_bubblewrap_argv(s->config, r, geteuid() == 0,
					   lf_exists("/etc/resolv.conf"), &arena),
		.line = log_line,
		.line_data = &copy,
		.inherit = r->interactive,
		.timeout = r->timeout,
		.limits = lf_confine_limits(s->confine),
	};

	return lf_confine_judge(s->confine, ctx, lf_proc_run(ctx, &p, err), err);
}

static const char foreign_hint[] = "to run %s programs on this machine install the packages "
				   "qemu-user-static and binfmt-support, "
				   "which register an emulator with the kernel";

/* A handler without flag F finds its interpreter inside the guest or not at all. */
static bool check_interpreter(const struct lf_sandbox_config *c, struct lf_err *err)
{
	lf_auto_arena arena = {0};
	const char *interpreter = NULL;

	if (lf_binfmt_find("/proc/sys/fs/binfmt_misc", c->arch, lf_arch_host()->apk, &arena,
			   &interpreter) != LF_BINFMT_PATH)
		return true;
	lf_auto_free char *path = lf_path_join(c->guest, interpreter);
	if (lf_exists(path))
		return true;
	return lf_fail_new(err, LF_E_NOT_FOUND,
			   "the binfmt handler for %s uses %s, which the environment does not "
			   "have: register it "
			   "with flag F (qemu-user-static does)",
			   c->arch, interpreter);
}

static void stop(struct lf_sandbox *s)
{
	if (!s)
		return;
	lf_confine_free(s->confine);
	lf_free(s);
}

static struct lf_sandbox *start(const struct lf_ctx *ctx, const struct lf_sandbox_config *c,
				struct lf_err *err)
{
	static const char *const argv[] = {
		"/bin/sh", "-c", "[ -x /sbin/ldconfig ] && /sbin/ldconfig /lib || true", NULL};
	const struct lf_sandbox_run first = {.argv = argv};
	lf_auto_err why = {0};

	if (!check_interpreter(c, err))
		return NULL;
	struct lf_sandbox *s = lf_calloc(1, sizeof(*s));
	s->config = c;
	s->confine = lf_confine_new(ctx, &c->limits, lf_path_base(lf_str(c->guest)).p, c->keeper);
	if (run(s, ctx, &first, &why))
		return s;
	stop(s);
	if (why.class == LF_E_CHILD && strcmp(c->arch, lf_arch_host()->apk)) {
		lf_warn(ctx, foreign_hint, c->arch);
	} else if (why.class == LF_E_CHILD) {
		lf_warn(ctx, "the environment must contain /bin/sh: add a shell (busybox, bash) to "
			     "environment.contents.packages");
	}
	lf_err_move(err, &why);
	return NULL;
}

/* ---- usable ---- */

static void collect(void *data, int stream, struct lf_str line)
{
	(void)stream;
	lf_buf_str(data, line);
	lf_buf_putc(data, '\n');
}

static bool fail_unusable(struct lf_err *err, const char *why, const char *hint)
{
	return lf_fail_new(err, LF_E_NOT_FOUND,
			   "unable to run containers using bubblewrap, specify --runner and one of "
			   "[bubblewrap]: %s\n%s",
			   why, hint);
}

static const char *userns_hint(const char *text)
{
	if (strstr(text, "setting up uid map"))
		return "hint: AppArmor probably keeps unprivileged programs from using user "
		       "namespaces: allow it with "
		       "`sysctl -w kernel.apparmor_restrict_unprivileged_userns=0`, or install an "
		       "AppArmor profile for "
		       "bwrap that has `userns,`";
	if (geteuid() != 0)
		return "hint: user namespaces are refused: try `sysctl -w "
		       "kernel.unprivileged_userns_clone=1` and "
		       "`sysctl -w user.max_user_namespaces=15000`; inside a container run it "
		       "privileged (docker run "
		       "--privileged) or allow user namespaces in its seccomp profile";
	return "hint: root may not make namespaces here: inside a container run it privileged "
	       "(docker run --privileged)";
}

/* Makes the same kinds of namespaces that a step will need, around `true`. */
static bool try_namespaces(const struct lf_ctx *ctx, struct lf_err *err)
{
	static const char *const as_user[] = {"bwrap",
					      "--ro-bind",
					      "/",
					      "/",
					      "--unshare-pid",
					      "--die-with-parent",
					      "--unshare-user",
					      "--uid",
					      "1000",
					      "--gid",
					      "1000",
					      "true",
					      NULL};
	static const char *const as_root[] = {"bwrap",         "--ro-bind",         "/",    "/",
					      "--unshare-pid", "--die-with-parent", "true", NULL};
	lf_auto_buf out = LF_BUF(65536);
	lf_auto_err why = {0};
	const struct lf_proc p = {.argv = geteuid() == 0 ? as_root : as_user,
				  .line = collect,
				  .line_data = &out,
				  .timeout = 60};

	if (lf_proc_run(ctx, &p, &why))
		return true;
	if (why.class == LF_E_CANCELLED) {
		lf_err_move(err, &why);
		return false;
	}
	struct lf_str text = lf_str_trim(lf_buf_view(&out));
	lf_auto_free char *first = lf_strdup(text.n ? lf_buf_c(&out) : lf_err_text(&why));
	first[strcspn(first, "\n")] = 0;
	return fail_unusable(err, first, userns_hint(first));
}

static bool check_arch(const char *arch, struct lf_err *err)
{
	lf_auto_arena arena = {0};
	const char *interpreter = NULL;

	if (lf_binfmt_find("/proc/sys/fs/binfmt_misc", arch, lf_arch_host()->apk, &arena,
			   &interpreter) != LF_BINFMT_NONE)
		return true;
	const char *hint = lf_arena_printf(&arena, foreign_hint, arch);
	return fail_unusable(
		err,
		lf_arena_printf(
			&arena,
			"this machine (%s) cannot run %s programs: no enabled binfmt_misc handler",
			lf_arch_host()->apk, arch),
		lf_arena_printf(&arena, "hint: %s", hint));
}

static bool usable(const struct lf_ctx *ctx, const char *arch, struct lf_err *err)
{
	lf_auto_free char *bwrap = lf_find_program("bwrap");

	if (!bwrap)
		return fail_unusable(err, "bwrap is not on PATH",
				     "hint: install the package bubblewrap");
	return try_namespaces(ctx, err) && check_arch(arch, err);
}

const struct lf_runner lf_bubblewrap = {
	.name = "bubblewrap",
	.usable = usable,
	.start = start,
	.run = run,
	.stop = stop,
};

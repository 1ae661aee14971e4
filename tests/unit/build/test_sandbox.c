/*
 * The command line of bwrap, and the kernel's list of foreign formats.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/fs.h"
#include "build/sandbox.h"

#include "base/banned.h"

#define CAPS                                                                                   \
	"--cap-add CAP_CHOWN --cap-add CAP_DAC_OVERRIDE --cap-add CAP_FSETID --cap-add "       \
	"CAP_FOWNER "                                                                          \
	"--cap-add CAP_MKNOD --cap-add CAP_NET_RAW --cap-add CAP_SETGID --cap-add CAP_SETUID " \
	"--cap-add CAP_SETFCAP --cap-add CAP_SETPCAP --cap-add CAP_NET_BIND_SERVICE "          \
	"--cap-add CAP_SYS_CHROOT --cap-add CAP_KILL --cap-add CAP_AUDIT_WRITE "
#define MOUNTS "bwrap --bind /g / --bind /w /home/build --bind /etc/resolv.conf /etc/resolv.conf "
#define FIXED                                                                                  \
	"--unshare-pid --die-with-parent --dev /dev --proc /proc --ro-bind /sys /sys --chdir " \
	"/home/build --clearenv "

static char *joined(const struct lf_sandbox_config *c, const struct lf_sandbox_run *run, bool root)
{
	lf_auto_arena arena = {0};
	struct lf_buf out = {0};
	const char *const *argv = lf_bubblewrap_argv(c, run, root, true, &arena);

	for (size_t i = 0; argv[i]; i++)
		lf_buf_printf(&out, "%s%s", i ? " " : "", argv[i]);
	return lf_buf_detach(&out);
}

static void orders_options_as_upstream(void **state)
{
	struct lf_pair general = {"HOME", "/home/build"}, own = {"A", "1"};
	struct lf_pairs env = {.v = &general, .n = 1}, step = {.v = &own, .n = 1};
	const char *sh[] = {"/bin/sh", "-c", "true", NULL}, *add[] = {"CAP_X"}, *drop[] = {"CAP_Y"};
	struct lf_sandbox_config c = {.guest = "/g", .workspace = "/w", .environment = &env};
	struct lf_sandbox_run run = {.argv = sh, .env = &step};

	(void)state;
	lf_auto_free char *as_root = joined(&c, &run, true);
	assert_string_equal(as_root, MOUNTS FIXED CAPS "--new-session --setenv HOME /home/build "
						       "--setenv A 1 /bin/sh -c true");
	lf_auto_free char *as_user = joined(&c, &run, false);
	assert_string_equal(as_user, MOUNTS FIXED "--unshare-user --uid 1000 --gid 1000 " CAPS
						  "--new-session --setenv HOME /home/build "
						  "--setenv A 1 /bin/sh -c true");
	c.cache_dir = "/c";
	c.run_as_set = true;
	c.uid = 5;
	c.gid = 6;
	c.cap_add = (struct lf_strv){.v = add, .n = 1};
	c.cap_drop = (struct lf_strv){.v = drop, .n = 1};
	run.interactive = true;
	run.env = NULL;
	lf_auto_free char *full = joined(&c, &run, true);
	assert_string_equal(full, MOUNTS "--bind /c /var/cache/melange " FIXED
					 "--unshare-user --uid 5 --gid 6 " CAPS
					 "--cap-add CAP_X --cap-drop CAP_Y --setenv HOME "
					 "/home/build /bin/sh -c true");
}

#define MAGIC_ARM64 "magic 7f454c460201010000000000000000000200b700\nmask ffffff\n"
#define MAGIC_S390X "magic 7f454c4602020100000000000000000000020016\n"

static const struct {
	const char *arch, *host, *text;
	enum lf_binfmt want;
} cases[] = {
	{"x86_64", "x86_64", NULL, LF_BINFMT_NATIVE},
	{"x86", "x86_64", NULL, LF_BINFMT_NATIVE},
	{"aarch64", "x86_64", NULL, LF_BINFMT_NONE},
	{"aarch64", "x86_64", "enabled\ninterpreter /q\nflags: POCF\noffset 0\n" MAGIC_ARM64,
	 LF_BINFMT_FIXED},
	{"aarch64", "x86_64", "enabled\ninterpreter /q\nflags: OC\noffset 0\n" MAGIC_ARM64,
	 LF_BINFMT_PATH},
	{"aarch64", "x86_64", "disabled\ninterpreter /q\nflags: F\noffset 0\n" MAGIC_ARM64,
	 LF_BINFMT_NONE},
	{"aarch64", "x86_64", "enabled\ninterpreter /q\nflags: F\noffset 0\nmagic 7f45\n",
	 LF_BINFMT_NONE},
	{"riscv64", "x86_64", "enabled\ninterpreter /q\nflags: F\noffset 0\n" MAGIC_ARM64,
	 LF_BINFMT_NONE},
	{"s390x", "x86_64", "enabled\ninterpreter /q\nflags: F\noffset 0\n" MAGIC_S390X,
	 LF_BINFMT_FIXED},
	{"sparc", "x86_64", NULL, LF_BINFMT_UNKNOWN},
};

static void reads_the_list_of_foreign_formats(void **state)
{
	(void)state;
	for (size_t i = 0; i < LF_ARRAY_LEN(cases); i++) {
		lf_auto_arena arena = {0};
		lf_auto_free char *dir = lf_temp_dir("lf-binfmt-", NULL);
		lf_auto_free char *status = lf_path_join(dir, "status");
		lf_auto_free char *entry = lf_path_join(dir, "qemu-some");
		const char *interpreter = NULL;

		assert_true(lf_write_file(status, "enabled\n", 8, 0644, NULL));
		if (cases[i].text)
			assert_true(lf_write_file(entry, cases[i].text, strlen(cases[i].text), 0644,
						  NULL));
		assert_int_equal(
			lf_binfmt_find(dir, cases[i].arch, cases[i].host, &arena, &interpreter),
			cases[i].want);
		assert_true(lf_remove_all(dir, NULL));
		assert_int_equal(lf_binfmt_find(dir, "aarch64", "x86_64", &arena, &interpreter),
				 LF_BINFMT_UNKNOWN);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(orders_options_as_upstream),
		cmocka_unit_test(reads_the_list_of_foreign_formats),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

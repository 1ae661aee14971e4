/*
 * Limits of a sandbox: amounts as numbers, the places of control groups, the memory of a tree of
 * processes.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "build/cgroup.h"
#include "build/limits.h"
#include "build/memory_watch.h"

#include "base/banned.h"

#define BAD UINT64_MAX

static const struct {
	const char *text;
	uint64_t want;
} memory[] =
	{
		{"", 0},
		{"0", 0},
		{"1024", 1024},
		{"1024B", 1024},
		{"1K", 1024},
		{"1k", 1024},
		{"1Ki", 1024},
		{"1KiB", 1024},
		{"1KB", 1024},
		{"64Mi", 64 << 20},
		{"64M", 64 << 20},
		{"1.5G", 3ull << 29},
		{"2 Gi", 2ull << 30},
		{"1T", 1ull << 40},
		{".5Mi", 1 << 19},
		{"1e3", BAD},
		{"-1G", BAD},
		{"1P", BAD},
		{"G", BAD},
		{"1Bi", BAD},
		{"1.2.3G", BAD},
		{"lots", BAD},
		{"99999999999999999999", BAD},
		{"9999999999T", BAD},
},
  cpu[] = {
	  {"", 0},       {"4", 4000}, {"0.5", 500},  {"1.25", 1250}, {"500m", 500},
	  {"33", 33000}, {"m", BAD},  {"4x", BAD},   {"1.", 1000},   {"-1", BAD},
	  {"", 0},       {".", BAD},  {"0.0001", 0},
};

static void reads_amounts(void **state)
{
	struct lf_limits l;

	(void)state;
	for (size_t i = 0; i < LF_ARRAY_LEN(memory); i++) {
		struct lf_resources r = {.cpu = "", .memory = memory[i].text};
		lf_auto_err err = {0};
		bool ok = lf_limits_parse(&r, &l, &err);
		assert_int_equal(ok, memory[i].want != BAD);
		if (ok)
			assert_int_equal(l.memory, memory[i].want);
		else
			assert_int_equal(err.class, LF_E_CONFIG);
	}
	for (size_t i = 0; i < LF_ARRAY_LEN(cpu); i++) {
		struct lf_resources r = {.cpu = cpu[i].text, .memory = ""};
		bool ok = lf_limits_parse(&r, &l, NULL);
		assert_int_equal(ok, cpu[i].want != BAD);
		if (ok)
			assert_int_equal(l.millicpus, cpu[i].want);
	}
}

#define V1    "12 1 0:1 / /sys/fs/cgroup/memory rw,relatime shared:3 - cgroup cgroup rw,memory\n"
#define V1CPU "13 1 0:2 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu,cpuacct\n"
#define V2    "14 1 0:3 / /sys/fs/cgroup rw shared:9 master:1 - cgroup2 none rw,nsdelegate\n"
#define V2SUB "14 1 0:3 /docker/1 /sys/fs/cgroup ro - cgroup2 none rw\n"

static const struct {
	const char *self, *mounts, *controller, *want[2];
	int version;
} places[] = {
	{"4:memory:/a/b\n0::/\n", V1 V2, "memory", {"/sys/fs/cgroup/memory/a/b"}, 1},
	{"4:cpu,cpuacct:/\n0::/x\n", V1 V1CPU V2, "cpu", {"/sys/fs/cgroup/cpu"}, 1},
	{"0::/user.slice/app.slice/x.scope\n",
	 V2,
	 "memory",
	 {"/sys/fs/cgroup/user.slice/app.slice/x.scope", "/sys/fs/cgroup/user.slice/app.slice"},
	 2},
	{"0::/\n", V2, "cpu", {"/sys/fs/cgroup"}, 2},
	{"0::/docker/1/x\n", V2SUB, "memory", {"/sys/fs/cgroup/x", "/sys/fs/cgroup"}, 2},
	{"0::/elsewhere\n", V2SUB, "memory", {NULL}, 0},
	{"", V2, "memory", {NULL}, 0},
	{"0::/x\n", "", "memory", {NULL}, 0},
	{"nonsense\n::\n", "also nonsense\n", "memory", {NULL}, 0},
};

static void finds_places_for_groups(void **state)
{
	(void)state;
	for (size_t i = 0; i < LF_ARRAY_LEN(places); i++) {
		struct lf_cgroup_place got[2] = {0};
		size_t n = lf_cgroup_places(lf_str(places[i].self), lf_str(places[i].mounts),
					    places[i].controller, got);

		assert_int_equal(n, !!places[i].want[0] + !!places[i].want[1]);
		for (size_t j = 0; j < n; j++) {
			assert_string_equal(got[j].dir, places[i].want[j]);
			assert_int_equal(got[j].version, places[i].version);
			lf_free(got[j].dir);
		}
	}
}

/* Uses 64 MiB, says so by a byte, and ends with the reader of the pipe. */
static _Noreturn void eat(int ready, int until)
{
	const size_t n = 64 << 20;
	void *p = mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char byte;

	if (p != MAP_FAILED)
		memset(p, 1, n);
	if (write(ready, "", 1) == 1 && read(until, &byte, 1) != 0)
		_exit(1);
	_exit(0);
}

static void sums_up_memory(void **state)
{
	int ready[2], until[2];
	char byte;

	(void)state;
	assert_int_equal(pipe(ready), 0);
	assert_int_equal(pipe(until), 0);
	pid_t pid = fork();
	if (pid == 0) {
		(void)close(until[1]);
		pid_t child = fork();
		if (child == 0)
			eat(ready[1], until[0]);
		_exit(waitpid(child, NULL, 0) != child);
	}
	assert_int_equal(read(ready[0], &byte, 1), 1);
	assert_true(lf_memory_exceeds(pid, 48 << 20));
	assert_false(lf_memory_exceeds(pid, UINT64_C(1) << 30));
	(void)close(until[1]);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	assert_false(lf_memory_exceeds(pid, 0));
	(void)close(until[0]);
	(void)close(ready[0]);
	(void)close(ready[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_amounts),
		cmocka_unit_test(finds_places_for_groups),
		cmocka_unit_test(sums_up_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

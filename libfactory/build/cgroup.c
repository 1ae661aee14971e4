/*
 * Control groups: see cgroup.h. In: limits; out: directories below /sys/fs/cgroup, and whether one
 * of the processes in them was killed.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "build/cgroup.h"

#include <errno.h>
#include <fcntl.h>
#include <time.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/mem.h"

#include "base/banned.h"

#define TEXT_MAX  (1u << 20)
#define PERIOD_US 100000
#define TRIES     200 /* of 10 ms: processes that were killed take a moment to leave */

/* ---- where ---- */

static bool has_word(struct lf_str list, const char *word)
{
	while (list.p) {
		if (lf_str_is(lf_str_cut(&list, ','), word))
			return true;
	}
	return false;
}

/* The group of this process in one hierarchy: lines "ID:CONTROLLER,…:PATH"; "" names version 2. */
static bool find_own(struct lf_str self, const char *controller, struct lf_str *ret)
{
	struct lf_str line;

	while (lf_str_line(&self, &line)) {
		struct lf_str id = lf_str_cut(&line, ':'), list = lf_str_cut(&line, ':');

		if (*controller ? has_word(list, controller) : lf_str_is(id, "0") && !list.n) {
			*ret = line;
			return true;
		}
	}
	return false;
}

/* The mount of a hierarchy: "ID PARENT DEV ROOT POINT OPTIONS … - TYPE SOURCE SUPER_OPTIONS". */
static bool is_mount(struct lf_str line, const char *controller, struct lf_str *ret_root,
		     struct lf_str *ret_point)
{
	struct lf_str field[5] = {{0}}, word;

	for (size_t i = 0; i < LF_ARRAY_LEN(field); i++)
		field[i] = lf_str_cut(&line, ' ');
	do {
		word = lf_str_cut(&line, ' ');
	} while (line.p && !lf_str_is(word, "-"));
	struct lf_str type = lf_str_cut(&line, ' ');
	(void)lf_str_cut(&line, ' ');
	*ret_root = field[3];
	*ret_point = field[4];
	return *controller ? lf_str_is(type, "cgroup") && has_word(line, controller)
			   : lf_str_is(type, "cgroup2");
}

/* The directory of the process's group, or NULL when it is not below the mount. */
static char *own_dir(struct lf_str self, struct lf_str mounts, const char *controller)
{
	struct lf_str own, line, root, point;

	if (!find_own(self, controller, &own))
		return NULL;
	while (lf_str_line(&mounts, &line)) {
		struct lf_buf dir = {0};

		if (!is_mount(line, controller, &root, &point))
			continue;
		if (root.n > 1 && (own.n < root.n || !lf_str_eq(lf_str_sub(own, 0, root.n), root)))
			continue;
		lf_buf_str(&dir, point);
		if (root.n > 1)
			own = lf_str_sub(own, root.n, own.n);
		if (own.n > 1)
			lf_buf_str(&dir, own);
		return lf_buf_detach(&dir);
	}
	return NULL;
}

/* Version 2 lets no group have both processes and limited groups below it, unless it is the root:
 * so the place beside the own group is tried as well. */
size_t lf_cgroup_places(struct lf_str self, struct lf_str mounts, const char *controller,
			struct lf_cgroup_place ret[2])
{
	char *dir = own_dir(self, mounts, controller);
	struct lf_buf parent = {0};
	struct lf_str own;

	if (dir) {
		ret[0] = (struct lf_cgroup_place){dir, 1};
		return 1;
	}
	dir = own_dir(self, mounts, "");
	if (!dir)
		return 0;
	ret[0] = (struct lf_cgroup_place){dir, 2};
	if (!find_own(self, "", &own) || own.n <= 1)
		return 1;
	lf_buf_str(&parent, lf_path_dir(lf_str(dir)));
	ret[1] = (struct lf_cgroup_place){lf_buf_detach(&parent), 2};
	return 2;
}

/* ---- one group ---- */

static bool write_file(const char *dir, const char *name, const char *text)
{
	lf_auto_free char *path = lf_path_join(dir, name);
	lf_auto_fd fd = open(path, O_WRONLY | O_CLOEXEC);

	return fd >= 0 && lf_write_all(fd, text, strlen(text), NULL);
}

static bool write_number(const char *dir, const char *name, uint64_t n)
{
	lf_auto_buf text = {0};

	lf_buf_printf(&text, "%llu", (unsigned long long)n);
	return write_file(dir, name, lf_buf_c(&text));
}

static bool limit_memory(const struct lf_cgroup_dir *d, const struct lf_limits *l)
{
	if (d->version == 1) {
		if (!write_number(d->path, "memory.limit_in_bytes", l->memory))
			return false;
		(void)write_number(d->path, "memory.memsw.limit_in_bytes", l->memory);
		return true;
	}
	if (!write_number(d->path, "memory.max", l->memory))
		return false;
	(void)write_file(d->path, "memory.swap.max", "0");
	(void)write_file(d->path, "memory.oom.group", "1");
	return true;
}

static bool limit_cpu(const struct lf_cgroup_dir *d, const struct lf_limits *l)
{
	lf_auto_buf text = {0};
	uint64_t quota = l->millicpus * PERIOD_US / 1000;

	if (d->version == 1)
		return write_number(d->path, "cpu.cfs_period_us", PERIOD_US) &&
		       write_number(d->path, "cpu.cfs_quota_us", quota);
	lf_buf_printf(&text, "%llu %d", (unsigned long long)quota, PERIOD_US);
	return write_file(d->path, "cpu.max", lf_buf_c(&text));
}

static void remove_dir(struct lf_cgroup_dir *d)
{
	const struct timespec pause = {.tv_nsec = 10000000};

	lf_close_p(&d->procs);
	for (int i = 0; d->path && rmdir(d->path) != 0 && errno == EBUSY && i < TRIES; i++)
		(void)nanosleep(&pause, NULL);
	lf_free(d->path);
	*d = (struct lf_cgroup_dir){.procs = -1};
}

typedef bool limit_fn(const struct lf_cgroup_dir *d, const struct lf_limits *l);

static bool make_dir(struct lf_cgroup_dir *d, const struct lf_cgroup_place *place, const char *name,
		     limit_fn *limit, const struct lf_limits *l, struct lf_keeper *keeper)
{
	struct lf_cgroup_dir new = {.procs = -1, .version = place->version};

	new.path = lf_path_join(place->dir, name);
	if (access(place->dir, W_OK) != 0 || !lf_keeper_note(keeper, new.path, NULL) ||
	    mkdir(new.path, 0755) != 0) {
		lf_free(new.path);
		return false;
	}
	lf_auto_free char *procs = lf_path_join(new.path, "cgroup.procs");
	new.procs = open(procs, O_WRONLY | O_CLOEXEC);
	if (new.procs < 0 || !limit(&new, l)) {
		remove_dir(&new);
		return false;
	}
	*d = new;
	return true;
}

static void make_one(struct lf_cgroup_dir *d, const char *controller, const char *name,
		     limit_fn *limit, const struct lf_limits *l, struct lf_keeper *keeper)
{
	lf_auto_buf self = {0}, mounts = {0};
	struct lf_cgroup_place place[2];
	bool made = false;

	if (!lf_read_file("/proc/self/cgroup", TEXT_MAX, &self, NULL) ||
	    !lf_read_file("/proc/self/mountinfo", TEXT_MAX, &mounts, NULL))
		return;
	size_t n = lf_cgroup_places(lf_buf_view(&self), lf_buf_view(&mounts), controller, place);
	for (size_t i = 0; i < n; i++) {
		made = made || make_dir(d, &place[i], name, limit, l, keeper);
		lf_free(place[i].dir);
	}
}

void lf_cgroup_make(struct lf_cgroup *g, const struct lf_limits *l, const char *name,
		    struct lf_keeper *keeper)
{
	*g = (struct lf_cgroup){.memory = {.procs = -1}, .cpu = {.procs = -1}};
	if (l->memory)
		make_one(&g->memory, "memory", name, limit_memory, l, keeper);
	if (!l->millicpus)
		return;
	/* Under version 2 one group has both. */
	if (g->memory.path && g->memory.version == 2)
		(void)limit_cpu(&g->memory, l);
	else
		make_one(&g->cpu, "cpu", name, limit_cpu, l, keeper);
}

uint64_t lf_cgroup_oom_kills(const struct lf_cgroup *g)
{
	const char *name = g->memory.version == 1 ? "memory.oom_control" : "memory.events";
	lf_auto_buf text = {0};
	uint64_t n = 0;

	if (!g->memory.path)
		return 0;
	lf_auto_free char *path = lf_path_join(g->memory.path, name);
	if (!lf_read_file(path, TEXT_MAX, &text, NULL))
		return 0;
	struct lf_str rest = lf_buf_view(&text), line;
	while (lf_str_line(&rest, &line)) {
		if (lf_str_skip(&line, "oom_kill ") && !lf_str_u64(line, 10, &n))
			n = 0;
	}
	return n;
}

void lf_cgroup_remove(struct lf_cgroup *g)
{
	if (g->memory.path)
		remove_dir(&g->memory);
	if (g->cpu.path)
		remove_dir(&g->cpu);
}

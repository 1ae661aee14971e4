/*
 * Memory of a tree of processes, from /proc (proc(5)). In: a process; out: whether it and its
 * descendants use more than so much. First their resident sizes are added up, which counts shared
 * pages several times but is quick; only when that sum is too large the kernel is asked for the
 * proportional one. Processes come and go meanwhile: what cannot be read counts nothing.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "build/memory_watch.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/str.h"

#include "base/banned.h"

#define TEXT_MAX 8192

struct process {
	pid_t pid, parent;
	uint64_t rss; /* bytes */
	bool below;
};

struct processes {
	struct process *v;
	size_t n, cap;
};

/* All of a small file of /proc; false when the process is gone. */
static bool read_text(pid_t pid, const char *name, char text[TEXT_MAX], struct lf_str *ret)
{
	char path[64];
	size_t n = 0;
	ssize_t got = 1;

	(void)snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, name);
	lf_auto_fd fd = open(path, O_RDONLY | O_CLOEXEC);
	while (fd >= 0 && got > 0 && n < TEXT_MAX) {
		got = read(fd, text + n, TEXT_MAX - n);
		n += got > 0 ? (size_t)got : 0;
	}
	*ret = (struct lf_str){text, n};
	return n > 0;
}

/* "PID (NAME) STATE PPID …": the name may hold anything, its end is the last parenthesis. Field 24
 * is the resident size in pages. */
static bool parse_stat(struct lf_str s, uint64_t page, struct process *ret)
{
	uint64_t parent, pages;
	struct lf_str word = {0};
	size_t end = s.n;

	while (end > 0 && s.p[end - 1] != ')')
		end--;
	s = lf_str_sub(s, end + 1, s.n);
	for (int field = 3; field <= 4; field++)
		word = lf_str_cut(&s, ' ');
	if (end == 0 || !lf_str_u64(word, 10, &parent))
		return false;
	for (int field = 5; field <= 24; field++)
		word = lf_str_cut(&s, ' ');
	if (!lf_str_u64(word, 10, &pages))
		return false;
	ret->parent = (pid_t)parent;
	ret->rss = pages * page;
	return true;
}

static void read_processes(struct processes *all)
{
	const uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
	lf_auto_fd proc = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	LF_CLEANUP(lf_dir_names_fini) struct lf_strv names = {0};
	char text[TEXT_MAX];
	struct lf_str s;
	uint64_t pid;

	if (proc < 0 || !lf_dir_names(proc, &names, NULL))
		return;
	for (size_t i = 0; i < names.n; i++) {
		if (!lf_str_u64(lf_str(names.v[i]), 10, &pid) || pid > INT32_MAX)
			continue;
		struct process p = {.pid = (pid_t)pid};
		if (read_text(p.pid, "stat", text, &s) && parse_stat(s, page, &p))
			lf_vec_push(all, p);
	}
}

/* Marks those below pid; a child may come before its parent in the list, so until nothing new is
 * found. */
static void mark_below(struct processes *all, pid_t pid)
{
	bool again = true;

	while (again) {
		again = false;
		for (size_t i = 0; i < all->n; i++) {
			struct process *p = &all->v[i];
			bool below = p->pid == pid;

			for (size_t j = 0; !p->below && !below && j < all->n; j++)
				below = all->v[j].below && all->v[j].pid == p->parent;
			again |= below && !p->below;
			p->below |= below;
		}
	}
}

/* The proportional size in bytes ("Pss: N kB"), or the resident one where it is not told. */
static uint64_t proportional(const struct process *p)
{
	char text[TEXT_MAX];
	struct lf_str s, line;
	uint64_t kib;

	if (!read_text(p->pid, "smaps_rollup", text, &s))
		return p->rss;
	while (lf_str_line(&s, &line)) {
		if (lf_str_skip(&line, "Pss:") && lf_str_ends(line, " kB") &&
		    lf_str_u64(lf_str_trim(lf_str_sub(line, 0, line.n - 3)), 10, &kib))
			return kib * 1024;
	}
	return p->rss;
}

bool lf_memory_exceeds(pid_t pid, uint64_t limit)
{
	struct processes all = {0};
	uint64_t rss = 0, pss = 0;

	read_processes(&all);
	mark_below(&all, pid);
	for (size_t i = 0; i < all.n; i++)
		rss += all.v[i].below ? all.v[i].rss : 0;
	for (size_t i = 0; rss > limit && i < all.n; i++)
		pss += all.v[i].below ? proportional(&all.v[i]) : 0;
	lf_vec_fini(&all);
	return pss > limit;
}

/*
 * Limits of a sandbox's commands: see confine.h.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "build/confine.h"

#include <unistd.h>

#include "base/mem.h"
#include "base/str.h"
#include "build/cgroup.h"
#include "build/memory_watch.h"

#include "base/banned.h"

#define KILLED (128 + 9) /* how a shell tells of a child that was killed */

struct lf_confine {
	const struct lf_limits *limits;
	struct lf_cgroup group;
	int entered[LF_CGROUP_CONTROLLERS + 1]; /* what its commands enter, -1 terminated */
	cpu_set_t cpus;
	struct lf_proc_limits proc;
	uint64_t oom_kills; /* before the last command */
};

/* ---- CPUs ---- */

/* n of the CPUs that we may use. Builds side by side begin at different ones, as their names do. */
static void choose_cpus(size_t n, const char *name, const cpu_set_t *ours, cpu_set_t *ret)
{
	size_t total = (size_t)CPU_COUNT(ours), start = 0, at = 0;

	for (const char *p = name; *p; p++)
		start = start * 31 + (unsigned char)*p;
	CPU_ZERO(ret);
	start %= total;
	for (size_t cpu = 0; cpu < CPU_SETSIZE; cpu++) {
		if (!CPU_ISSET(cpu, ours))
			continue;
		if ((at + total - start) % total < n)
			CPU_SET(cpu, ret);
		at++;
	}
}

static void limit_cpus(struct lf_confine *c, const struct lf_ctx *ctx, const char *name)
{
	size_t n = (size_t)((c->limits->millicpus + 999) / 1000);
	cpu_set_t ours;

	if (!n || sched_getaffinity(0, sizeof(ours), &ours) != 0)
		return;
	if (n > (size_t)CPU_COUNT(&ours))
		n = (size_t)CPU_COUNT(&ours);
	choose_cpus(n, name, &ours, &c->cpus);
	c->proc.cpus = &c->cpus;
	lf_debug(ctx, "the sandbox runs on %zu of %d CPUs", n, CPU_COUNT(&ours));
}

/* ---- memory ---- */

static bool fail_memory(const struct lf_confine *c, struct lf_err *err)
{
	lf_fail_new(err, LF_E_LIMIT,
		    "out of memory: the limit is %s; raise it by package.resources.memory or "
		    "--memory",
		    c->limits->memory_text);
	if (err)
		err->child_status = KILLED;
	return false;
}

static bool watch_memory(void *data, pid_t pid, struct lf_err *err)
{
	struct lf_confine *c = data;

	return !lf_memory_exceeds(pid, c->limits->memory) || fail_memory(c, err);
}

static void limit_memory(struct lf_confine *c, const struct lf_ctx *ctx)
{
	if (!c->limits->memory)
		return;
	if (!c->group.memory.path) {
		c->proc.may_go_on = watch_memory;
		c->proc.data = c;
	}
	lf_debug(ctx, "memory of the sandbox is limited to %s by %s", c->limits->memory_text,
		 c->group.memory.path ? c->group.memory.path : "watching its processes");
}

/* ---- the whole ---- */

struct lf_confine *lf_confine_new(const struct lf_ctx *ctx, const struct lf_limits *l,
				  const char *name, struct lf_keeper *keeper)
{
	struct lf_confine *c = lf_calloc(1, sizeof(*c));
	size_t n = 0;

	c->limits = l;
	lf_cgroup_make(&c->group, l, name, keeper);
	if (c->group.memory.path)
		c->entered[n++] = c->group.memory.procs;
	if (c->group.cpu.path)
		c->entered[n++] = c->group.cpu.procs;
	c->entered[n] = -1;
	c->proc.groups = c->entered;
	limit_cpus(c, ctx, name);
	limit_memory(c, ctx);
	return c;
}

const struct lf_proc_limits *lf_confine_limits(struct lf_confine *c)
{
	return c->limits->memory || c->limits->millicpus ? &c->proc : NULL;
}

bool lf_confine_judge(struct lf_confine *c, const struct lf_ctx *ctx, bool ok, struct lf_err *err)
{
	uint64_t kills = lf_cgroup_oom_kills(&c->group);
	bool killed = kills > c->oom_kills;

	c->oom_kills = kills;
	if (killed && ok)
		lf_warn(ctx, "a process was killed because memory ran out: the limit is %s",
			c->limits->memory_text);
	if (killed && !ok && err && err->class == LF_E_CHILD)
		return fail_memory(c, err);
	return ok;
}

void lf_confine_free(struct lf_confine *c)
{
	if (!c)
		return;
	lf_cgroup_remove(&c->group);
	lf_free(c);
}

/*
 * Control groups of the kernel (documentation "cgroup-v2", "cgroup-v1/memory"), where this process
 * may make them: below its own group, or beside it when a version 2 tree is delegated. One object
 * is one limit on a set of processes; under version 1 that takes a group for each controller.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/keeper.h"
#include "build/limits.h"

#define LF_CGROUP_CONTROLLERS 2

struct lf_cgroup_dir {
	char *path;
	int procs; /* open cgroup.procs */
	int version;
};

struct lf_cgroup {
	struct lf_cgroup_dir memory, cpu; /* path NULL: that limit could not be set here */
};

/* Makes what can be made for these limits; name is that of the groups, and new. The keeper learns
 * of every group before it is made. */
void lf_cgroup_make(struct lf_cgroup *g, const struct lf_limits *l, const char *name,
		    struct lf_keeper *keeper);
/* How many processes the kernel has killed for want of memory. */
uint64_t lf_cgroup_oom_kills(const struct lf_cgroup *g);
/* Removes the groups, whose processes have ended or are about to. Harmless on a zeroed struct. */
void lf_cgroup_remove(struct lf_cgroup *g);

/* The directories below which a group with this controller may be made, best first: from the text
 * of /proc/self/cgroup and /proc/self/mountinfo. Apart for tests. Returns how many. */
struct lf_cgroup_place {
	char *dir;
	int version;
};
size_t lf_cgroup_places(struct lf_str self, struct lf_str mounts, const char *controller,
			struct lf_cgroup_place ret[2]);

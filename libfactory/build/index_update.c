/*
 * The index after a build: the packages just written are merged into OUT/ARCH/APKINDEX.tar.gz. In:
 * a job whose packages are there; out: the index, signed when there is a key.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <factory/index.h>

#include "build/job.h"

#include "base/banned.h"

bool lf_job_index(struct lf_build_job *j, const char *dir, struct lf_err *err)
{
	const char *index = lf_arena_printf(&j->arena, "%s/APKINDEX.tar.gz", dir);
	struct lf_index_options o = {
		.output = index,
		.source = index,
		.merge = true,
		.signing_key = j->plan->o->signing_key,
	};

	if (!j->plan->o->generate_index)
		return true;
	o.files.v = lf_new_n(&j->arena, const char *, j->n_outputs);
	for (size_t i = 0; i < j->n_outputs; i++)
		o.files.v[o.files.n++] = lf_arena_printf(&j->arena, "%s/%s-%s.apk", dir,
							 j->output[i].unit->name, j->full_version);
	lf_info(&j->ctx, "generating apk index from packages in %s", dir);
	return lf_index_update(&j->ctx, &o, err) || lf_fail(err, "unable to generate index");
}

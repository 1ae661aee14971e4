/*
 * Is the .attest.tar.gz beside a package good and about this package? In: the package and the
 * public keys of packages; out: yes with whose signature it has, or why not.
 * docs/formats/provenance.md.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "build/verify.h"

#include <string.h>
#include <unistd.h>

#include "base/fs.h"
#include "build/provenance.h"
#include "sbom/statement.h"

#include "base/banned.h"

#define MAX_ATTESTATION ((uint64_t)64 << 20)

/* Where it is: FILE.attest.tar.gz for FILE.apk; NULL for files of other names. */
static const char *location_of(const struct lf_published *p, struct lf_arena *arena)
{
	struct lf_str base = lf_str(p->location);

	if (!lf_str_ends(base, ".apk"))
		return NULL;
	base.n -= strlen(".apk");
	return lf_arena_printf(arena, LF_STR_FMT LF_ATTESTATION_ARCHIVE, LF_STR_ARG(base));
}

static bool check_statement(const struct lf_apk *archive, const struct lf_pkg *pkg,
			    struct lf_arena *arena, struct lf_err *err)
{
	const char *name =
		lf_arena_printf(arena, "%s-%s" LF_ATTESTATION_FILE, pkg->name, pkg->version);
	const struct lf_apk_control_file *file = lf_apk_control_file(archive, name);
	struct lf_statement s;

	if (!file)
		return lf_fail_new(err, LF_E_FORMAT, "%s is not in it", name);
	if (!lf_attestation_parse(file->content, name, arena, &s, err))
		return false;
	if (strcmp(s.predicate_type, LF_SLSA_PREDICATE) != 0)
		return lf_fail_new(err, LF_E_FORMAT, "not SLSA provenance: %s", s.predicate_type);
	return lf_statement_has_subject(&s, pkg->datahash) ||
	       lf_fail_new(err, LF_E_SIGNATURE, "it is about other data, not that with sha256 %s",
			   pkg->datahash);
}

bool lf_verify_attestation(const struct lf_ctx *ctx, const struct lf_published *p,
			   const struct lf_keyring *ring, struct lf_arena *arena, bool *ret_found,
			   const char **ret_note, struct lf_err *err)
{
	const char *location = location_of(p, arena);
	lf_auto_fd fd = location ? lf_published_beside(ctx, location, err) : -1;
	struct lf_apk archive;

	*ret_found = fd >= 0;
	if (fd < 0)
		return err->class == LF_E_NONE;
	if (!lf_apk_open_section(fd, MAX_ATTESTATION, arena, &archive, err))
		return lf_fail(err, "reading %s", location);
	if (!archive.signature_name)
		return lf_fail_new(err, LF_E_SIGNATURE, "it is not signed");
	if (!lf_apk_verify(&archive, ring, err) ||
	    !check_statement(&archive, &p->apk.pkg, arena, err))
		return false;
	*ret_note = archive.signature_name;
	return true;
}

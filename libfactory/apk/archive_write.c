/*
 * Sections of an .apk: small tar archives without an end, each one gzip member. In: files in their
 * order; out: the compressed section. The signature is such a section too. docs/formats/apk.md.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "apk/archive.h"
#include "codec/gzip.h"
#include "trust/key.h"

#include "base/banned.h"

#define LEVEL 6

void lf_apk_section(struct lf_buf *out, const struct lf_apk_section_file *files, size_t n,
		    int64_t mtime, uint32_t gzip_mtime)
{
	lf_auto_buf tar = {0};

	for (size_t i = 0; i < n; i++) {
		const struct lf_tar_entry e = {
			.name = files[i].name,
			.linkname = "",
			.uname = "root",
			.gname = "root",
			.type = '0',
			.mode = files[i].mode,
			.mtime = mtime,
			.size = files[i].content.n,
		};

		lf_tar_file(&tar, &e, files[i].content.p);
	}
	/* no end blocks: all sections of a package together are one archive */
	lf_gzip_member(tar.p, tar.n, LEVEL, gzip_mtime, out);
}

bool lf_apk_signature(struct lf_buf *out, const struct lf_key *key, const char *key_name,
		      const void *signed_bytes, size_t n, int64_t mtime, struct lf_err *err)
{
	uint8_t sha256[LF_SHA256_LEN];
	lf_auto_buf signature = {0};
	lf_auto_buf name = {0};
	struct lf_apk_section_file file = {.mode = 0644};

	lf_hash_mem(LF_SHA256, signed_bytes, n, sha256);
	if (!lf_key_sign(key, sha256, &signature, err))
		return false;
	lf_buf_printf(&name, ".SIGN.RSA256.%s.pub", key_name);
	file.name = lf_buf_c(&name);
	file.content = lf_buf_view(&signature);
	lf_apk_section(out, &file, 1, mtime, 0);
	return true;
}

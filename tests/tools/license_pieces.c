/*
 * Prints the pieces of a licence text on standard input as the library sees them: the number of
 * words, then one piece a line, hexadecimal. For script/license-prints.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>

#include "base/stream.h"
#include "sbom/license_text.h"

#include "base/banned.h"

#define MAX_TEXT ((size_t)4 << 20)

int main(void)
{
	lf_auto_reader *in = lf_reader_fd(0, false);
	lf_auto_license_pieces pieces = {0};
	lf_auto_err err = {0};
	lf_auto_buf text = {0};

	if (!lf_read_all(in, MAX_TEXT, &text, &err)) {
		fprintf(stderr, "%s\n", lf_err_text(&err));
		return 1;
	}
	lf_license_pieces(&pieces, lf_buf_view(&text));
	printf("%zu\n", pieces.n_words);
	for (size_t i = 0; i < pieces.n; i++)
		printf("%06x\n", pieces.v[i]);
	return 0;
}

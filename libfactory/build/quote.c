/*
 * Quoting for the shell: a word of harmless characters stays as it is, any other goes into single
 * quotes.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "build/quote.h"

#include "base/banned.h"

static const char harmless[] =
	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_@%+=:,./-";

void lf_shell_quote(struct lf_buf *out, const char *word)
{
	if (*word && !word[strspn(word, harmless)]) {
		lf_buf_puts(out, word);
		return;
	}
	lf_buf_putc(out, '\'');
	for (const char *p = word; *p; p++) {
		if (*p == '\'')
			lf_buf_puts(out, "'\"'\"'");
		else
			lf_buf_putc(out, *p);
	}
	lf_buf_putc(out, '\'');
}

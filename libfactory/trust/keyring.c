/*
 * A ring of named public keys. PEM texts in, the key that a signature names out.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "base/mem.h"
#include "trust/key.h"

#include "base/banned.h"

static struct lf_keyring_entry *find_exact(const struct lf_keyring *r, struct lf_str name)
{
	for (size_t i = 0; i < r->n; i++) {
		if (lf_str_is(name, r->entry[i].name))
			return &r->entry[i];
	}
	return NULL;
}

static void free_content(struct lf_keyring_entry *e)
{
	lf_free((void *)(uintptr_t)e->pem.p);
	lf_key_free(e->key);
	e->pem = (struct lf_str){0};
	e->key = NULL;
}

static struct lf_keyring_entry *add_entry(struct lf_keyring *r, const char *name)
{
	if (r->n == r->cap) {
		r->cap = r->cap ? 2 * r->cap : 8;
		r->entry = lf_realloc(r->entry, r->cap, sizeof(*r->entry));
	}
	struct lf_keyring_entry *e = &r->entry[r->n++];
	*e = (struct lf_keyring_entry){.name = lf_strdup(name)};
	return e;
}

void lf_keyring_add(struct lf_keyring *r, const char *name, struct lf_str pem)
{
	struct lf_keyring_entry *e = find_exact(r, lf_str(name));
	lf_auto_err why = {0}; /* text that is no key stays, it just cannot verify */
	char *copy = lf_alloc(pem.n + 1);

	if (pem.n)
		memcpy(copy, pem.p, pem.n);
	copy[pem.n] = '\0';
	if (e)
		free_content(e);
	else
		e = add_entry(r, name);
	e->pem = (struct lf_str){copy, pem.n};
	e->key = lf_key_parse_public(e->pem, name, &why);
}

const struct lf_keyring_entry *lf_keyring_find(const struct lf_keyring *r, struct lf_str name)
{
	const struct lf_keyring_entry *e = find_exact(r, name);

	if (e || !lf_str_ends(name, ".rsa.pub"))
		return e;
	return find_exact(r, lf_str_sub(name, 0, name.n - strlen(".rsa.pub")));
}

void lf_keyring_fini(struct lf_keyring *r)
{
	for (size_t i = 0; i < r->n; i++) {
		free_content(&r->entry[i]);
		lf_free((void *)(uintptr_t)r->entry[i].name);
	}
	lf_free(r->entry);
	*r = (struct lf_keyring){0};
}

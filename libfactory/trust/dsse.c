/*
 * DSSE envelopes: payload → signed envelope, and back. What is signed is a text in which lengths
 * stand before type and payload, so that neither can run into the other.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "trust/dsse.h"

#include <string.h>

#include "base/mem.h"
#include "codec/json.h"

#include "base/banned.h"

#define MAX_SIGNATURES 64

static void signed_text(struct lf_buf *out, const char *type, struct lf_str payload)
{
	lf_buf_printf(out, "DSSEv1 %zu %s %zu ", strlen(type), type, payload.n);
	lf_buf_str(out, payload);
}

/* {key: base64 of the bytes}, into an object. */
static void set_bytes(json_t *object, const char *key, const void *p, size_t n)
{
	lf_auto_buf text = {0};

	lf_base64(&text, p, n);
	lf_json_set_str(object, key, lf_buf_c(&text));
}

void lf_dsse_sign(const struct lf_ed25519 *key, const char *type, struct lf_str payload,
		  struct lf_buf *out)
{
	lf_auto_json *envelope = json_object();
	json_t *signature = json_object(), *signatures = json_array();
	uint8_t sig[LF_ED25519_SIG];
	lf_auto_buf text = {0};

	signed_text(&text, type, payload);
	lf_ed25519_sign(key, lf_buf_view(&text), sig);
	lf_json_set_str(signature, "keyid", lf_ed25519_public(key)->id);
	set_bytes(signature, "sig", sig, sizeof(sig));
	json_array_append_new(signatures, signature);
	set_bytes(envelope, "payload", payload.p, payload.n);
	lf_json_set_str(envelope, "payloadType", type);
	lf_json_set(envelope, "signatures", signatures);
	lf_json_print(out, envelope, 0);
	lf_buf_putc(out, '\n');
}

/* ---- reading ---- */

/* Either alphabet, with padding or without in the URL-safe one. */
static bool decode(const json_t *text, uint8_t *out, size_t max, size_t *ret_n)
{
	struct lf_str s = {json_string_value(text), json_string_length(text)};

	if (lf_unbase64(s, out, max, ret_n))
		return true;
	while (lf_str_ends(s, "="))
		s.n--;
	return lf_unbase64url(s, out, max, ret_n);
}

static bool read_payload(const json_t *envelope, struct lf_dsse *d)
{
	const json_t *payload = json_object_get(envelope, "payload");
	size_t max = json_string_length(payload), n;

	if (!json_is_string(payload))
		return false;
	lf_buf_reserve(&d->payload, max + 1);
	if (!decode(payload, (uint8_t *)d->payload.p, max + 1, &n))
		return false;
	d->payload.n = n;
	d->payload.p[n] = '\0';
	return true;
}

static bool read_signatures(const json_t *envelope, struct lf_dsse *d)
{
	const json_t *list = json_object_get(envelope, "signatures"), *item;
	size_t i, n;

	if (!json_is_array(list) || json_array_size(list) > MAX_SIGNATURES)
		return false;
	d->sig = lf_calloc(json_array_size(list) + 1, sizeof(*d->sig));
	json_array_foreach(list, i, item)
	{
		const json_t *sig = json_object_get(item, "sig");

		if (!json_is_string(sig))
			return false;
		if (decode(sig, d->sig[d->n_sigs], LF_ED25519_SIG, &n) && n == LF_ED25519_SIG)
			d->n_sigs++;
	}
	return true;
}

bool lf_dsse_parse(struct lf_str json, const char *source, struct lf_dsse *ret, struct lf_err *err)
{
	lf_auto_json *envelope = lf_json_parse(json, source, err);
	const json_t *type = json_object_get(envelope, "payloadType");
	struct lf_dsse d = {0};

	if (!envelope)
		return false;
	if (!json_is_string(type) || !read_payload(envelope, &d) ||
	    !read_signatures(envelope, &d)) {
		lf_dsse_fini(&d);
		return lf_fail_new(err, LF_E_FORMAT, "%s: not a DSSE envelope", source);
	}
	d.type = lf_strdup(json_string_value(type));
	*ret = d;
	return true;
}

const struct lf_ed25519_public *lf_dsse_verify(const struct lf_dsse *d,
					       const struct lf_ed25519_public *keys, size_t n,
					       struct lf_err *err)
{
	lf_auto_buf text = {0};

	signed_text(&text, d->type, lf_buf_view(&d->payload));
	for (size_t k = 0; k < n; k++)
		for (size_t i = 0; i < d->n_sigs; i++)
			if (lf_ed25519_verify(&keys[k], lf_buf_view(&text), d->sig[i]))
				return &keys[k];
	lf_fail_new(err, LF_E_SIGNATURE, "no signature of it is by a key that was given");
	return NULL;
}

void lf_dsse_fini(struct lf_dsse *d)
{
	lf_free(d->type);
	lf_buf_fini(&d->payload);
	lf_free(d->sig);
	*d = (struct lf_dsse){0};
}

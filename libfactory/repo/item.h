/*
 * One package on its way from a choice to an open data tar. Not for other rooms.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include "repo/fetcher.h"

#define LF_KIND_APK  "apk" /* in the cache */
#define LF_KIND_DATA "data"

struct lf_item {
	struct lf_fetcher *f;
	const struct lf_solve_choice *choice;
	struct lf_arena *arena;
	const struct lf_keyring *ring; /* NULL: the package's own signature does not matter */
	const char *url;
	char key[2 * LF_SHA1_LEN + 1]; /* of the .apk: its control checksum */
	bool remote, from_cache;
	unsigned round;
	struct lf_cache_file apk_file;  /* a download */
	int fd;                         /* the .apk */
	struct lf_cache_file data_file; /* the data when it is new */
	uint64_t tar_size, list_size;   /* in it */
	struct lf_http_transfer transfer;
	struct lf_package *package;
	bool done;
	struct lf_err err;
};

/* Failures are kept in the item; the calls return false then. */

bool lf_item_init(struct lf_item *it, struct lf_fetcher *f, const struct lf_solve_choice *choice,
		  struct lf_arena *arena, struct lf_err *err);
bool lf_item_open_local(struct lf_item *it);
/* Sets up the transfer. */
bool lf_item_start_download(struct lf_item *it);
/* A download that ended: did the server send the package? */
bool lf_item_check_reply(struct lf_item *it);

/* Reads signature and control from the descriptor from which the data will come. */
bool lf_item_read_control(struct lf_item *it);
/* The digest of the whole file, when it is wanted. */
bool lf_item_hash(struct lf_item *it);
/* The plain tar of an earlier run, by the datahash that the verified control section holds. False
 * without an error: there is none. */
bool lf_item_find_data(struct lf_item *it);
/* Inflates the data; for a pool: touches its item only. */
bool lf_item_unpack(void *item, unsigned worker, struct lf_err *err);
/* All is verified: into the cache, and into the package. */
void lf_item_finish(struct lf_item *it);
/* A download into the cache, if it is one and there is a cache. */
void lf_item_put_apk(struct lf_item *it);
/* Everything but the data of a finished package. */
void lf_item_close(struct lf_item *it);

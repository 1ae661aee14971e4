/*
 * Which links belong to which busybox.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <stdbool.h>

#include <factory/list.h>

#include "base/arena.h"
#include "base/str.h"

/* "1.36.0" of the package version "1.36.0-r3". False for anything but three numbers and a word. */
bool lf_busybox_version(struct lf_str package_version, struct lf_str *ret);
/* The paths of its applets; of the newest known version when this one is not known. */
void lf_busybox_links(struct lf_str version, struct lf_arena *arena, struct lf_strv *ret);

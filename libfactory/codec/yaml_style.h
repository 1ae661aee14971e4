/*
 * The style in which a string is written, inside the YAML writer.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include "base/str.h"

enum lf_yaml_style { LF_YAML_PLAIN, LF_YAML_SINGLE, LF_YAML_DOUBLE, LF_YAML_LITERAL };

/* key: a mapping key, which must stay on its line. */
enum lf_yaml_style lf_yaml_style(struct lf_str text, bool key);
/* The writer leaves such a code point as it is. */
bool lf_yaml_is_printable(uint32_t c);

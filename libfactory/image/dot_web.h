/*
 * Showing a graph in a browser.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <factory/ctx.h>

#include "base/str.h"

/* Serves the graph as SVG, drawn by graphviz's dot, on a free port of this machine and opens a
 * browser. Ends when the user interrupts. */
bool lf_dot_serve(const struct lf_ctx *ctx, struct lf_str graph, const char *explorer,
		  struct lf_err *err) LF_MUST_CHECK;

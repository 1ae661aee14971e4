/* How much memory a process and all that it started use. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* True when the processes below pid, with itself, use more than limit bytes. Pages that several of
 * them share count once. */
bool lf_memory_exceeds(pid_t pid, uint64_t limit);

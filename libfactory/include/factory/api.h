/* Marks what libfactory exports; everything else is hidden. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#define LF_API __attribute__((visibility("default")))

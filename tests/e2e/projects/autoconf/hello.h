/* SPDX-License-Identifier: Apache-2.0 */
const char *hello_text(void);

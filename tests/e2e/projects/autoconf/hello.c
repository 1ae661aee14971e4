/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "hello.h"

int main(void)
{
	puts(hello_text());
	return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

static int never(int a)
{
	a++;
	return a;
}

int main(int argc, char **argv)
{
	(void)argv;
	puts("Hello World!");
	return argc > 1 ? never(argc) : 0;
}

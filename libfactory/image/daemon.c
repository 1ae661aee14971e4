/*
 * Publishing to the docker daemon of this machine. There is no client for it yet, so the call says
 * what works instead: the image tar, which every engine loads.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "image/publish.h"

#include "base/banned.h"

bool lf_publish_local(struct lf_publish *p, char **ret_reference, struct lf_err *err)
{
	(void)p;
	(void)ret_reference;
	return lf_fail_new(err, LF_E_USAGE,
			   "--local is not supported by this apko: write the image with \"apko "
			   "build\" and load the tar into the daemon with \"docker load\"");
}

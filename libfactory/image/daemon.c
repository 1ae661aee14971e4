/*
 * stub
 */
#include "image/publish.h"
#include "base/banned.h"

bool lf_publish_local(struct lf_publish *p, char **ret_reference, struct lf_err *err)
{
	(void)p;
	(void)ret_reference;
	return lf_fail_new(err, LF_E_USAGE, "--local needs a docker daemon");
}

/* SPDX-License-Identifier: Apache-2.0 */
#include <php.h>

ZEND_BEGIN_ARG_INFO_EX(arguments, 0, 0, 0)
ZEND_END_ARG_INFO()

static PHP_FUNCTION(hello_text)
{
	ZEND_PARSE_PARAMETERS_NONE();
	RETURN_STRING("Hello World!");
}

static const zend_function_entry functions[] = {PHP_FE(hello_text, arguments) PHP_FE_END};

zend_module_entry hello_module_entry = {
	STANDARD_MODULE_HEADER, "hello", functions, NULL, NULL, NULL, NULL, NULL, "1.2.3", STANDARD_MODULE_PROPERTIES,
};

ZEND_GET_MODULE(hello)

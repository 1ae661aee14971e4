/*
 * Where the fields of a tar header block are; shared by the reader and the writer
 * (docs/formats/tar.md).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

enum {
	LF_TAR_AT_NAME = 0,
	LF_TAR_AT_MODE = 100,
	LF_TAR_AT_UID = 108,
	LF_TAR_AT_GID = 116,
	LF_TAR_AT_SIZE = 124,
	LF_TAR_AT_MTIME = 136,
	LF_TAR_AT_SUM = 148,
	LF_TAR_AT_TYPE = 156,
	LF_TAR_AT_LINK = 157,
	LF_TAR_AT_MAGIC = 257,
	LF_TAR_AT_UNAME = 265,
	LF_TAR_AT_GNAME = 297,
	LF_TAR_AT_MAJOR = 329,
	LF_TAR_AT_MINOR = 337,
	LF_TAR_AT_PREFIX = 345,

	LF_TAR_NAME = 100,
	LF_TAR_OWNER = 32,
	LF_TAR_PREFIX = 155,
	LF_TAR_STAR_PREFIX = 131, /* star ends it earlier and puts "tar\0" at 508 */
	LF_TAR_AT_STAR = 508,
};

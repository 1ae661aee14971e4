# SPDX-License-Identifier: Apache-2.0
text <- function() "Hello World!"

// SPDX-License-Identifier: Apache-2.0

//go:build extra

package main

func init() { extra = "extra" }

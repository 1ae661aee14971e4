// SPDX-License-Identifier: Apache-2.0

package main

import "fmt"

var version, extra = "unknown", "plain"

func main() {
	fmt.Println("tool", version, extra)
}

// SPDX-License-Identifier: Apache-2.0

package main

import "fmt"

var version = "unknown"

func main() {
	fmt.Println("second", version)
}

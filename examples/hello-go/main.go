// SPDX-License-Identifier: Apache-2.0

// hello-go answers "Hello World!" on /. HOST and PORT in the environment choose where it listens.
package main

import (
	"log"
	"net"
	"net/http"
	"os"

	"github.com/gin-gonic/gin"
)

func setting(name, otherwise string) string {
	if value, ok := os.LookupEnv(name); ok && value != "" {
		return value
	}
	return otherwise
}

func main() {
	gin.SetMode(gin.ReleaseMode)
	server := gin.New()
	server.GET("/", func(request *gin.Context) { request.String(http.StatusOK, "Hello World!\n") })
	address := net.JoinHostPort(setting("HOST", "0.0.0.0"), setting("PORT", "8080"))
	log.Fatal(server.Run(address))
}

/*
 * hello-c: a web server for one answer. It says "Hello World!" on / and 404 elsewhere; HOST and PORT in the
 * environment choose where it listens. One connection at a time, one request a connection.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define _GNU_SOURCE
#include <netdb.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

static const char *setting(const char *name, const char *otherwise)
{
	const char *value = getenv(name);

	return value && *value ? value : otherwise;
}

static int listen_on(const char *host, const char *port)
{
	const struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE};
	struct addrinfo *list;
	int error = getaddrinfo(host, port, &hints, &list);
	int fd = -1;

	if (error) {
		fprintf(stderr, "hello-c: %s port %s: %s\n", host, port, gai_strerror(error));
		return -1;
	}
	for (struct addrinfo *a = list; a && fd < 0; a = a->ai_next) {
		fd = socket(a->ai_family, a->ai_socktype | SOCK_CLOEXEC, a->ai_protocol);
		if (fd < 0)
			continue;
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &(int){1}, sizeof(int));
		if (bind(fd, a->ai_addr, a->ai_addrlen) || listen(fd, 16)) {
			close(fd);
			fd = -1;
		}
	}
	freeaddrinfo(list);
	if (fd < 0)
		perror("hello-c: listen");
	return fd;
}

/* Read up to the empty line that ends the head of a request; only its first line matters. */
static int read_request(int fd, char *head, size_t size)
{
	size_t used = 0;

	while (used < size - 1) {
		ssize_t got = read(fd, head + used, size - 1 - used);

		if (got <= 0)
			return -1;
		used += (size_t)got;
		head[used] = '\0';
		if (strstr(head, "\r\n\r\n"))
			return 0;
	}
	return -1;
}

static void answer(int fd)
{
	const struct timeval patience = {.tv_sec = 5};
	const char *status = "404 Not Found", *text = "not found\n";
	char head[8192];

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	if (read_request(fd, head, sizeof(head)))
		return;
	if (!strncmp(head, "GET / ", 6)) {
		status = "200 OK";
		text = "Hello World!\n";
	}
	dprintf(fd, "HTTP/1.1 %s\r\nContent-Type: text/plain\r\nConnection: close\r\nContent-Length: %zu\r\n\r\n%s",
		status, strlen(text), text);
}

int main(void)
{
	int fd = listen_on(setting("HOST", "0.0.0.0"), setting("PORT", "8080"));

	if (fd < 0)
		return 1;
	signal(SIGPIPE, SIG_IGN);
	for (;;) {
		int connection = accept4(fd, NULL, NULL, SOCK_CLOEXEC);

		if (connection < 0)
			continue;
		answer(connection);
		close(connection);
	}
}

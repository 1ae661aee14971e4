/*
 * A small HTTP server for tests: a thread that answers requests from a table of raw replies, one
 * request a connection, and keeps what was asked.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"

/* A reply to requests that begin with `request` ("GET /x "); used `times` times (0: always),
 * earlier ones first. */
struct reply {
	const char *request;
	unsigned times;
	const char *raw;
	size_t n; /* 0: strlen(raw) */
	unsigned used;
	unsigned hold_ms; /* says nothing more for so long, or until the client goes */
};

struct server {
	struct reply *reply;
	size_t n;
	int fd;
	unsigned port;
	pthread_t thread;
	pthread_mutex_t lock;
	struct lf_buf log; /* all requests with their headers */
};

static void serve_one(struct server *s, int c)
{
	lf_auto_buf request = {0};
	char piece[4096];
	ssize_t got;

	while (!strstr(lf_buf_c(&request), "\r\n\r\n") &&
	       (got = read(c, piece, sizeof(piece))) > 0) {
		lf_buf_add(&request, piece, (size_t)got);
		if (request.p[0] == 0x16) { /* somebody tries TLS */
			close(c);
			return;
		}
	}
	pthread_mutex_lock(&s->lock);
	lf_buf_str(&s->log, lf_buf_view(&request));
	struct reply *r = NULL;
	for (size_t i = 0; i < s->n && !r; i++) {
		if (lf_starts(lf_buf_c(&request), s->reply[i].request) &&
		    (!s->reply[i].times || s->reply[i].used < s->reply[i].times))
			r = &s->reply[i];
	}
	if (r)
		r->used++;
	pthread_mutex_unlock(&s->lock);
	const char *raw = r ? r->raw : "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n";
	size_t left = r && r->n ? r->n : strlen(raw);
	while (left && (got = send(c, raw, left, MSG_NOSIGNAL)) > 0) {
		raw += got;
		left -= (size_t)got;
	}
	/* A body of the request that was not read must not turn the close into a reset; the client
	 * may keep the connection, so it is not waited for. */
	struct pollfd p = {.fd = c, .events = POLLIN};
	if (r && r->hold_ms)
		(void)poll(&p, 1, (int)r->hold_ms);
	shutdown(c, SHUT_WR);
	while (poll(&p, 1, 5) > 0 && read(c, piece, sizeof(piece)) > 0)
		;
	close(c);
}

static void *serve(void *data)
{
	struct server *s = data;
	int c;

	while ((c = accept(s->fd, NULL, NULL)) >= 0)
		serve_one(s, c);
	return NULL;
}

static inline void server_start(struct server *s, struct reply *reply, size_t n)
{
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof(a);

	*s = (struct server){.reply = reply, .n = n};
	pthread_mutex_init(&s->lock, NULL);
	s->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (bind(s->fd, (struct sockaddr *)&a, sizeof(a)) != 0 || listen(s->fd, 64) != 0 ||
	    getsockname(s->fd, (struct sockaddr *)&a, &len) != 0)
		fail_msg("no server socket");
	s->port = ntohs(a.sin_port);
	pthread_create(&s->thread, NULL, serve, s);
}

static inline void server_stop(struct server *s)
{
	shutdown(s->fd, SHUT_RDWR);
	close(s->fd);
	pthread_join(s->thread, NULL);
	lf_buf_fini(&s->log);
}

/* How often a request began like this. */
static inline unsigned server_count(struct server *s, const char *request)
{
	unsigned n = 0;

	pthread_mutex_lock(&s->lock);
	for (const char *p = lf_buf_c(&s->log); (p = strstr(p, request)); p++)
		n++;
	pthread_mutex_unlock(&s->lock);
	return n;
}

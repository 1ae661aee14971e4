/*
 * A server of one picture, for a browser on this machine: see dot_web.h. Requests are taken one
 * after another; each is answered and closed.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "image/dot_web.h"

#include <arpa/inet.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/proc.h"
#include "base/banned.h"

#define MAX_REQUEST  8192
#define POLL_MS      200
#define TIMEOUT_SECS 3

/* ---- the picture ---- */

static void take_line(void *data, int stream, struct lf_str line)
{
	struct lf_buf *svg = data;

	if (stream != 1 || lf_str_is(line, "<title>images</title>"))
		return;
	lf_buf_str(svg, line);
	lf_buf_putc(svg, '\n');
}

static bool render(const struct lf_ctx *ctx, struct lf_str graph, struct lf_buf *svg,
		   struct lf_err *err)
{
	static const char *const argv[] = {"dot", "-Tsvg", NULL};
	const struct lf_proc p = {
		.argv = argv, .line = take_line, .line_data = svg, .input = graph, .timeout = 120};

	return lf_proc_run(ctx, &p, err) || lf_fail(err, "error rendering the graph");
}

/* ---- one request ---- */

/* Up to the blank line; what is longer or slower is no request. */
static bool read_request(int fd, struct lf_buf *request)
{
	char piece[1024];

	while (lf_str_search(lf_buf_view(request), LF_STR("\r\n\r\n")) < 0) {
		const ssize_t n = recv(fd, piece, sizeof(piece), 0);

		if (n <= 0 || request->n + (size_t)n > MAX_REQUEST)
			return false;
		lf_buf_add(request, piece, (size_t)n);
	}
	return true;
}

static void reply(int fd, const char *status, const char *type, struct lf_str body)
{
	lf_auto_buf out = {0};

	lf_buf_printf(&out,
		      "HTTP/1.1 %s\r\nContent-Type: %s\r\nContent-Length: %zu\r\n"
		      "Connection: close\r\n\r\n",
		      status, type, body.n);
	lf_buf_str(&out, body);
	for (size_t at = 0; at < out.n;) {
		const ssize_t n = send(fd, out.p + at, out.n - at, MSG_NOSIGNAL);

		if (n <= 0)
			return;
		at += (size_t)n;
	}
}

static void answer(const struct lf_ctx *ctx, int fd, struct lf_str graph)
{
	const struct timeval patience = {.tv_sec = TIMEOUT_SECS};
	lf_auto_buf request = {0}, svg = {0};
	lf_auto_err err = {0};

	(void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	(void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
	if (!read_request(fd, &request))
		return;
	if (!lf_str_starts(lf_buf_view(&request), "GET / ") &&
	    !lf_str_starts(lf_buf_view(&request), "GET /?"))
		reply(fd, "404 Not Found", "text/plain; charset=utf-8", LF_STR("not here\n"));
	else if (render(ctx, graph, &svg, &err))
		reply(fd, "200 OK", "image/svg+xml; charset=utf-8", lf_buf_view(&svg));
	else
		reply(fd, "500 Internal Server Error", "text/plain; charset=utf-8",
		      lf_str(lf_err_text(&err)));
}

/* ---- the server ---- */

static int listen_here(uint16_t *ret_port, struct lf_err *err)
{
	struct sockaddr_in a = {.sin_family = AF_INET};
	socklen_t n = sizeof(a);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0 || bind(fd, (const struct sockaddr *)&a, n) != 0 || listen(fd, 16) != 0 ||
	    getsockname(fd, (struct sockaddr *)&a, &n) != 0) {
		lf_fail_errno(err, "listening on 127.0.0.1");
		lf_close_p(&fd);
		return -1;
	}
	*ret_port = ntohs(a.sin_port);
	return fd;
}

/* Without one the address in the log has to do. Whatever the command leaves behind is ended with
 * it, so it waits until the browser has a session of its own. */
static void open_browser(const struct lf_ctx *ctx, uint16_t port)
{
	lf_auto_buf url = {0};
	lf_auto_err err = {0};

	lf_buf_printf(&url, "http://localhost:%u", port);
	const char *const argv[] = {
		"sh", "-c", "setsid -f xdg-open \"$0\" >/dev/null 2>&1; sleep 1", url.p, NULL};
	const struct lf_proc p = {.argv = argv};

	if (!lf_proc_run(ctx, &p, &err))
		lf_debug(ctx, "no browser opened: %s", lf_err_text(&err));
}

bool lf_dot_serve(const struct lf_ctx *ctx, struct lf_str graph, const char *explorer,
		  struct lf_err *err)
{
	uint16_t port;
	lf_auto_fd server = listen_here(&port, err);

	if (server < 0)
		return false;
	lf_info(ctx, "Prefixing node links with registry-explorer: %s", explorer);
	lf_info(ctx, "127.0.0.1:%u", port);
	open_browser(ctx, port);
	while (lf_check_cancel(ctx, err)) {
		struct pollfd p = {.fd = server, .events = POLLIN};

		if (poll(&p, 1, POLL_MS) <= 0)
			continue;
		lf_auto_fd fd = accept4(server, NULL, NULL, SOCK_CLOEXEC);

		if (fd >= 0)
			answer(ctx, fd, graph);
	}
	return false;
}

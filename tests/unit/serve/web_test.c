/* The doors as a running daemon has them: the operator is heard whatever the others do. */
#include "unit.h"

#include "http/http.h"
#include "serve/web.h"

#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { LOOPS = 2 };

static sem_t blocked;
static sem_t go_on;

/* The worst that callers over TCP could do to a loop. */
static err run_block(struct http_request *rq)
{
    (void)sem_post(&blocked);
    while (sem_wait(&go_on) != 0) {
    }
    wr_text(http_json(rq, 200), "\"went on\"");
    return DONE;
}

static err run_get(struct http_request *rq)
{
    wr_text(http_json(rq, 200), "\"here\"");
    return DONE;
}

static const struct http_route rows[] = {
    {HTTP_GET, "/block", HTTP_ANYBODY, "", run_block, ""},
    {HTTP_GET, "/here", HTTP_ANYBODY, "", run_get, ""},
};
static const struct http_routes routes = {rows, sizeof rows / sizeof *rows};

static int dial_tcp(const struct address *to)
{
    struct sockaddr_storage s;
    const socklen_t n = address_to_sockaddr(to, &s);
    const int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&s, n), 0);
    return fd;
}

static void say(int fd, const char *path)
{
    char words[100];
    const int n = snprintf(words, sizeof words,
                           "GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", path);
    assert_int_equal(send(fd, words, (size_t)n, MSG_NOSIGNAL), n);
}

static void hear(int fd, const char *part)
{
    char got[2000] = "";
    size_t n = 0;
    for (ssize_t r = 1; r > 0; n += (size_t)(r > 0 ? r : 0)) r = recv(fd, got + n, sizeof got - 1 - n, 0);
    assert_non_null(strstr(got, part));
    close(fd);
}

/* As many callers as it takes until every TCP loop is held up. */
static size_t block_all(const struct address *to, int *callers, size_t max)
{
    size_t n = 0;
    for (int held = 0; held < LOOPS;) {
        assert_true(n < max);
        callers[n] = dial_tcp(to);
        say(callers[n++], "/block");
        struct timespec until;
        (void)clock_gettime(CLOCK_REALTIME, &until);
        until.tv_nsec += 50 * 1000 * 1000;
        until.tv_sec += until.tv_nsec / 1000000000;
        until.tv_nsec %= 1000000000;
        held += sem_timedwait(&blocked, &until) == 0;
    }
    return n;
}

static void the_operator_is_answered_while_every_tcp_loop_is_held_up(void **state)
{
    struct config config;
    struct note note;
    struct web *web = NULL;
    struct address to;
    char folder[] = "/tmp/web-XXXXXX";
    char address[ADDRESS_TEXT_SIZE];
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    int callers[200];
    (void)state;
    assert_non_null(mkdtemp(folder));
    snprintf(at.sun_path, sizeof at.sun_path, "%s/sock", folder);
    config_init(&config);
    assert_ok(config_set(&config, "http", "127.0.0.1:0", &note));
    assert_ok(config_set(&config, "http-loops", "2", &note));
    const struct web_options o = {.config = &config, .routes = &routes, .socket_path = at.sun_path,
                                  .socket_uid = getuid(), .connections_max = 64, .address = address};
    assert_ok(web_open(&o, &web, &note));
    assert_ok(address_read(bytes_of_text(address), 0, &to));
    const size_t n = block_all(&to, callers, sizeof callers / sizeof *callers);
    const int operator_fd = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_int_equal(connect(operator_fd, (struct sockaddr *)&at, sizeof at), 0);
    say(operator_fd, "/here");
    hear(operator_fd, "here");
    for (size_t i = 0; i < n; i++) (void)sem_post(&go_on);
    for (size_t i = 0; i < n; i++) hear(callers[i], "went on");
    web_close(web);
    config_drop(&config);
    assert_int_equal(rmdir(folder), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_operator_is_answered_while_every_tcp_loop_is_held_up),
    };
    (void)sem_init(&blocked, 0, 0);
    (void)sem_init(&go_on, 0, 0);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

// check_target: what health checks ask. Listens on one port of every loopback address and says 200 to whoever sends a request.
//
//   check_target PORT http|tcp
//
// The low 16 bits of the address that was connected to tell the check. A probe is a request, or with tcp a connection.
// GET /figures on 127.0.0.1 answers one line of JSON and begins anew: probes, checks (how many different ones), late_p50,
// late_p99 and late_max: milliseconds by which the time since the check's last probe was longer than INTERVAL.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { checks = 1 << 16, slots = 60000, most_connections = 1 << 16 };
static const double interval = 10.0;

static double last[checks];
static unsigned late[slots];
static uint8_t seen[checks];
static unsigned long probes, different;
static uint16_t check_of[most_connections];
static uint8_t is_asking[most_connections];

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec / 1e9;
}

static void die(const char *what) {
  perror(what);
  exit(1);
}

static void count(uint16_t check) {
  double moment = now();
  probes++;
  if (!seen[check]) different++;
  seen[check] = 1;
  if (last[check] > 0) {
    double more = (moment - last[check] - interval) * 1e3;
    late[more < 0 ? 0 : more < slots ? (int)more : slots - 1]++;
  }
  last[check] = moment;
}

static int quantile(double share) {
  unsigned long total = 0, below = 0;
  for (int i = 0; i < slots; i++) total += late[i];
  for (int i = 0; i < slots; i++) {
    below += late[i];
    if (below && below >= share * total) return i;
  }
  return 0;
}

static int figures(char *text, size_t room) {
  char body[256];
  int length = snprintf(body, sizeof body,
      "{\"probes\": %lu, \"checks\": %lu, \"late_p50\": %d, \"late_p99\": %d, \"late_max\": %d}\n", probes, different,
      quantile(0.5), quantile(0.99), quantile(1));
  probes = different = 0;
  memset(seen, 0, sizeof seen);
  memset(late, 0, sizeof late);
  return snprintf(text, room, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s", length, body);
}

static int listener(int port) {
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), on = 1;
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = INADDR_ANY};
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof address) || listen(fd, 4096)) die("listen");
  return fd;
}

static void accept_all(int fd, int poll, int counts) {
  for (;;) {
    int connection = accept4(fd, NULL, NULL, SOCK_NONBLOCK);
    if (connection < 0) return;
    struct sockaddr_in own;
    socklen_t length = sizeof own;
    if (connection >= most_connections || getsockname(connection, (struct sockaddr *)&own, &length)) {
      close(connection);
      continue;
    }
    check_of[connection] = ntohl(own.sin_addr.s_addr) & 0xffff;
    is_asking[connection] = ntohl(own.sin_addr.s_addr) == INADDR_LOOPBACK;
    if (counts && !is_asking[connection]) count(check_of[connection]);
    struct epoll_event event = {.events = EPOLLIN, .data.fd = connection};
    epoll_ctl(poll, EPOLL_CTL_ADD, connection, &event);
  }
}

static void answer(int fd, int counts) {
  static const char ok[] = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 3\r\nConnection: close\r\n\r\nok\n";
  char text[4096];
  ssize_t length = recv(fd, text, sizeof text - 1, 0);
  if (length > 0) {
    text[length] = 0;
    // Requests of this size come in one piece.
    if (is_asking[fd] && strncmp(text, "GET /figures", 12) == 0) {
      length = figures(text, sizeof text);
      send(fd, text, length, MSG_NOSIGNAL);
    } else {
      if (counts) count(check_of[fd]);
      send(fd, ok, sizeof ok - 1, MSG_NOSIGNAL);
    }
  }
  close(fd);
}

int main(int argc, char **argv) {
  if (argc != 3) return fprintf(stderr, "usage: check_target PORT http|tcp\n"), 2;
  int is_tcp = strcmp(argv[2], "tcp") == 0, fd = listener(atoi(argv[1])), poll = epoll_create1(0);
  struct epoll_event event = {.events = EPOLLIN, .data.fd = fd}, events[256];
  epoll_ctl(poll, EPOLL_CTL_ADD, fd, &event);
  for (;;) {
    int ready = epoll_wait(poll, events, 256, -1);
    for (int i = 0; i < ready; i++) {
      if (events[i].data.fd == fd) accept_all(fd, poll, is_tcp);
      else answer(events[i].data.fd, !is_tcp);
    }
  }
}

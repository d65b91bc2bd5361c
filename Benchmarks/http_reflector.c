// http_reflector: the floor under every HTTP server. Answers each request with a body of a fixed size, and reads nothing of it.
//
//   http_reflector PORT SIZE
//
// One request is outstanding on a connection, and comes in one piece.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { max_size = 1 << 16, max_events = 256 };

static void die(const char *what) {
  perror(what);
  exit(1);
}

int main(int argc, char **argv) {
  size_t size = argc == 3 ? (size_t)atoi(argv[2]) : 0;
  if (!size || size > max_size) {
    fprintf(stderr, "usage: http_reflector PORT SIZE, a size of 1 to %d octets\n", max_size);
    return 2;
  }
  struct sockaddr_in address = {
      .sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(argv[1])), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  int listener = socket(AF_INET, SOCK_STREAM, 0), on = 1;
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (listener < 0 || bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 1024)) die("listen");

  static char answer[max_size + 256], buffer[1 << 16];
  int head = snprintf(
      answer, sizeof answer, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n", size);
  memset(answer + head, ' ', size);
  size_t length = (size_t)head + size;

  int poll = epoll_create1(0);
  struct epoll_event events[max_events], event = {.events = EPOLLIN, .data.fd = listener};
  if (epoll_ctl(poll, EPOLL_CTL_ADD, listener, &event)) die("epoll_ctl");
  for (;;) {
    int ready = epoll_wait(poll, events, max_events, -1);
    for (int e = 0; e < ready; e++) {
      int fd = events[e].data.fd;
      if (fd == listener) {
        int client = accept(listener, NULL, NULL);
        if (client < 0) continue;
        setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        event = (struct epoll_event){.events = EPOLLIN, .data.fd = client};
        epoll_ctl(poll, EPOLL_CTL_ADD, client, &event);
      } else if (recv(fd, buffer, sizeof buffer, 0) <= 0 || send(fd, answer, length, MSG_NOSIGNAL) != (ssize_t)length) {
        close(fd);
      }
    }
  }
}

// http_load: sends HTTP/1.1 requests over keep-alive connections, one outstanding on each, and counts the answers by status.
//
//   http_load ADDRESS PORT CONNECTIONS < REQUESTS
//
// REQUESTS: one "METHOD PATH BODY" a line; the body may be empty and may hold blanks. Prints one line of JSON: requests, ok
// (2xx), failed, seconds, rate (answers a second), p50 and p99 (milliseconds).
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { max_connections = 256, buffer_size = 1 << 16 };

struct connection {
  char buffer[buffer_size];
  size_t used;
  double sent;
  int busy;
};

static char **requests;
static double *latencies;
static size_t count, next_request;

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec / 1e9;
}

static void die(const char *what) {
  perror(what);
  exit(1);
}

static void read_requests(void) {
  char *line = NULL;
  size_t room = 0, capacity = 0;
  ssize_t length;
  while ((length = getline(&line, &room, stdin)) > 0) {
    if (line[length - 1] == '\n') line[--length] = 0;
    char *path = strchr(line, ' ');
    char *body = path ? strchr(path + 1, ' ') : NULL;
    if (!path) continue;
    *path++ = 0;
    if (body) *body++ = 0;
    if (count == capacity) {
      capacity = capacity ? capacity * 2 : 1024;
      requests = realloc(requests, capacity * sizeof *requests);
      if (!requests) die("realloc");
    }
    size_t body_length = body ? strlen(body) : 0;
    if (asprintf(&requests[count++], "%s %s HTTP/1.1\r\nHost: localhost\r\nContent-Length: %zu\r\n\r\n%s", line, path,
                 body_length, body ? body : "") < 0)
      die("asprintf");
  }
  free(line);
}

static int send_next(struct connection *connection, int fd) {
  if (next_request == count) return 0;
  const char *request = requests[next_request++];
  connection->sent = now();
  connection->used = 0;
  connection->busy = 1;
  size_t length = strlen(request);
  if (send(fd, request, length, MSG_NOSIGNAL) != (ssize_t)length) die("send");
  return 1;
}

// The status of a complete response in the buffer; 0 while it is incomplete.
static int complete_status(struct connection *connection) {
  connection->buffer[connection->used] = 0;
  char *head_end = strstr(connection->buffer, "\r\n\r\n");
  if (!head_end) return 0;
  char *field = strcasestr(connection->buffer, "\r\ncontent-length:");
  size_t body = field && field < head_end ? strtoul(field + 17, NULL, 10) : 0;
  if (connection->used < (size_t)(head_end + 4 - connection->buffer) + body) return 0;
  return atoi(connection->buffer + 9);
}

static int ascending(const void *left, const void *right) {
  double a = *(const double *)left, b = *(const double *)right;
  return (a > b) - (a < b);
}

int main(int argc, char **argv) {
  if (argc != 4) {
    fprintf(stderr, "usage: http_load ADDRESS PORT CONNECTIONS < REQUESTS\n");
    return 2;
  }
  int connections = atoi(argv[3]);
  if (connections < 1 || connections > max_connections) return 2;
  struct sockaddr_in server = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(argv[2]))};
  if (inet_pton(AF_INET, argv[1], &server.sin_addr) != 1) die("address");
  read_requests();
  latencies = calloc(count + 1, sizeof *latencies);
  static struct connection state[max_connections];
  struct pollfd polls[max_connections];
  for (int c = 0; c < connections; c++) {
    int fd = socket(AF_INET, SOCK_STREAM, 0), on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (fd < 0 || connect(fd, (struct sockaddr *)&server, sizeof server)) die("connect");
    polls[c] = (struct pollfd){fd, POLLIN, 0};
  }

  size_t done = 0, ok = 0;
  double start = now();
  for (int c = 0; c < connections; c++) send_next(&state[c], polls[c].fd);
  while (done < count) {
    if (poll(polls, (nfds_t)connections, 10000) <= 0) {
      fprintf(stderr, "http_load: no answer for 10 seconds\n");
      return 1;
    }
    for (int c = 0; c < connections; c++) {
      if (!(polls[c].revents & (POLLIN | POLLHUP | POLLERR))) continue;
      struct connection *connection = &state[c];
      ssize_t got = recv(polls[c].fd, connection->buffer + connection->used, buffer_size - 1 - connection->used, 0);
      if (got <= 0) die("recv");
      connection->used += (size_t)got;
      int status = connection->busy ? complete_status(connection) : 0;
      if (!status) continue;
      connection->busy = 0;
      latencies[done++] = now() - connection->sent;
      if (status / 100 == 2) ok++;
      send_next(connection, polls[c].fd);
    }
  }
  double took = now() - start;
  qsort(latencies, done, sizeof *latencies, ascending);
  printf("{\"requests\": %zu, \"ok\": %zu, \"failed\": %zu, \"seconds\": %.3f, \"rate\": %.0f, \"p50\": %.3f, \"p99\": %.3f}\n",
         done, ok, done - ok, took, done / took, latencies[done / 2] * 1e3, latencies[done * 99 / 100] * 1e3);
  return 0;
}

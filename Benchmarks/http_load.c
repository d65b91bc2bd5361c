// http_load: sends HTTP/1.1 requests over keep-alive connections, one outstanding on each, and counts the answers by status.
//
//   http_load ADDRESS PORT CONNECTIONS [SECONDS [random]] < REQUESTS
//
// REQUESTS: one "METHOD PATH BODY" a line; the body may be empty and may hold blanks. Each is sent once, in order, until all
// are answered or the seconds are over; "random" draws them again and again. Prints one line of JSON: requests, ok (2xx),
// failed, octets (mean size of a body), seconds, rate (answers a second), p50 and p99 (milliseconds).
#define _GNU_SOURCE
#include "http_answer.h"
#include <sys/epoll.h>

enum { max_connections = 1024, buffer_size = 1 << 16 };

// Delays, a place for each 10 us.
enum { delay_places = 1 << 17, delay_step_us = 10 };

struct request {
  char *octets;
  size_t length;
};

struct connection {
  int fd;
  double sent;
  struct answer answer;
};

static struct request *requests;
static size_t count, next_request;
static int at_random;
static uint64_t random_state = 0x9e3779b97f4a7c15;

static uint64_t next_random(void) {
  random_state ^= random_state << 13;
  random_state ^= random_state >> 7;
  random_state ^= random_state << 17;
  return random_state;
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
    char fields[64] = "";
    if (strcmp(line, "GET")) snprintf(fields, sizeof fields, "Content-Length: %zu\r\n", body ? strlen(body) : 0);
    int size = asprintf(
        &requests[count].octets, "%s %s HTTP/1.1\r\nHost: localhost\r\n%s\r\n%s", line, path, fields, body ? body : "");
    if (size < 0) die("asprintf");
    requests[count++].length = (size_t)size;
  }
  free(line);
  if (!count) {
    fprintf(stderr, "http_load: no requests on standard input\n");
    exit(2);
  }
}

// Sends the next request. Returns whether there was one.
static int send_next(struct connection *connection, double time) {
  if (!at_random && next_request == count) return 0;
  const struct request *request = &requests[at_random ? next_random() % count : next_request++];
  connection->sent = time;
  expect_answer(&connection->answer);
  if (send(connection->fd, request->octets, request->length, MSG_NOSIGNAL) != (ssize_t)request->length) die("send");
  return 1;
}

static double percentile(const uint32_t *delays, uint64_t answers, double part) {
  uint64_t seen = 0;
  for (int place = 0; place < delay_places; place++) {
    seen += delays[place];
    if (seen && (double)seen >= part * (double)answers) return place * delay_step_us / 1e3;
  }
  return 0;
}

int main(int argc, char **argv) {
  at_random = argc == 6 && !strcmp(argv[5], "random");
  if (argc != 4 && argc != 5 && !at_random) {
    fprintf(stderr, "usage: http_load ADDRESS PORT CONNECTIONS [SECONDS [random]] < REQUESTS\n");
    return 2;
  }
  int connections = atoi(argv[3]);
  if (connections < 1 || connections > max_connections) {
    fprintf(stderr, "http_load: 1 to %d connections\n", max_connections);
    return 2;
  }
  double limit = argc > 4 ? atof(argv[4]) : 1e9;
  struct sockaddr_in server = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(argv[2]))};
  if (inet_pton(AF_INET, argv[1], &server.sin_addr) != 1) die("address");
  read_requests();
  static struct connection state[max_connections];
  int poll = epoll_create1(0);
  for (int c = 0; c < connections; c++) {
    state[c].fd = connect_to(&server);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = &state[c]};
    if (epoll_ctl(poll, EPOLL_CTL_ADD, state[c].fd, &event)) die("epoll_ctl");
  }

  static char buffer[buffer_size];
  static uint32_t delays[delay_places];
  static struct epoll_event events[max_connections];
  uint64_t done = 0, ok = 0, octets = 0;
  int busy = 0;
  double start = now(), time = start, end = start + limit;
  for (int c = 0; c < connections; c++) busy += send_next(&state[c], time);
  while (busy && time < end) {
    int ready = epoll_wait(poll, events, max_connections, 10000);
    if (ready <= 0) {
      fprintf(stderr, "http_load: no answer for 10 seconds\n");
      return 1;
    }
    for (int e = 0; e < ready; e++) {
      struct connection *connection = events[e].data.ptr;
      ssize_t got = recv(connection->fd, buffer, buffer_size, 0);
      if (got <= 0) {
        fprintf(stderr, "http_load: the server closed a connection\n");
        return 1;
      }
      if (!take(&connection->answer, buffer, (size_t)got)) continue;
      time = now();
      double place = (time - connection->sent) * 1e6 / delay_step_us;
      delays[place < delay_places ? (int)place : delay_places - 1]++;
      done++;
      octets += connection->answer.octets;
      if (connection->answer.status / 100 == 2) ok++;
      if (!send_next(connection, time)) busy--;
    }
  }
  double took = time - start;
  printf("{\"requests\": %lu, \"ok\": %lu, \"failed\": %lu, \"octets\": %.1f, ", done, ok, done - ok,
         done ? (double)octets / (double)done : 0.0);
  printf("\"seconds\": %.3f, \"rate\": %.0f, \"p50\": %.3f, \"p99\": %.3f}\n", took, (double)done / took,
         percentile(delays, done, 0.5), percentile(delays, done, 0.99));
  return 0;
}

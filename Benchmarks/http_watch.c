// http_watch: holds blocking queries on one service, changes it, and takes the time until the last of them has its answer.
//
//   http_watch ADDRESS PORT WATCHERS GET_PATH PUT_PATH < CHANGES
//
// CHANGES: one "MARK BODY" a line. The body is sent to PUT_PATH when all watchers wait; an answer counts when it is whole and
// holds the mark. Prints one line of JSON: for each change the milliseconds until the first and the last watcher had its
// answer and until the change was answered, and how many answers came without the mark.
#define _GNU_SOURCE
#include "http_answer.h"
#include <stddef.h>
#include <sys/epoll.h>

enum { max_watchers = 20000, body_room = 1 << 14, max_changes = 1000, settle_ms = 200 };

struct watcher {
  int fd;
  int answered;
  struct answer answer;
};

static struct watcher *watchers;
static int watcher_count, poll_fd;
static struct watcher writer;
static const char *get_path;
static char buffer[1 << 16];
static struct epoll_event events[1024];

static void send_text(int fd, const char *text, size_t length) {
  if (send(fd, text, length, MSG_NOSIGNAL) != (ssize_t)length) die("send");
}

// Asks for the service; with an index, for what comes after it.
static void ask(struct watcher *watcher, uint64_t index) {
  char request[1024], after[64] = "";
  if (index) snprintf(after, sizeof after, "?index=%lu&wait=300s", index);
  int length = snprintf(request, sizeof request, "GET %s%s HTTP/1.1\r\nHost: localhost\r\n\r\n", get_path, after);
  expect_answer(&watcher->answer);
  send_text(watcher->fd, request, (size_t)length);
}

static void join(struct watcher *watcher, const struct sockaddr_in *server) {
  watcher->fd = connect_to(server);
  watcher->answer.body = malloc(body_room);
  watcher->answer.body_room = body_room;
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = watcher};
  if (!watcher->answer.body || epoll_ctl(poll_fd, EPOLL_CTL_ADD, watcher->fd, &event)) die("epoll_ctl");
}

// The next watchers with a whole answer: called again and again. Returns how many, -1 after a silence.
static int receive(struct watcher **found, int silence_ms) {
  int ready = epoll_wait(poll_fd, events, 1024, silence_ms), whole = 0;
  if (ready < 0) die("epoll_wait");
  for (int e = 0; e < ready; e++) {
    struct watcher *watcher = events[e].data.ptr;
    ssize_t got = recv(watcher->fd, buffer, sizeof buffer, 0);
    if (got <= 0) {
      fprintf(stderr, "http_watch: the server closed a connection\n");
      exit(1);
    }
    if (!take(&watcher->answer, buffer, (size_t)got)) continue;
    if (watcher->answer.status != 200) {
      fprintf(stderr, "http_watch: answered %d\n", watcher->answer.status);
      exit(1);
    }
    found[whole++] = watcher;
  }
  return ready ? whole : -1;
}

static int holds(const struct answer *answer, const char *mark) {
  size_t kept = answer->octets < body_room ? answer->octets : body_room;
  return memmem(answer->body, kept, mark, strlen(mark)) != NULL;
}

// All watchers wait, and none has been answered for a while.
static void settle(struct watcher **found) {
  int whole;
  while ((whole = receive(found, settle_ms)) >= 0)
    for (int w = 0; w < whole; w++) ask(found[w], found[w]->answer.index);
}

struct times {
  double first, last, changed;
  size_t octets;
};

static struct times change(const char *put_path, const char *mark, const char *body, struct watcher **found, uint64_t *without) {
  static char request[1 << 14];
  int length = snprintf(request, sizeof request, "PUT %s HTTP/1.1\r\nHost: localhost\r\nContent-Length: %zu\r\n\r\n%s", put_path,
                        strlen(body), body);
  struct times times = {0};
  for (int w = 0; w < watcher_count; w++) watchers[w].answered = 0;
  expect_answer(&writer.answer);
  double start = now();
  send_text(writer.fd, request, (size_t)length);
  for (int left = watcher_count + 1; left;) {
    int whole = receive(found, 30000);
    if (whole < 0) {
      fprintf(stderr, "http_watch: %d watchers heard nothing for 30 seconds\n", left);
      exit(1);
    }
    double time = (now() - start) * 1e3;
    for (int w = 0; w < whole; w++) {
      struct watcher *watcher = found[w];
      if (watcher == &writer) {
        times.changed = time;
        left--;
      } else if (!holds(&watcher->answer, mark)) {
        ++*without;
        ask(watcher, watcher->answer.index);
      } else if (!watcher->answered) {
        watcher->answered = 1;
        if (!times.first) times.first = time;
        times.last = time;
        times.octets = watcher->answer.octets;
        left--;
      }
    }
  }
  // They ask again when all are served: who asks meanwhile would be in the way of those that wait.
  for (int w = 0; w < watcher_count; w++) ask(&watchers[w], watchers[w].answer.index);
  return times;
}

static void print(const char *name, const struct times *times, int changes, size_t offset) {
  printf("\"%s\": [", name);
  for (int c = 0; c < changes; c++) printf("%s%.3f", c ? ", " : "", *(const double *)((const char *)&times[c] + offset));
  printf("], ");
}

int main(int argc, char **argv) {
  if (argc != 6) {
    fprintf(stderr, "usage: http_watch ADDRESS PORT WATCHERS GET_PATH PUT_PATH < CHANGES\n");
    return 2;
  }
  watcher_count = atoi(argv[3]);
  if (watcher_count < 1 || watcher_count > max_watchers) {
    fprintf(stderr, "http_watch: 1 to %d watchers\n", max_watchers);
    return 2;
  }
  get_path = argv[4];
  struct sockaddr_in server = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(argv[2]))};
  if (inet_pton(AF_INET, argv[1], &server.sin_addr) != 1) die("address");
  poll_fd = epoll_create1(0);
  watchers = calloc((size_t)watcher_count, sizeof *watchers);
  struct watcher **found = calloc(1024, sizeof *found);
  if (poll_fd < 0 || !watchers || !found) die("memory");
  join(&writer, &server);
  for (int w = 0; w < watcher_count; w++) {
    join(&watchers[w], &server);
    ask(&watchers[w], 0);
  }

  static struct times times[max_changes];
  uint64_t without = 0;
  int changes = 0;
  char *line = NULL;
  size_t room = 0;
  ssize_t length;
  while (changes < max_changes && (length = getline(&line, &room, stdin)) > 0) {
    if (line[length - 1] == '\n') line[--length] = 0;
    char *body = strchr(line, ' ');
    if (!body) continue;
    *body++ = 0;
    settle(found);
    times[changes++] = change(argv[5], line, body, found, &without);
  }
  printf("{");
  print("first_ms", times, changes, offsetof(struct times, first));
  print("last_ms", times, changes, offsetof(struct times, last));
  print("changed_ms", times, changes, offsetof(struct times, changed));
  printf("\"octets\": %zu, \"without\": %lu}\n", changes ? times[changes - 1].octets : 0, without);
  return 0;
}

// Answers of HTTP/1.1, read as they come in: by length or in chunks, without a copy unless the body is asked for.
#pragma once
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { head_room = 2048 };

enum stage { stage_head, stage_body, stage_chunk_size, stage_chunk, stage_chunk_end, stage_trailer };

struct answer {
  enum stage stage;
  int status;
  uint64_t index;        // X-Consul-Index
  size_t left;           // octets of the body, or of the chunk
  size_t line;           // octets of the line that is being read
  size_t octets;         // of the body, so far
  char *body;            // where it is kept, if anywhere
  size_t body_room;
  size_t head_used;
  char head[head_room];
};

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void die(const char *what) {
  perror(what);
  exit(1);
}

static int connect_to(const struct sockaddr_in *server) {
  int fd = socket(AF_INET, SOCK_STREAM, 0), on = 1;
  if (fd < 0 || connect(fd, (const struct sockaddr *)server, sizeof *server)) die("connect");
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return fd;
}

static void expect_answer(struct answer *answer) {
  answer->stage = stage_head;
  answer->status = 0;
  answer->index = answer->left = answer->line = answer->octets = answer->head_used = 0;
}

static int field_is(const char *line, const char *name, size_t length) { return !strncasecmp(line, name, length); }

// The head is complete: what it says of the body.
static void read_head(struct answer *answer) {
  answer->head[answer->head_used] = 0;
  answer->status = atoi(answer->head + 9);
  answer->stage = stage_body;
  for (char *line = strchr(answer->head, '\n'); line && line[1] != '\r'; line = strchr(line, '\n')) {
    line++;
    if (field_is(line, "content-length:", 15)) answer->left = strtoul(line + 15, NULL, 10);
    else if (field_is(line, "x-consul-index:", 15)) answer->index = strtoull(line + 15, NULL, 10);
    else if (field_is(line, "transfer-encoding: chunked", 26)) answer->stage = stage_chunk_size;
  }
}

// Takes what belongs to the head. Its end may lie across two pieces.
static size_t take_head(struct answer *answer, const char *octets, size_t length) {
  size_t before = answer->head_used, room = head_room - 1 - before, taken = length < room ? length : room;
  memcpy(answer->head + before, octets, taken);
  size_t from = before > 3 ? before - 3 : 0;
  char *end = memmem(answer->head + from, before + taken - from, "\r\n\r\n", 4);
  if (!end && taken == room) {
    fprintf(stderr, "an answer's head is longer than %d octets\n", head_room - 1);
    exit(1);
  }
  answer->head_used = end ? (size_t)(end + 4 - answer->head) : before + taken;
  if (end) read_head(answer);
  return answer->head_used - before;
}

static size_t take_body(struct answer *answer, const char *octets, size_t length) {
  size_t taken = length < answer->left ? length : answer->left;
  if (answer->body && answer->octets < answer->body_room) {
    size_t room = answer->body_room - answer->octets;
    memcpy(answer->body + answer->octets, octets, taken < room ? taken : room);
  }
  answer->left -= taken;
  answer->octets += taken;
  return taken;
}

// One octet of what is around chunks. Returns whether it was the answer's last.
static int take_framing(struct answer *answer, char octet) {
  if (octet == '\r') return 0;
  if (octet != '\n') {
    answer->line++;
    if (answer->stage != stage_chunk_size) return 0;
    int digit = octet <= '9' ? octet - '0' : (octet | 32) - 'a' + 10;
    answer->left = answer->left * 16 + (size_t)digit;
    return 0;
  }
  int last = answer->stage == stage_trailer && !answer->line;
  if (answer->stage == stage_chunk_size) answer->stage = answer->left ? stage_chunk : stage_trailer;
  else if (answer->stage == stage_chunk_end) answer->stage = stage_chunk_size;
  answer->line = 0;
  return last;
}

// Takes what was received. Returns whether the answer is complete: nothing may follow, as one request is outstanding.
static int take(struct answer *answer, const char *octets, size_t length) {
  const char *end = octets + length;
  while (octets < end) {
    size_t rest = (size_t)(end - octets);
    switch (answer->stage) {
      case stage_head:
        octets += take_head(answer, octets, rest);
        if (answer->stage == stage_body && !answer->left) return 1;
        break;
      case stage_body:
        octets += take_body(answer, octets, rest);
        if (!answer->left) return 1;
        break;
      case stage_chunk:
        octets += take_body(answer, octets, rest);
        if (!answer->left) answer->stage = stage_chunk_end;
        break;
      default:
        if (take_framing(answer, *octets++)) return 1;
    }
  }
  return 0;
}

// dns_load: keeps a fixed number of DNS queries outstanding against one UDP server and counts the answers.
//
//   dns_load ADDRESS PORT SECONDS SOCKETS WINDOW [cookie] [rate N] < QUERIES
//
// QUERIES: one "NAME TYPE" a line; asked at random, with an EDNS(0) OPT of 1232 octets, which holds a client cookie if
// that is said. With a rate, so many queries a second are sent however fast answers come, as long as the window allows.
//
// Prints one line of JSON: answers, seconds, qps, octets (mean answer size), lost (no answer within 20 ms of silence), bad
// (not NOERROR, or empty), and the delays of half and of 99 % of the answers in microseconds.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { max_sockets = 64, max_window = 256, query_size = 300, answer_size = 4096, silence_ms = 20 };

struct query {
  uint16_t length;
  uint8_t octets[query_size];
};

// Delays, a place for each 2 us.
enum { delay_places = 1 << 16, delay_step_us = 2 };

static int with_cookie;
static struct query *queries;
static size_t query_count;
static uint64_t random_state = 0x9e3779b97f4a7c15;

static uint64_t next_random(void) {
  random_state ^= random_state << 13;
  random_state ^= random_state >> 7;
  random_state ^= random_state << 17;
  return random_state;
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec / 1e9;
}

static void die(const char *what) {
  perror(what);
  exit(1);
}

static uint16_t type_number(const char *type) {
  if (!strcmp(type, "A")) return 1;
  if (!strcmp(type, "AAAA")) return 28;
  if (!strcmp(type, "SRV")) return 33;
  fprintf(stderr, "dns_load: type %s is not A, AAAA or SRV\n", type);
  exit(2);
}

static void build(struct query *query, char *name, uint16_t type) {
  uint8_t *out = query->octets;
  memset(out, 0, 12);
  out[2] = 1;   // RD
  out[5] = 1;   // QDCOUNT
  out[11] = 1;  // ARCOUNT
  out += 12;
  for (char *label = strtok(name, "."); label; label = strtok(NULL, ".")) {
    size_t length = strlen(label);
    *out++ = (uint8_t)length;
    memcpy(out, label, length);
    out += length;
  }
  *out++ = 0;
  const uint8_t tail[] = {type >> 8, type & 255, 0, 1, 0, 0, 41, 1232 >> 8, 1232 & 255, 0, 0, 0, 0, 0, with_cookie ? 12 : 0};
  const uint8_t cookie[] = {0, 10, 0, 8, 1, 2, 3, 4, 5, 6, 7, 8};
  memcpy(out, tail, sizeof tail);
  out += sizeof tail;
  if (with_cookie) {
    memcpy(out, cookie, sizeof cookie);
    out += sizeof cookie;
  }
  query->length = (uint16_t)(out - query->octets);
}

static void read_queries(void) {
  char name[256], type[8];
  size_t room = 0;
  while (scanf("%255s %7s", name, type) == 2) {
    if (query_count == room) {
      room = room ? room * 2 : 1024;
      queries = realloc(queries, room * sizeof *queries);
      if (!queries) die("realloc");
    }
    build(&queries[query_count++], name, type_number(type));
  }
  if (!query_count) {
    fprintf(stderr, "dns_load: no queries on standard input\n");
    exit(2);
  }
}

static double percentile(const uint32_t *delays, uint64_t count, double part) {
  uint64_t seen = 0;
  for (int place = 0; place < delay_places; place++) {
    seen += delays[place];
    if (seen && (double)seen >= part * (double)count) return place * delay_step_us;
  }
  return 0;
}

int main(int argc, char **argv) {
  double rate = 0;
  for (int i = 6; i < argc; i++) {
    if (!strcmp(argv[i], "cookie")) with_cookie = 1;
    else if (!strcmp(argv[i], "rate") && i + 1 < argc) rate = atof(argv[++i]);
    else argc = 0;
  }
  if (argc < 6) {
    fprintf(stderr, "usage: dns_load ADDRESS PORT SECONDS SOCKETS WINDOW [cookie] [rate N] < QUERIES\n");
    return 2;
  }
  struct sockaddr_in server = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(argv[2]))};
  if (inet_pton(AF_INET, argv[1], &server.sin_addr) != 1) die("address");
  double seconds = atof(argv[3]);
  int sockets = atoi(argv[4]), window = atoi(argv[5]);
  if (sockets < 1 || sockets > max_sockets || window < 1 || window > max_window) {
    fprintf(stderr, "dns_load: 1 to %d sockets, a window of 1 to %d\n", max_sockets, max_window);
    return 2;
  }
  read_queries();

  static struct mmsghdr out[max_window], in[max_window];
  static struct iovec out_vectors[max_window], in_vectors[max_window];
  static uint8_t out_octets[max_window][query_size], in_octets[max_window][answer_size];
  for (int i = 0; i < max_window; i++) {
    out_vectors[i] = (struct iovec){out_octets[i], 0};
    out[i].msg_hdr = (struct msghdr){.msg_iov = &out_vectors[i], .msg_iovlen = 1};
    in_vectors[i] = (struct iovec){in_octets[i], answer_size};
    in[i].msg_hdr = (struct msghdr){.msg_iov = &in_vectors[i], .msg_iovlen = 1};
  }

  struct pollfd polls[max_sockets];
  int due[max_sockets], outstanding[max_sockets];
  double heard[max_sockets];
  for (int s = 0; s < sockets; s++) {
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    int size = 4 << 20;
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
    if (fd < 0 || connect(fd, (struct sockaddr *)&server, sizeof server)) die("connect");
    polls[s] = (struct pollfd){fd, POLLIN, 0};
    due[s] = window;
    outstanding[s] = 0;
    heard[s] = now();
  }

  static double sent_at[1 << 16];
  static uint32_t delays[delay_places];
  uint64_t answers = 0, octets = 0, lost = 0, bad = 0, asked = 0;
  uint16_t id = 0;
  double start = now(), end = start + seconds, time = start;
  while (time < end) {
    for (int s = 0; s < sockets; s++) {
      int batch = due[s];
      if (rate > 0) {
        double allowed = (time - start) * rate - (double)asked;
        if (batch > allowed) batch = allowed > 0 ? (int)allowed : 0;
      }
      if (!batch) continue;
      double at = now();
      for (int i = 0; i < batch; i++) {
        const struct query *query = &queries[next_random() % query_count];
        memcpy(out_octets[i], query->octets, query->length);
        out_octets[i][0] = ++id >> 8;
        out_octets[i][1] = id & 255;
        sent_at[id] = at;
        out_vectors[i].iov_len = query->length;
      }
      int sent = sendmmsg(polls[s].fd, out, (unsigned)batch, 0);
      if (sent > 0) {
        asked += (uint64_t)sent;
        outstanding[s] += sent;
        due[s] -= sent;
      } else if (errno != ECONNREFUSED && errno != EAGAIN) {
        die("sendmmsg");
      }
    }
    int ready = poll(polls, (nfds_t)sockets, rate > 0 ? 0 : silence_ms);
    time = now();
    if (ready < 0) die("poll");
    for (int s = 0; s < sockets; s++) {
      if (polls[s].revents & POLLIN) {
        int got = recvmmsg(polls[s].fd, in, (unsigned)window, MSG_DONTWAIT, NULL);
        for (int i = 0; i < got; i++) {
          octets += in[i].msg_len;
          double delay = (time - sent_at[in_octets[i][0] << 8 | in_octets[i][1]]) * 1e6 / delay_step_us;
          delays[delay < delay_places ? (delay > 0 ? (int)delay : 0) : delay_places - 1]++;
          if (in[i].msg_len < 12 || (in_octets[i][3] & 15) || !(in_octets[i][6] | in_octets[i][7])) bad++;
        }
        if (got > 0) {
          answers += (uint64_t)got;
          outstanding[s] = outstanding[s] > got ? outstanding[s] - got : 0;
          due[s] = window - outstanding[s];
          heard[s] = time;
        }
      } else if (time - heard[s] > silence_ms / 1e3) {
        lost += (uint64_t)outstanding[s];
        outstanding[s] = 0;
        due[s] = window;
        heard[s] = time;
      }
    }
  }
  double took = time - start;
  printf("{\"answers\": %lu, \"seconds\": %.4f, \"qps\": %.0f, \"octets\": %.1f, \"lost\": %lu, \"bad\": %lu, \"p50_us\": %.0f, \"p99_us\": %.0f}\n",
         answers, took, answers / took, answers ? (double)octets / answers : 0.0, lost, bad, percentile(delays, answers, 0.5),
         percentile(delays, answers, 0.99));
  return 0;
}

// reflector: the floor under every UDP server. Sends each datagram back, padded to a fixed size, and does nothing else.
//
//   reflector PORT SIZE
//
// Sets QR and ANCOUNT so that a load generator takes the datagram for an answer.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum { batch = 64, buffer_size = 4096 };

int main(int argc, char **argv) {
  if (argc != 3) {
    fprintf(stderr, "usage: reflector PORT SIZE\n");
    return 2;
  }
  size_t size = (size_t)atoi(argv[2]);
  if (size < 12 || size > buffer_size) {
    fprintf(stderr, "reflector: a size of 12 to %d octets\n", buffer_size);
    return 2;
  }
  struct sockaddr_in address = {
      .sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(argv[1])), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  int fd = socket(AF_INET, SOCK_DGRAM, 0);
  int receive_buffer = 4 << 20;
  setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
  if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof address)) {
    perror("reflector");
    return 1;
  }

  static uint8_t octets[batch][buffer_size];
  static struct sockaddr_in peers[batch];
  static struct iovec vectors[batch];
  static struct mmsghdr messages[batch];
  for (;;) {
    for (int i = 0; i < batch; i++) {
      vectors[i] = (struct iovec){octets[i], buffer_size};
      messages[i].msg_hdr = (struct msghdr){
          .msg_name = &peers[i], .msg_namelen = sizeof peers[i], .msg_iov = &vectors[i], .msg_iovlen = 1};
    }
    int got = recvmmsg(fd, messages, batch, MSG_WAITFORONE, NULL);
    if (got < 0) return 1;
    for (int i = 0; i < got; i++) {
      octets[i][2] |= 0x80;
      octets[i][7] = 1;
      vectors[i].iov_len = size;
    }
    for (int sent = 0; sent < got;) {
      int n = sendmmsg(fd, messages + sent, (unsigned)(got - sent), 0);
      sent += n > 0 ? n : 1;
    }
  }
}

#define _GNU_SOURCE
#include "CDatagram.h"

#include <endian.h>
#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

enum {
    header_length = 12,
    largest_batch = 1024, // UIO_MAXIOV: recvmmsg and sendmmsg take no more at once
    receive_buffer = 4 << 20, // room for about 10,000 queries that wait
};

// Room for one address report, of either family.
typedef union {
    char octets[CMSG_SPACE(sizeof(struct in6_pktinfo))];
    struct cmsghdr aligned;
} control;

typedef struct {
    size_t room;
    // Messages that the last system calls wrote to.
    unsigned used;
    struct mmsghdr *received;
    struct mmsghdr *replies;
    struct iovec *vectors;
    struct sockaddr_storage *peers;
    control *controls;
} batch_state;

cdatagram_batch *cdatagram_batch_create(unsigned capacity, size_t room) {
    if (capacity == 0 || capacity > largest_batch) return NULL;
    // A cache line more than a whole number of them, rounded up.
    const size_t stride = (room + 63) / 64 * 64 + 64;
    cdatagram_batch *batch = calloc(1, sizeof *batch);
    batch_state *state = calloc(1, sizeof *state);
    unsigned char *datagrams = aligned_alloc(64, stride * capacity);
    uint32_t *lengths = calloc(capacity, sizeof *lengths);
    cdatagram_source *sources = calloc(capacity, sizeof *sources);
    struct mmsghdr *headers = calloc(2 * (size_t)capacity, sizeof *headers);
    struct iovec *vectors = calloc(capacity, sizeof *vectors);
    struct sockaddr_storage *peers = calloc(capacity, sizeof *peers);
    control *controls = calloc(capacity, sizeof *controls);
    if (!batch || !state || !datagrams || !lengths || !sources || !headers || !vectors || !peers || !controls) {
        free(batch), free(state), free(datagrams), free(lengths), free(sources);
        free(headers), free(vectors), free(peers), free(controls);
        return NULL;
    }
    memset(datagrams, 0, stride * capacity);
    *state = (batch_state){room, capacity, headers, headers + capacity, vectors, peers, controls};
    *batch = (cdatagram_batch){capacity, stride, datagrams, lengths, sources, state};
    for (unsigned i = 0; i < capacity; i++) {
        vectors[i].iov_base = datagrams + stride * i;
        headers[i].msg_hdr.msg_name = &peers[i];
        headers[i].msg_hdr.msg_iov = &vectors[i];
        headers[i].msg_hdr.msg_iovlen = 1;
        headers[i].msg_hdr.msg_control = &controls[i];
    }
    return batch;
}

void cdatagram_batch_destroy(cdatagram_batch *batch) {
    batch_state *state = batch->state;
    free(state->received), free(state->vectors), free(state->peers), free(state->controls);
    free(state), free(batch->datagrams), free(batch->lengths), free(batch->sources), free(batch);
}

static cdatagram_source source_of(const struct sockaddr_storage *peer) {
    if (peer->ss_family == AF_INET) {
        const struct sockaddr_in *v4 = (const struct sockaddr_in *)peer;
        return (cdatagram_source){0, ntohl(v4->sin_addr.s_addr), 1};
    }
    const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)peer;
    uint64_t halves[2];
    memcpy(halves, &v6->sin6_addr, sizeof halves);
    return (cdatagram_source){be64toh(halves[0]), be64toh(halves[1]), 0};
}

int cdatagram_batch_receive(cdatagram_batch *batch, int socket) {
    batch_state *state = batch->state;
    for (unsigned i = 0; i < state->used; i++) {
        state->vectors[i].iov_len = state->room;
        state->received[i].msg_hdr.msg_namelen = sizeof state->peers[i];
        state->received[i].msg_hdr.msg_controllen = sizeof state->controls[i];
    }
    const int count = recvmmsg(socket, state->received, batch->capacity, MSG_WAITFORONE, NULL);
    state->used = count < 0 ? 0 : (unsigned)count;
    if (count < 0) return -errno;
    for (int i = 0; i < count; i++) {
        const struct mmsghdr *message = &state->received[i];
        batch->lengths[i] = message->msg_hdr.msg_flags & MSG_TRUNC ? header_length : message->msg_len;
        batch->sources[i] = source_of(&state->peers[i]);
    }
    return count;
}

// Turns "it came to this address, over this interface" into "send from this address, over any interface".
static void answer_from_there(struct msghdr *header) {
    for (struct cmsghdr *report = CMSG_FIRSTHDR(header); report; report = CMSG_NXTHDR(header, report)) {
        if (report->cmsg_level == IPPROTO_IP && report->cmsg_type == IP_PKTINFO) {
            struct in_pktinfo *info = (struct in_pktinfo *)CMSG_DATA(report);
            // The local address that the kernel matched; the one in the datagram may be a broadcast.
            info->ipi_ifindex = 0;
        } else if (report->cmsg_level == IPPROTO_IPV6 && report->cmsg_type == IPV6_PKTINFO) {
            struct in6_pktinfo *info = (struct in6_pktinfo *)CMSG_DATA(report);
            // Link-local addresses mean nothing without their interface.
            if (!IN6_IS_ADDR_LINKLOCAL(&info->ipi6_addr)) info->ipi6_ifindex = 0;
        }
    }
}

unsigned cdatagram_batch_send(cdatagram_batch *batch, int socket, unsigned count) {
    batch_state *state = batch->state;
    unsigned replies = 0;
    for (unsigned i = 0; i < count; i++) {
        if (batch->lengths[i] == 0) continue;
        state->vectors[i].iov_len = batch->lengths[i];
        state->replies[replies] = state->received[i];
        answer_from_there(&state->replies[replies].msg_hdr);
        replies++;
    }
    unsigned lost = 0;
    for (unsigned sent = 0; sent < replies;) {
        const int now = sendmmsg(socket, state->replies + sent, replies - sent, 0);
        if (now > 0) {
            sent += (unsigned)now;
        } else if (errno != EINTR) {
            // The first of them cannot be sent (no route, port 0 ...); the others may.
            sent++, lost++;
        }
    }
    return lost;
}

// What a return address holds.
typedef struct {
    uint32_t peer_length;
    uint32_t control_length;
    union {
        struct sockaddr_in6 longest;
        struct sockaddr any;
    } peer;
    control control;
} return_address;

_Static_assert(sizeof(return_address) <= sizeof(cdatagram_return_address), "a return address has room");
_Static_assert(_Alignof(return_address) <= _Alignof(cdatagram_return_address), "and is aligned");

void cdatagram_batch_return_address(
    const cdatagram_batch *batch, unsigned index, cdatagram_return_address *address) {
    const struct msghdr *header = &((const batch_state *)batch->state)->received[index].msg_hdr;
    return_address *kept = (return_address *)address;
    memset(address, 0, sizeof *address);
    kept->peer_length = header->msg_namelen < sizeof kept->peer ? header->msg_namelen : sizeof kept->peer;
    memcpy(&kept->peer, header->msg_name, kept->peer_length);
    kept->control_length = (uint32_t)header->msg_controllen;
    memcpy(&kept->control, header->msg_control, header->msg_controllen);
}

int cdatagram_reply(
    int socket, const cdatagram_return_address *address, const unsigned char *octets, size_t length) {
    return_address kept;
    memcpy(&kept, address, sizeof kept);
    struct iovec vector = {(void *)octets, length};
    struct msghdr header = {
        .msg_name = &kept.peer, .msg_namelen = kept.peer_length, .msg_iov = &vector, .msg_iovlen = 1,
        .msg_control = &kept.control, .msg_controllen = kept.control_length};
    answer_from_there(&header);
    while (sendmsg(socket, &header, MSG_DONTWAIT | MSG_NOSIGNAL) < 0) {
        if (errno != EINTR) return -errno;
    }
    return 0;
}

static int set(int socket, int level, int option, int value) {
    return setsockopt(socket, level, option, &value, sizeof value);
}

static int configure(int socket, int family, int wildcard, int shared) {
    if (shared && set(socket, SOL_SOCKET, SO_REUSEPORT, 1) < 0) return -1;
    // The IPv6 wildcard takes IPv4 too, as it does for TCP; only there the option means anything.
    if (family == AF_INET6 && set(socket, IPPROTO_IPV6, IPV6_V6ONLY, 0) < 0) return -1;
    if (wildcard && family == AF_INET && set(socket, IPPROTO_IP, IP_PKTINFO, 1) < 0) return -1;
    if (wildcard && family == AF_INET6 && set(socket, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1) < 0) return -1;
    // Best effort: more than the system's limit needs a privilege.
    if (set(socket, SOL_SOCKET, SO_RCVBUFFORCE, receive_buffer) < 0) set(socket, SOL_SOCKET, SO_RCVBUF, receive_buffer);
    // Replies fit any path; a forged "fragmentation needed" must not make us fragment them.
    if (family == AF_INET) set(socket, IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_OMIT);
    else set(socket, IPPROTO_IPV6, IPV6_MTU_DISCOVER, IPV6_PMTUDISC_OMIT);
    return 0;
}

int cdatagram_bind(const unsigned char *octets, size_t length, uint16_t *port, int shared) {
    struct sockaddr_storage storage = {0};
    struct sockaddr_in *v4 = (struct sockaddr_in *)&storage;
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&storage;
    const int family = length == sizeof v4->sin_addr ? AF_INET : AF_INET6;
    socklen_t size = family == AF_INET ? sizeof *v4 : sizeof *v6;
    storage.ss_family = (sa_family_t)family;
    if (family == AF_INET) {
        v4->sin_port = htons(*port);
        memcpy(&v4->sin_addr, octets, sizeof v4->sin_addr);
    } else if (length == sizeof v6->sin6_addr) {
        v6->sin6_port = htons(*port);
        memcpy(&v6->sin6_addr, octets, sizeof v6->sin6_addr);
    } else {
        return -EINVAL;
    }
    const int wildcard = family == AF_INET ? v4->sin_addr.s_addr == 0 : IN6_IS_ADDR_UNSPECIFIED(&v6->sin6_addr);

    const int descriptor = socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0) return -errno;
    if (configure(descriptor, family, wildcard, shared) < 0
        || bind(descriptor, (struct sockaddr *)&storage, size) < 0
        || getsockname(descriptor, (struct sockaddr *)&storage, &size) < 0) {
        const int error = errno;
        close(descriptor);
        return -error;
    }
    *port = ntohs(family == AF_INET ? v4->sin_port : v6->sin6_port);
    return descriptor;
}

void cdatagram_name_thread(const char *name) { pthread_setname_np(pthread_self(), name); }

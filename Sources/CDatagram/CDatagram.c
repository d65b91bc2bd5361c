#include "batch_state.h"

#include <endian.h>
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    header_length = 12,
    largest_batch = 1024, // UIO_MAXIOV: recvmmsg and sendmmsg take no more at once
    longest_backoff = 63,
    receive_buffer = 4 << 20, // room for about 10,000 queries that wait
};

static int allocate(cdatagram_batch *batch, batch_state *state, size_t n) {
    // More places than groups, so that the search for an empty one ends.
    state->bucket_count = 2;
    while (state->bucket_count < 2 * n) state->bucket_count *= 2;
    return (batch->datagrams = aligned_alloc(64, batch->stride * n))
        && (batch->lengths = calloc(n, sizeof *batch->lengths))
        && (batch->sources = calloc(n, sizeof *batch->sources))
        && (state->received = calloc(n, sizeof *state->received))
        && (state->replies = calloc(n, sizeof *state->replies))
        && (state->vectors = calloc(n, sizeof *state->vectors))
        && (state->peers = calloc(n, sizeof *state->peers))
        && (state->controls = calloc(n, sizeof *state->controls))
        && (state->groups = calloc(n, sizeof *state->groups))
        && (state->next = calloc(n, sizeof *state->next))
        && (state->buckets = calloc(state->bucket_count, sizeof *state->buckets))
        && (state->gathered = calloc(n, sizeof *state->gathered))
        && (state->segmented = calloc(n, sizeof *state->segmented));
}

cdatagram_batch *cdatagram_batch_create(unsigned capacity, size_t room) {
    if (capacity == 0 || capacity > largest_batch) return NULL;
    cdatagram_batch *batch = calloc(1, sizeof *batch);
    batch_state *state = calloc(1, sizeof *state);
    if (!batch || !state) {
        free(batch), free(state);
        return NULL;
    }
    batch->capacity = capacity;
    // A cache line more than a whole number of them, rounded up.
    batch->stride = (room + 63) / 64 * 64 + 64;
    batch->state = state;
    state->room = room;
    state->used = capacity;
    if (!allocate(batch, state, capacity)) {
        cdatagram_batch_destroy(batch);
        return NULL;
    }
    memset(batch->datagrams, 0, batch->stride * capacity);
    for (unsigned i = 0; i < capacity; i++) {
        struct msghdr *header = &state->received[i].msg_hdr;
        state->vectors[i].iov_base = batch->datagrams + batch->stride * i;
        header->msg_name = &state->peers[i];
        header->msg_iov = &state->vectors[i];
        header->msg_iovlen = 1;
        header->msg_control = &state->controls[i];
    }
    return batch;
}

void cdatagram_batch_destroy(cdatagram_batch *batch) {
    batch_state *state = batch->state;
    free(state->received), free(state->replies), free(state->vectors), free(state->peers), free(state->controls);
    free(state->groups), free(state->next), free(state->buckets), free(state->gathered), free(state->segmented);
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

// Looks for datagrams a few times before it waits for them.
//
// A look that finds nothing halves how often it is tried again, down to every 64th time: where queries are rare, it would
// only burn the processor.
static int receive(batch_state *state, unsigned capacity, int socket, unsigned spins) {
    if (spins > 0 && state->unspun++ >= state->backoff) {
        state->unspun = 0;
        for (unsigned i = 0; i < spins; i++) {
            const int count = recvmmsg(socket, state->received, capacity, MSG_DONTWAIT, NULL);
            if (count >= 0 || (errno != EAGAIN && errno != EWOULDBLOCK)) {
                state->backoff = 0;
                return count;
            }
        }
        state->backoff = state->backoff < 32 ? 2 * state->backoff + 1 : longest_backoff;
    }
    return recvmmsg(socket, state->received, capacity, MSG_WAITFORONE, NULL);
}

int cdatagram_batch_receive(cdatagram_batch *batch, int socket, unsigned spins) {
    batch_state *state = batch->state;
    for (unsigned i = 0; i < state->used; i++) {
        state->vectors[i].iov_len = state->room;
        state->received[i].msg_hdr.msg_namelen = sizeof state->peers[i];
        state->received[i].msg_hdr.msg_controllen = sizeof state->controls[i];
    }
    const int count = receive(state, batch->capacity, socket, spins);
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

unsigned cdatagram_send_each(struct mmsghdr *replies, unsigned count, int socket) {
    unsigned lost = 0;
    for (unsigned sent = 0; sent < count;) {
        const int now = sendmmsg(socket, replies + sent, count - sent, 0);
        if (now > 0) {
            sent += (unsigned)now;
        } else if (errno != EINTR) {
            // The first of them cannot be sent (no route, port 0 ...); the others may.
            sent++, lost++;
        }
    }
    return lost;
}

unsigned cdatagram_batch_send(cdatagram_batch *batch, int socket, unsigned count, int segmented) {
    batch_state *state = batch->state;
    unsigned replies = 0;
    for (unsigned i = 0; i < count; i++) {
        if (batch->lengths[i] == 0) continue;
        state->vectors[i].iov_len = batch->lengths[i];
        state->replies[replies] = state->received[i];
        answer_from_there(&state->replies[replies].msg_hdr);
        replies++;
    }
    if (segmented && replies > 1) return cdatagram_send_segmented(state, replies, socket);
    return cdatagram_send_each(state->replies, replies, socket);
}

// What a return address holds.
typedef struct {
    uint32_t peer_length;
    uint32_t control_length;
    union {
        struct sockaddr_in6 longest;
        struct sockaddr any;
    } peer;
    address_report control;
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

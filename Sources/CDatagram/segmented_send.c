#include "batch_state.h"

#include <errno.h>
#include <netinet/udp.h>
#include <string.h>

enum {
    largest_group = 64,     // UDP_MAX_SEGMENTS of older kernels
    largest_message = 65000, // less than 65,535 with every header
};

// FNV-1a over what makes replies go together.
static unsigned hash(const struct msghdr *header) {
    const unsigned char *octets = header->msg_name;
    // Family, port and address; the rest of an IPv4 address is zeros.
    const unsigned length = header->msg_namelen < 24 ? header->msg_namelen : 24;
    unsigned value = 2166136261u ^ (unsigned)header->msg_iov->iov_len;
    for (unsigned i = 2; i < length; i++) value = (value ^ octets[i]) * 16777619u;
    return value ^ value >> 15;
}

static int go_together(const struct msghdr *left, const struct msghdr *right) {
    return left->msg_iov->iov_len == right->msg_iov->iov_len && left->msg_namelen == right->msg_namelen
        && left->msg_controllen == right->msg_controllen
        && memcmp(left->msg_name, right->msg_name, left->msg_namelen) == 0
        && memcmp(left->msg_control, right->msg_control, left->msg_controllen) == 0;
}

// Puts each reply into a group; returns how many groups there are.
static unsigned group(batch_state *state, unsigned count) {
    const unsigned mask = state->bucket_count - 1;
    unsigned groups = 0;
    memset(state->buckets, 0, state->bucket_count * sizeof *state->buckets);
    for (unsigned i = 0; i < count; i++) {
        const struct msghdr *header = &state->replies[i].msg_hdr;
        const uint32_t length = (uint32_t)header->msg_iov->iov_len;
        state->next[i] = (uint16_t)i;
        // There are more buckets than replies, so one is empty. A bucket has the group's number and one.
        unsigned bucket = hash(header) & mask;
        while (state->buckets[bucket]
               && !go_together(header, &state->replies[state->groups[state->buckets[bucket] - 1].first].msg_hdr))
            bucket = (bucket + 1) & mask;
        segment_group *known = state->buckets[bucket] ? &state->groups[state->buckets[bucket] - 1] : NULL;
        if (known && known->count < largest_group && known->octets + length <= largest_message) {
            state->next[known->last] = (uint16_t)i;
            known->last = (uint16_t)i;
            known->count++;
            known->octets += length;
        } else {
            state->groups[groups++] = (segment_group){(uint16_t)i, (uint16_t)i, 1, length};
            state->buckets[bucket] = (uint16_t)groups;
        }
    }
    return groups;
}

// Makes one message of a group whose first reply has `header`.
static void gather(const batch_state *state, const segment_group *group, struct iovec *vectors,
                   segmented_control *control, struct msghdr *header) {
    for (uint16_t i = group->first, n = 0; n < group->count; i = state->next[i], n++)
        vectors[n] = *state->replies[i].msg_hdr.msg_iov;
    const uint16_t length = (uint16_t)vectors[0].iov_len;
    memset(control, 0, sizeof *control);
    memcpy(control, header->msg_control, header->msg_controllen);
    struct cmsghdr *segment = (struct cmsghdr *)(control->octets + CMSG_ALIGN(header->msg_controllen));
    segment->cmsg_level = IPPROTO_UDP;
    segment->cmsg_type = UDP_SEGMENT;
    segment->cmsg_len = CMSG_LEN(sizeof length);
    memcpy(CMSG_DATA(segment), &length, sizeof length);
    header->msg_control = control;
    header->msg_controllen = CMSG_ALIGN(header->msg_controllen) + CMSG_SPACE(sizeof length);
    header->msg_iov = vectors;
    header->msg_iovlen = group->count;
}

unsigned cdatagram_send_segmented(batch_state *state, unsigned count, int socket) {
    const unsigned groups = group(state, count);
    if (groups == count) return cdatagram_send_each(state->replies, count, socket);
    unsigned lost = 0, gathered = 0;
    for (unsigned g = 0; g < groups; g++) {
        const segment_group *group = &state->groups[g];
        struct msghdr header = state->replies[group->first].msg_hdr;
        if (group->count > 1) {
            gather(state, group, state->gathered + gathered, &state->segmented[g], &header);
            gathered += group->count;
        }
        while (sendmsg(socket, &header, 0) < 0) {
            if (errno == EINTR) continue;
            // A path or a device that takes no segments may take the replies one by one.
            for (uint16_t i = group->first, n = 0; n < group->count; i = state->next[i], n++)
                lost += cdatagram_send_each(&state->replies[i], 1, socket);
            break;
        }
    }
    return lost;
}

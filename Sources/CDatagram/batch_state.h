// What the files of this target know about a batch, and Swift does not.
#pragma once

#define _GNU_SOURCE
#include "CDatagram.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/uio.h>

// Room for one address report, of either family.
typedef union {
    char octets[CMSG_SPACE(sizeof(struct in6_pktinfo))];
    struct cmsghdr aligned;
} address_report;

// The same and the length of segments.
typedef union {
    char octets[CMSG_SPACE(sizeof(struct in6_pktinfo)) + CMSG_SPACE(sizeof(uint16_t))];
    struct cmsghdr aligned;
} segmented_control;

// Replies that go out as one message.
typedef struct {
    uint16_t first, last, count;
    uint32_t octets;
} segment_group;

typedef struct {
    size_t room;
    // Messages that the last system calls wrote to.
    unsigned used;
    struct mmsghdr *received;
    struct mmsghdr *replies;
    struct iovec *vectors;
    struct sockaddr_storage *peers;
    address_report *controls;

    // How many receptions are to go by without a look ahead, and how many went by last time.
    unsigned unspun, backoff;

    // For segmented sending; `next` of a datagram: the one after it in its group, itself for the last.
    segment_group *groups;
    uint16_t *next;
    // Places of groups by peer and length; a power of two of them.
    uint16_t *buckets;
    unsigned bucket_count;
    struct iovec *gathered;
    segmented_control *segmented;
} batch_state;

// Sends replies[0..<count]; returns how many could not be sent.
unsigned cdatagram_send_each(struct mmsghdr *replies, unsigned count, int socket);

// Sends replies[0..<count], those of one length to one peer together; returns how many could not be sent.
unsigned cdatagram_send_segmented(batch_state *state, unsigned count, int socket);

// Batches of datagrams: received together, answered where they lie, sent together.
//
// In C because recvmmsg, sendmmsg and the CMSG macros cannot be reached from Swift, and because a prefetch is one
// instruction only if it is inlined.
#pragma once

#include <stddef.h>
#include <stdint.h>

/// Asks the processor to load the cache line at `address`. Never faults.
static inline void cdatagram_prefetch(const void *_Nullable address) { __builtin_prefetch(address); }

/// The address that a datagram came from, in host order; an IPv4 address is the lower half of `low`.
typedef struct {
    uint64_t high, low;
    uint32_t is_v4;
} cdatagram_source;

/// Room for `capacity` datagrams and all that the system calls want to know about them.
typedef struct cdatagram_batch {
    unsigned capacity;
    /// Octets from one datagram to the next; not a multiple of a page, so that they spread over the cache.
    size_t stride;
    unsigned char *_Nonnull datagrams;
    /// Of each datagram. Set by receive; set by the caller to the reply's length, 0 for no reply, before send.
    uint32_t *_Nonnull lengths;
    /// Of each datagram. Set by receive.
    cdatagram_source *_Nonnull sources;
    /// Message headers, addresses and control data, for the functions below.
    void *_Nonnull state;
} cdatagram_batch;

/// Returns NULL without memory, and for a capacity of 0 or more than 1024.
cdatagram_batch *_Nullable cdatagram_batch_create(unsigned capacity, size_t room);
void cdatagram_batch_destroy(cdatagram_batch *_Nonnull batch);

/// Waits for one datagram at least and takes what else has come.
///
/// `spins`: how often to look for one before the thread is put to sleep, which costs more than a short wait. The batch
/// looks less often by itself while that does not pay.
///
/// A datagram longer than the room for it keeps its first 12 octets only: a header without the rest it announces.
///
/// Returns how many, or -errno.
int cdatagram_batch_receive(cdatagram_batch *_Nonnull batch, int socket, unsigned spins);

/// Sends the replies of the first `count` datagrams to where those came from, and from the address they came to.
///
/// `segmented`: hands replies of one length to one peer to the kernel as one message that it cuts (UDP_SEGMENT).
///
/// Returns how many could not be sent.
unsigned cdatagram_batch_send(cdatagram_batch *_Nonnull batch, int socket, unsigned count, int segmented);

/// Where a datagram came from, and the address it came to: what a reply that is sent later needs. Opaque.
typedef struct cdatagram_return_address {
    uint64_t words[12];
} cdatagram_return_address;

/// Keeps where the reply to a datagram that was received last must go, and from where.
void cdatagram_batch_return_address(
    const cdatagram_batch *_Nonnull batch, unsigned index, cdatagram_return_address *_Nonnull address);

/// Sends one reply. Never waits.
///
/// Returns 0, or -errno.
int cdatagram_reply(
    int socket, const cdatagram_return_address *_Nonnull address, const unsigned char *_Nonnull octets, size_t length);

/// Opens a bound UDP socket. `address` is 4 or 16 octets in network order; `*port` is the port in host order, 0 for
/// any, and becomes the one bound.
///
/// On a wildcard address the socket reports where each datagram was sent to, and replies go out from there. An IPv6
/// socket takes no IPv4 datagrams. `shared`: other shared sockets of this user may have the same port.
///
/// Returns the descriptor, or -errno.
int cdatagram_bind(const unsigned char *_Nonnull address, size_t length, uint16_t *_Nonnull port, int shared);

/// Names the calling thread, as shown by top -H; at most 15 characters.
void cdatagram_name_thread(const char *_Nonnull name);

#include <zlib.h>

// zlib's own are macros, which Swift does not see. 31: the largest window, with gzip's header and trailer (RFC 1952).

static inline int gzip_deflate_init(z_stream *stream) {
    return deflateInit2(stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY);
}

static inline int gzip_inflate_init(z_stream *stream) {
    return inflateInit2(stream, 31);
}

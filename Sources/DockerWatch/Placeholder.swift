import AsyncHTTPClient

struct P {}

import Hummingbird

struct P {}

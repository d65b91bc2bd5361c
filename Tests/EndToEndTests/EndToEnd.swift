import Testing

/// The built program among real dockerd, nginx, dig and curl.
///
/// One test at a time: they measure times, fill disks and start engines, and would disturb each other.
@Suite(.serialized, .timeLimit(.minutes(5))) enum EndToEnd {}

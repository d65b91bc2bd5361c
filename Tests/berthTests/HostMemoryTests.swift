import Testing

@testable import berth

@Suite struct `The memory of the host` {
    @Test(arguments: [
        ("0::/\n", ["/sys/fs/cgroup/memory.max"]),
        (
            "12:pids:/a\n0::/system.slice/berth.service\n",
            [
                "/sys/fs/cgroup/system.slice/berth.service/memory.max", "/sys/fs/cgroup/system.slice/memory.max",
                "/sys/fs/cgroup/memory.max",
            ]
        ),
        ("4:memory:/a\n", []), ("", []),
    ]) func `is limited by the control group and those above it`(_ groups: String, _ files: [String]) {
        #expect(HostMemory.limitFiles(groups) == files)
    }

    @Test(arguments: [("max\n", nil), ("1073741824\n", 1 << 30), ("", nil)])
    func `a group may have no limit`(_ text: String, _ limit: Int?) {
        #expect(HostMemory.limit(text) == limit)
    }

    @Test func `is some`() { #expect(HostMemory.size > 64 << 20) }
}

import Foundation
import Testing

extension EndToEnd {
    /// python-consul as Debian packages it, unchanged, against the program.
    @Suite struct `A client library of Consul's` {
        @Test func `keeps keys`() async throws {
            try await run(
                """
                index, data = c.kv.get('foo')
                assert data is None
                assert c.kv.put('foo', 'bar') and c.kv.put('bin', b'\\x00\\xff', flags=3)
                index, data = c.kv.get('foo')
                assert data['Value'] == b'bar' and data['Flags'] == 0 and data['LockIndex'] == 0, data
                index, data = c.kv.get('bin')
                assert data['Value'] == b'\\x00\\xff' and data['Flags'] == 3
                assert c.kv.put('foo', 'x', cas=0) is False
                assert c.kv.put('foo', 'x', cas=data['ModifyIndex']) is False
                index, data = c.kv.get('foo')
                assert c.kv.put('foo', 'baz', cas=data['ModifyIndex']) is True
                for key in ('dir/a', 'dir/b/c', 'dir/b/d', 'directory'):
                    c.kv.put(key, key)
                index, data = c.kv.get('dir/', recurse=True)
                assert [d['Key'] for d in data] == ['dir/a', 'dir/b/c', 'dir/b/d'], data
                assert c.kv.get('dir/', keys=True, separator='/')[1] == ['dir/a', 'dir/b/']
                assert c.kv.get('none', recurse=True)[1] is None and c.kv.get('none', keys=True)[1] is None
                assert c.kv.delete('dir/', recurse=True) and c.kv.get('dir', recurse=True)[1][0]['Key'] == 'directory'
                assert c.kv.delete('foo', cas=1) is False and c.kv.delete('foo') and c.kv.get('foo')[1] is None
                """)
        }

        @Test func `waits for keys`() async throws {
            try await run(
                """
                c.kv.put('k', '1')
                index, data = c.kv.get('k')
                later(lambda c: c.kv.put('other', 'x'), lambda c: c.kv.put('k', '2'))
                woken, data = c.kv.get('k', index=index, wait='20s')
                assert data['Value'] == b'2' and int(woken) > int(index)
                index, data = c.kv.get('missing')
                later(lambda c: c.kv.put('missing', 'now'))
                woken, data = c.kv.get('missing', index=index, wait='20s')
                assert data['Value'] == b'now'
                index, data = c.kv.get('dir/', recurse=True)
                later(lambda c: c.kv.put('dir/x', 'now'))
                woken, data = c.kv.get('dir/', index=index, recurse=True, wait='20s')
                assert data[0]['Key'] == 'dir/x'
                later(lambda c: c.kv.delete('dir/', recurse=True))
                assert c.kv.get('dir/', index=woken, recurse=True, wait='20s')[1] is None
                """)
        }

        @Test func `locks keys with sessions`() async throws {
            try await run(
                """
                a = c.session.create(name='a', ttl=10, lock_delay=1, behavior='release')
                b = c.session.create(name='b', lock_delay=0, behavior='delete')
                assert [s['ID'] for s in c.session.list()[1]] == sorted([a, b])
                assert c.session.info(a)[1]['Name'] == 'a' and c.session.info(a)[1]['TTL'] == '10s'
                assert len(c.session.node('server01')[1]) == 2
                assert c.kv.put('lock', '1', acquire=a) and not c.kv.put('lock', '2', acquire=b)
                assert c.kv.get('lock')[1]['Session'] == a and c.kv.get('lock')[1]['LockIndex'] == 1
                assert c.session.renew(a)['ID'] == a
                assert c.kv.put('lock', '3', release=a) and 'Session' not in c.kv.get('lock')[1]
                assert c.kv.put('lock', '4', acquire=a)
                assert c.session.destroy(a) and c.session.info(a)[1] is None
                assert c.kv.get('lock')[1]['Value'] == b'4' and not c.kv.put('lock', '5', acquire=b)
                eventually(lambda: c.kv.put('lock', '6', acquire=b))
                assert c.session.destroy(b) and c.kv.get('lock')[1] is None
                try:
                    c.session.renew(a); assert False
                except consul.NotFound:
                    pass
                """)
        }

        @Test func `does several things at once or none`() async throws {
            try await run(
                """
                import base64, json
                def txn(*operations):
                    return c.http.put(lambda r: (r.code, json.loads(r.body)), '/v1/txn', data=json.dumps(operations))
                def kv(verb, key, value='', **more):
                    more.update(Verb=verb, Key=key, Value=base64.b64encode(value.encode()).decode())
                    return {'KV': more}
                code, answer = txn(kv('check-not-exists', 'a'), kv('set', 'a', '1'), kv('set', 'b', '2'), kv('get', 'a'))
                assert code == 200 and answer['Results'][-1]['KV']['Value'] == 'MQ==', answer
                code, answer = txn(kv('set', 'c', '3'), kv('check-not-exists', 'a'))
                assert code == 409 and answer['Errors'] == [{'OpIndex': 1, 'What': 'key "a" exists'}], answer
                assert c.kv.get('', keys=True)[1] == ['a', 'b']
                s = c.session.create()
                index = c.kv.get('a')[1]['ModifyIndex']
                code, answer = txn(kv('cas', 'a', '4', Index=index), kv('lock', 'leader', 'me', Session=s))
                assert code == 200 and c.kv.get('leader')[1]['Session'] == s and c.kv.get('a')[1]['Value'] == b'4'
                """)
        }

        @Test func `tells events`() async throws {
            try await run(
                """
                assert c.event.list()[1] == []
                assert c.event.fire('deploy', 'payload')['Name'] == 'deploy'
                index, events = c.event.list()
                assert [e['Name'] for e in events] == ['deploy'] and events[0]['Payload'], events
                later(lambda c: c.event.fire('other'))
                index, events = c.event.list(index=index, wait='20s')
                assert [e['Name'] for e in events] == ['deploy', 'other']
                assert [e['Name'] for e in c.event.list(name='other')[1]] == ['other']
                """)
        }

        @Test func `asks prepared queries`() async throws {
            try await run(
                """
                c.agent.service.register('web', service_id='w1', port=80, tags=['blue'])
                c.agent.service.register('web', service_id='w2', port=81, tags=['green'])
                q = c.query.create('web', name='blue-web', tags=['blue'], ttl='7s', onlypassing=True)['ID']
                assert [query['ID'] for query in c.query.list()] == [q] and c.query.get(q)[0]['Name'] == 'blue-web'
                assert [n['Service']['ID'] for n in c.query.execute('blue-web')['Nodes']] == ['w1']
                assert [n['Service']['ID'] for n in c.query.execute(q)['Nodes']] == ['w1']
                assert c.query.explain('blue-web')['Query']['DNS'] == {'TTL': '7s'}
                assert c.query.update(q, service='web', name='all-web')
                assert len(c.query.execute('all-web')['Nodes']) == 2
                assert c.http.get(lambda r: r.code, '/v1/query/blue-web/execute') == 404
                assert c.query.delete(q) and c.query.list() == []
                """)
        }

        @Test func `finds its keys, sessions and locks again after kill -9`() async throws {
            try await withTemporaryDirectory { directory in
                try await Berth.run(in: directory, []) { berth in
                    let before = try await python(
                        berth,
                        """
                        s = c.session.create(ttl=10, lock_delay=1)
                        assert c.kv.put('lock', 'mine', acquire=s) and c.kv.put('dir/a', 'v', flags=9)
                        c.kv.put('dir/gone', 'v'); c.kv.delete('dir/gone')
                        c.event.fire('deploy')
                        c.query.create('web', name='q', session=s)
                        print(s, c.kv.get('dir/', recurse=True), c.kv.get('lock'), c.session.list(), c.event.list())
                        print(c.query.list())
                        """)
                    try await berth.kill()
                    try await berth.start()
                    let session = String(before.prefix(36))
                    let after = try await python(
                        berth,
                        """
                        s = '\(session)'
                        print(s, c.kv.get('dir/', recurse=True), c.kv.get('lock'), c.session.list(), c.event.list())
                        print(c.query.list())
                        """)
                    #expect(after == before)
                    // Nobody renews it any more: its time began again with the start.
                    _ = try await python(
                        berth,
                        """
                        assert c.session.renew(s)['TTL'] == '10s'
                        start = time.time()
                        index = c.kv.get('lock')[0]
                        index, data = c.kv.get('lock', index=index, wait='30s')
                        assert 'Session' not in data and 10 <= time.time() - start <= 20.5, (data, time.time() - start)
                        """.replacing("c.session.renew(s)", with: "c.session.renew('\(session)')"))
                }
            }
        }

        private func run(_ script: String) async throws {
            try await withTemporaryDirectory { directory in
                try await Berth.run(in: directory, ["--data-dir", "memory"]) { _ = try await python($0, script) }
            }
        }

        /// Runs a script that finds a client in `c`.
        private func python(_ berth: Berth, _ script: String) async throws -> String {
            let start = """
                import sys, threading, time, consul
                c = consul.Consul(port=\(berth.ports.http))
                def later(*calls):
                    def work():
                        own = consul.Consul(port=\(berth.ports.http))
                        for call in calls:
                            time.sleep(0.1)
                            call(own)
                    threading.Thread(target=work).start()
                def eventually(condition):
                    end = time.time() + 20
                    while not condition():
                        assert time.time() < end
                        time.sleep(0.01)

                """
            // Debian's own Python, which finds what python3-consul installs.
            let output = try await Tool.env.run(["PATH=/usr/bin", "timeout", "60", "python3", "-c", start + script])
            try #require(output.status == 0, "\(output.text)")
            return output.out
        }
    }
}

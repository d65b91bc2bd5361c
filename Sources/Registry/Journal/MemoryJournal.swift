/// A journal that forgets everything when the process ends: for trying things out, and for tests.
package struct MemoryJournal: Journal {
    package init() {}
}

/// The durable, ordered log of what was done to the catalog.
package protocol Journal: Sendable {
}

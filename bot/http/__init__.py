"""HTTP/1.1 for the hot path: a client for one server, a server for small calls, and when it is too late."""

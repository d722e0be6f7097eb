"""``episodes/`` over HTTP, and an inbox that phones and browsers can send to (the room of uvicorn).

In: a request. Out: a file of ``episodes/`` with all that RFC 9110 asks for, or what was shared,
handed to whoever keeps it. It reads manifests and writes nothing.
"""

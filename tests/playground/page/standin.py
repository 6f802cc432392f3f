"""A small stand-in for the bot as a child process, and an ear for what is told about it."""

import asyncio
import socket

READY = """
import http.server, json, os, pathlib, sys
class Yes(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
    def log_message(self, *args):
        pass
settings = {name: value for name, value in os.environ.items() if name.startswith("TOGETHER_")}
pathlib.Path(sys.argv[1], "settings.json").write_text(json.dumps(settings))
pathlib.Path(sys.argv[1], "together.db-wal").write_text("")
host, port = settings["TOGETHER_HEALTH_LISTEN"].split(":")
http.server.HTTPServer((host, int(port)), Yes).serve_forever()
"""


class Told:
    """What the demo prints, and a way to wait for it."""

    def __init__(self) -> None:
        self.text = ""

    def __call__(self, line: str) -> None:
        self.text += f"{line}\n"

    async def has(self, words: str) -> None:
        async with asyncio.timeout(10):
            while words not in self.text:  # noqa: ASYNC110 (lines come from a plain callback)
                await asyncio.sleep(0.02)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])

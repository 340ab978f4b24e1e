"""serve.py DIR FILE: serves DIR on the loopback, in the background; FILE gets its port and its pid."""

import http.server
import os
import sys


class Handler(http.server.SimpleHTTPRequestHandler):
    """The standard one, and what a download that is resumed asks for: "Range: bytes=N-"."""

    def send_head(self):
        source = super().send_head()
        if source and self.start:
            source.seek(self.start)
        return source

    def send_response(self, code, message=None):
        asked = self.headers.get("Range", "bytes=0-")
        self.start = int(asked[len("bytes=") : -1]) if code == 200 else 0
        super().send_response(206 if self.start else code, message)

    def send_header(self, keyword, value):
        if keyword == "Content-Length" and self.start:
            self.send_header("Content-Range", f"bytes {self.start}-{int(value) - 1}/{value}")
            value = str(int(value) - self.start)
        super().send_header(keyword, value)

    def log_message(self, *arguments):
        pass


os.chdir(sys.argv[1])
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
pid = os.fork()
if pid:
    with open(sys.argv[2], "w") as file:
        file.write(f"{server.server_port}\n{pid}\n")
else:
    os.setsid()
    silence = os.open(os.devnull, os.O_RDWR)
    for descriptor in range(3):
        os.dup2(silence, descriptor)
    server.serve_forever()

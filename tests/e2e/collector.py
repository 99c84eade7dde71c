"""A server that audit records are sent to: keeps every request, and answers what the test says."""
import http.server
import json
import ssl
import threading

from latchkey import until


class Request:
    def __init__(self, path, headers, body):
        self.path, self.headers, self.body = path, headers, body

    def lines(self):
        assert self.body.endswith(b"\n")
        return [json.loads(line) for line in self.body.decode().splitlines()]


class Collector:
    """`answer` is what the next requests are answered: a status, (status, headers, body), or what a function of the request
    says."""

    def __init__(self, port=0, address="127.0.0.1", certificate=None):
        self.requests, self.answer, self.lock = [], 200, threading.Lock()
        collector = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                with collector.lock:
                    collector.requests.append(Request(self.path, dict(self.headers), body))
                    answer = collector.answer
                    answer = answer(collector.requests[-1]) if callable(answer) else answer
                status, headers, text = answer if isinstance(answer, tuple) else (answer, {}, b"")
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def log_message(self, *words):
                pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, request, client_address):
                pass            # whoever went away in the middle of it

        self.server = Server((address, port), Handler)
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*certificate)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.port = self.server.server_address[1]
        self.url = "%s://127.0.0.1:%d" % ("https" if certificate else "http", self.port)
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self.thread.start()

    def records(self):
        """Every record that came in a request, in the order of their arrival; of Splunk's form the events."""
        with self.lock:
            requests = list(self.requests)
        found = [line for request in requests for line in request.lines()]
        return [line["event"] if "sourcetype" in line else line for line in found]

    def until(self, truth, what="a record that was waited for"):
        return until(what, lambda: next((r for r in self.records() if truth(r)), None))

    def until_event(self, name, subject=None):
        return self.until(lambda r: r["event"]["name"] == name and subject in (None, r["event"].get("subject")),
                          "%s of %s" % (name, subject))

    def close(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

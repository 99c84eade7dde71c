"""What a page must never do, looked at in every test: break its policy, complain, ask anybody else, keep a secret."""
import re

import leaks

TOKEN = re.compile(r"AstraCS:[A-Za-z]{24}:[0-9a-f]{64}")
REPORT = """
window.__violations = [];
document.addEventListener('securitypolicyviolation', (event) => {
  window.__violations.push(event.violatedDirective + ' ' + event.blockedURI + ' ' + event.sourceFile);
  console.error('policy violation: ' + event.violatedDirective + ' ' + event.blockedURI);
});
"""
# A browser tells every answer over 399 as an error of the console; whether it should have come, the tests know.
ANSWERED = re.compile(r"Failed to load resource: the server responded with a status of (4\d\d|503)")
# What a page is told that asks a daemon that is not there yet, or ends just then.
GONE = ("net::ERR_CONNECTION_REFUSED", "net::ERR_CONNECTION_RESET", "net::ERR_EMPTY_RESPONSE")

pages_seen = 0      # over the whole run, for the report at its end
violations = []
told = []           # what tests measured


class Watch:
    """Everything that happened on the pages of one browser context."""

    def __init__(self, context, origin):
        self.context, self.origin = context, origin
        self.complaints, self.requests, self.secrets = [], [], []
        self.restarts = False       # of the daemon, which pages wait for
        context.add_init_script(REPORT)
        context.on("page", self.follow)

    def follow(self, page):
        global pages_seen
        pages_seen += 1
        page.on("console", self.on_console)
        page.on("pageerror", lambda error: self.complaints.append("script: %s" % error))
        page.on("request", self.on_request)
        page.on("response", self.on_response)

    def on_console(self, message):
        if message.type not in ("error", "warning") or ANSWERED.match(message.text):
            return
        if self.restarts and message.text.endswith(GONE):
            return
        if message.text.startswith("policy violation"):
            violations.append(message.text)
        self.complaints.append("console: " + message.text)

    def on_request(self, request):
        self.requests.append(request.url)
        assert not TOKEN.search(request.url), "a token in an address: " + request.url

    def on_response(self, response):
        """Which answers held a token; the once-only page is made of one of them."""
        if "/v2/" not in response.url or response.url.endswith("/v2/openapi.json") or response.request.method == "HEAD":
            return      # the description has examples, no secrets
        try:
            text = response.text()
        except Exception:    # the page went on before the body was read
            return
        leaks.notice(text, "%s %s of the Portal" % (response.request.method, response.url))
        self.secrets += [(response.request.method, response.url, token) for token in TOKEN.findall(text)]

    def check(self):
        assert self.complaints == [], "\n".join(self.complaints)
        foreign = [url for url in self.requests if not url.startswith((self.origin, "blob:", "about:"))]
        assert foreign == [], "somebody else was asked: %s" % foreign[:4]
        for page in self.context.pages:
            if page.url.startswith(self.origin):
                assert page.evaluate("window.__violations") == []
                kept = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])")
                assert not TOKEN.search(kept), "a token in the browser's storage"
